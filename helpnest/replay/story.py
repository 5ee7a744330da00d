"""What a log tells, in HelpNest's words: cases, and what happened in each.

A reader makes `Case`s of a log of its format; `plan` makes them the commands that a
client sends. Neither knows the network.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final


class DirtyValueError(Exception):
    """An event of the log holds a value that means nothing; the message says which."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a log names: Caller 8 and Opened by 8 are two people."""

    column: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a case stands after an event, as far as HelpNest keeps it.

    None for impact, urgency or priority means that the log does not say; for the
    others, that there is none.
    """

    status: str
    hold_reason: str | None = None
    impact: str | None = None
    urgency: str | None = None
    priority: str | None = None
    category: str | None = None
    service: str | None = None
    group: str | None = None
    assignee: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of a case: what stands after it, when, by whom."""

    row: int
    """Its place in the log, from 1."""
    at: datetime
    state: State
    actor: Person | None = None
    resolution: str | None = None
    """The code of the solution; the log repeats it on every event, before it is
    known as well, so it counts only where the case is resolved."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that cannot be told, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a case began."""

    type: str
    title: str
    channel: str
    opened_at: datetime
    requester: Person
    opened_by: Person | None = None


@dataclass(slots=True)
class Case:
    """All that a log tells of one ticket, in the log's order."""

    source: str
    key: str
    opening: Opening | None = None
    events: list[Event | Rejected] = field(default_factory=list["Event | Rejected"])


MISSING: Final = frozenset({"", "?", "-100", "UNKNOWN", "EMPTY"})


def clean(text: str | None) -> str | None:
    """Tidy a value: blanks squeezed, the ways of saying "nothing" made None.

    >>> clean("Opened by  8"), clean("?"), clean(" ")
    ('Opened by 8', None, None)
    """
    found = " ".join((text or "").split())
    return None if found in MISSING else found
