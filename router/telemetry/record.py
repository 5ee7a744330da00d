"""One request's record: what it was, what each stage took, how it ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any


@dataclass(slots=True)
class Record:
    """Filled in on the way through the pipeline; times are `perf_counter`'s.

    ``stages`` holds name, beginning and end. ``planned`` and ``parsed`` say whether
    that had to be done, or was known.
    """

    began: float = field(default_factory=perf_counter)
    operation: str | None = None
    kind: str | None = None
    subject: str | None = None
    parsed: bool = False
    planned: bool = False
    stages: list[tuple[str, float, float]] = field(
        default_factory=list[tuple[str, float, float]]
    )
    codes: list[str] = field(default_factory=list[str])
    status: int = 0
    size: int = 0

    def note(self, extensions: Iterable[Mapping[str, Any]]) -> None:
        """Note the code of each error that the client is told.

        >>> record = Record()
        >>> record.note([{"code": "FORBIDDEN"}, {}])
        >>> record.codes
        ['FORBIDDEN', 'none']
        """
        self.codes += [str(each.get("code", "none")) for each in extensions]

    def stage(self, name: str, began: float) -> float:
        """Note a stage that ends now, and give the instant: the next begins there."""
        now = perf_counter()
        self.stages.append((name, began, now))
        return now

    def seconds(self, stage: str) -> float:
        """Say what a stage took; nothing, if it was not needed."""
        return sum(end - start for name, start, end in self.stages if name == stage)
