"""What came of a replay."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

MOST_LISTED: Final = 200
"""Rejected events listed one by one; all of them are counted."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that is not in the graph, and why."""

    case: str
    row: int
    reason: str
    ours: bool = False
    """The graph refused it; otherwise the log's value means nothing."""


@dataclass(slots=True)
class Summary:
    """Counts of events: each one read is one of applied, unchanged, skipped, rejected.

    ``unchanged`` tell nothing that HelpNest keeps; ``skipped`` were in the graph
    already.
    """

    read: int = 0
    applied: int = 0
    unchanged: int = 0
    skipped: int = 0
    cases: int = 0
    commands: int = 0
    rejected: list[Refusal] = field(default_factory=list[Refusal])
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def end(self) -> None:
        """Stop the clock."""
        self.seconds = time.monotonic() - self.began

    @property
    def per_second(self) -> float:
        """Events read for each second."""
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def reasons(self) -> dict[str, int]:
        """How many events were rejected for each reason, the most frequent first."""
        return dict(Counter(each.reason for each in self.rejected).most_common())

    @property
    def complete(self) -> bool:
        """Whether the graph took all that the log meant."""
        return not any(each.ours for each in self.rejected)

    def as_json(self) -> dict[str, Any]:
        """Write the summary for machines."""
        return {
            "cases": self.cases,
            "read": self.read,
            "applied": self.applied,
            "unchanged": self.unchanged,
            "skippedDuplicates": self.skipped,
            "rejected": len(self.rejected),
            "reasons": self.reasons,
            "rejectedEvents": [
                {"case": each.case, "row": each.row, "reason": each.reason}
                for each in self.rejected[:MOST_LISTED]
            ],
            "mutations": self.commands,
            "seconds": round(self.seconds, 3),
            "eventsPerSecond": round(self.per_second, 1),
        }
