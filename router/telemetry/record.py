"""One request's record: what it was, what each stage took, how it ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any


@dataclass(slots=True, init=False)
class Record:
    """Filled in on the way through the pipeline; times are `perf_counter`'s.

    ``stages`` holds name, beginning and end. ``planned`` and ``parsed`` say whether
    that had to be done, or was known.
    """

    began: float
    operation: str | None
    kind: str | None
    subject: str | None
    parsed: bool
    planned: bool
    stages: list[tuple[str, float, float]]
    codes: list[str]
    status: int
    size: int

    def __init__(self, *, status: int = 0) -> None:
        # Written out: two factories of a dataclass cost more than all of this.
        self.began = perf_counter()
        self.operation = self.kind = self.subject = None
        self.parsed = self.planned = False
        self.stages = []
        self.codes = []
        self.status = status
        self.size = 0

    def note(self, extensions: Iterable[Mapping[str, Any]]) -> None:
        """Note the code of each error that the client is told.

        >>> record = Record()
        >>> record.note([{"code": "FORBIDDEN"}, {}])
        >>> record.codes
        ['FORBIDDEN', 'none']
        """
        self.codes += [str(each.get("code", "none")) for each in extensions]

    def add(self, other: "Record") -> None:
        """Take in what became of a part of the request: a member of a batch."""
        self.stages += other.stages
        self.codes += other.codes

    def stage(self, name: str, began: float) -> float:
        """Note a stage that ends now, and give the instant: the next begins there."""
        now = perf_counter()
        self.stages.append((name, began, now))
        return now

    def seconds(self, stage: str) -> float:
        """Say what a stage took; nothing, if it was not needed."""
        return sum(end - start for name, start, end in self.stages if name == stage)
