"""What fifty clients are told to ask, handed to their process in a file."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import orjson

FILE = "asking.json"


@dataclass(frozen=True, slots=True)
class Asking:
    """A client for each token; each asks its own bodies in turn.

    ``answer`` is how each answer ends. Without one they may differ, and have no errors.
    """

    tokens: Sequence[str]
    bodies: Sequence[Sequence[str]]
    answer: str = ""

    def keep(self, folder: Path) -> None:
        """Write it down, in the place of what was there before."""
        new = folder / f"{FILE}.new"
        new.write_bytes(orjson.dumps(asdict(self)))
        new.replace(folder / FILE)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it back."""
        return cls(**orjson.loads((folder / FILE).read_bytes()))
