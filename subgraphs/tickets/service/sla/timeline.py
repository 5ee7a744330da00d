"""A ticket's history → how it stood from when on, and what its clocks have noted.

The ticket as it is now is walked back event by event: each says what was before it.
So a timeline needs nothing of the past but what the history keeps for ever.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final, NamedTuple, Protocol

from subgraphs.tickets.models import (
    ENDED,
    EventKind,
    HoldReason,
    Priority,
    SlaTarget,
    StatusCategory,
    TicketType,
)

Categories = Mapping[str, StatusCategory]


class Told(Protocol):
    """What of an event counts here, on a row as on what was just recorded."""

    @property
    def seq(self) -> Any: ...  # noqa: D102 - these are `Event`'s
    @property
    def kind(self) -> Any: ...  # noqa: D102
    @property
    def at(self) -> Any: ...  # noqa: D102
    @property
    def actor_id(self) -> Any: ...  # noqa: D102
    @property
    def field(self) -> Any: ...  # noqa: D102
    @property
    def before(self) -> Any: ...  # noqa: D102
    @property
    def after(self) -> Any: ...  # noqa: D102


class Stand(NamedTuple):
    """How a ticket stands from an instant on, until the next."""

    at: datetime
    category: StatusCategory
    hold_reason: HoldReason | None
    priority: Priority
    type: TicketType
    category_id: str | None
    service_id: str | None
    group_id: str | None


class Mode(Enum):
    """What a clock does while a ticket stands so."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    CANCELLED = "CANCELLED"


NOTED: Final = {
    EventKind.SLA_STARTED: Mode.RUNNING,
    EventKind.SLA_RESUMED: Mode.RUNNING,
    EventKind.SLA_PAUSED: Mode.PAUSED,
}


@dataclass(slots=True)
class Notes:
    """What the history has noted about one clock."""

    started: Mapping[str, Any] | None = None
    """The first note's content: policy and goal."""
    mode: Mode | None = None
    """What it was last seen doing; None before it was started."""
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    escalated_at: datetime | None = None
    escalation: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Timeline:
    """A ticket's life as clocks see it; instants never go back."""

    stands: Sequence[Stand]
    responded_at: datetime | None
    updates: Sequence[datetime]
    """When somebody else than the requester did something about it."""
    notes: Mapping[SlaTarget, Notes]


CHANGED: Final = {
    "priority": ("priority", Priority),
    "type": ("type", TicketType),
    "categoryId": ("category_id", str),
    "serviceId": ("service_id", str),
    "groupId": ("group_id", str),
}
"""Fields of events after which a ticket stands otherwise, but for its status."""

UPDATES: Final = frozenset({"status", "groupId", "assigneeId"})
COUNTING: Final = frozenset({*CHANGED, *UPDATES, "firstRespondedAt"})
"""Fields of events after which clocks are read anew."""


def timeline_of(
    now: Stand,
    events: Sequence[Told],
    categories: Categories,
    *,
    requester_id: str,
    responded_at: datetime | None,
) -> Timeline:
    """Tell a life from its end (as it stands now) and its events, sorted by ``seq``.

    An event that is older than the one before it, which only an import can tell,
    counts as of the same instant.
    """
    stands = [now]
    updates: list[datetime] = []
    for event, at in reversed(list(zip(events, risen(events), strict=True))):
        earlier = before(stands[-1], event, categories)
        if earlier is not None:
            stands[-1] = stands[-1]._replace(at=at)
            stands.append(earlier)
        elif event.kind is EventKind.CREATED:
            stands[-1] = stands[-1]._replace(at=at)
        if updated(event, requester_id):
            updates.append(at)
    return Timeline(
        stands=stands[::-1],
        responded_at=responded_at,
        updates=updates[::-1],
        notes=notes_of(events, categories),
    )


def risen(events: Iterable[Told]) -> list[datetime]:
    """Give the events' instants, none before the one that precedes it."""
    found: list[datetime] = []
    for event in events:
        noted = event.kind.value.startswith("SLA_")
        earlier = found[-1] if found else event.at
        found.append(earlier if noted else max(earlier, event.at))
    return found


def before(stand: Stand, event: Told, categories: Categories) -> Stand | None:
    """Say how a ticket stood before an event, or None where that is no matter."""
    if event.field == "status":
        was: Mapping[str, Any] = event.before
        reason = was.get("holdReason")
        return stand._replace(
            category=categories[was["status"]],
            hold_reason=reason and HoldReason(reason),
        )
    if event.field in CHANGED and not event.kind.value.startswith("SLA_"):
        name, kind = CHANGED[event.field]
        value = event.before
        changed: dict[str, Any] = {name: None if value is None else kind(value)}
        return stand._replace(**changed)
    return None


def updated(event: Told, requester_id: str) -> bool:
    """Say whether an event is news for the requester, from somebody else."""
    told = event.field in UPDATES or event.kind is EventKind.RESPONDED
    return told and event.actor_id is not None and event.actor_id != requester_id


def notes_of(events: Iterable[Told], categories: Categories) -> dict[SlaTarget, Notes]:
    """Gather what the history has noted about each clock."""
    found: dict[SlaTarget, Notes] = {}
    for event in events:
        if event.kind.value.startswith("SLA_") and event.field:
            note(found.setdefault(SlaTarget(event.field), Notes()), event)
        elif event.field == "status" and categories[event.after["status"]] in ENDED:
            stop(found.values())
    return found


def stop(notes: Iterable[Notes]) -> None:
    """Note that the clocks stood still from here on, until one is resumed."""
    for each in notes:
        each.mode = Mode.STOPPED


def note(notes: Notes, event: Told) -> None:
    """Take in one event about a clock."""
    notes.mode = NOTED.get(event.kind, notes.mode)
    if event.kind is EventKind.SLA_STARTED and notes.started is None:
        notes.started = event.after
    elif event.kind is EventKind.SLA_WARNED:
        notes.warned_at = notes.warned_at or event.at
    elif event.kind is EventKind.SLA_BREACHED:
        notes.breached_at = notes.breached_at or event.at
    elif event.kind is EventKind.SLA_ESCALATED and notes.escalated_at is None:
        notes.escalated_at, notes.escalation = event.at, event.after
