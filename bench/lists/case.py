"""One thing that is asked, again and again with other values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Case:
    """A query: who asks it, which values vary in which variable, what else is given."""

    query: str
    who: str = "admin"
    vary: str = ""
    into: str = "v"
    given: Mapping[str, object] = field(default_factory=dict[str, object])

    def variables(
        self, values: Mapping[str, Sequence[str]], n: int
    ) -> dict[str, object]:
        """Write its variables for the n-th time."""
        if not self.vary:
            return dict(self.given)
        among = values[self.vary]
        return {**self.given, self.into: among[n % len(among)]}
