"""Lives of tickets told forwards, and the policies their clocks are read by."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from subgraphs.tickets.models import (
    EventKind,
    HoldReason,
    Priority,
    SlaTarget,
    StatusCategory,
    TicketType,
)
from subgraphs.tickets.service.sla.calendar import ALWAYS, Calendar
from subgraphs.tickets.service.sla.clocks import Clock, read_clock
from subgraphs.tickets.service.sla.policies import Policy, Promises
from subgraphs.tickets.service.sla.timeline import Stand, Timeline, timeline_of

HOUR = timedelta(hours=1)
OFFICE = Calendar("Europe/Berlin", (((9 * 60, 17 * 60),),) * 5 + ((), ()))
AROUND = Calendar("UTC", (ALWAYS,) * 7)
CATEGORIES = {each.value.lower(): each for each in StatusCategory}
FIRST, SOLVED, NEWS = SlaTarget


def policy(key: str = "slp_1", **other: Any) -> Policy:
    goals = {
        (SOLVED, Priority.HIGH): 4 * HOUR,
        (SOLVED, Priority.MODERATE): 8 * HOUR,
        (FIRST, Priority.HIGH): HOUR,
        (FIRST, Priority.MODERATE): 2 * HOUR,
        (NEWS, Priority.MODERATE): 3 * HOUR,
    }
    given: dict[str, Any] = {
        "calendar": OFFICE,
        "goals": goals,
        "pause_on": frozenset({HoldReason.REQUESTER}),
        "warn_percent": 75,
        **other,
    }
    return Policy(id=key, **given)


def promises(*policies: Policy) -> Promises:
    known = {each.id: each for each in policies}
    return Promises(1, policies, known, CATEGORIES)


@dataclass(frozen=True)
class Event:
    seq: int
    kind: EventKind
    at: datetime
    field: str | None = None
    before: Any = None
    after: Any = None
    actor_id: str | None = "usr_agent"


@dataclass
class Life:
    """A ticket's life, told forwards; ``then`` lets something happen."""

    at: datetime
    priority: Priority = Priority.MODERATE
    status: str = "new"
    hold: str | None = None
    group: str | None = None
    responded_at: datetime | None = None
    events: list[Event] = field(default_factory=list[Event])

    def __post_init__(self) -> None:
        self._add(EventKind.CREATED, self.at, actor_id="usr_me")

    def _add(self, kind: EventKind, at: datetime, **other: Any) -> None:
        self.events.append(Event(len(self.events) + 1, kind, at, **other))

    def move(self, at: datetime, status: str, hold: str | None = None) -> "Life":
        before = {"status": self.status, "holdReason": self.hold}
        self.status, self.hold = status, hold
        after = {"status": status, "holdReason": hold}
        kind = {
            "resolved": EventKind.RESOLVED,
            "closed": EventKind.CLOSED,
        }.get(status, EventKind.STATUS_CHANGED)
        self._add(kind, at, field="status", before=before, after=after)
        if status not in {"new", "cancelled"} and self.responded_at is None:
            self.responded_at = at
        return self

    def rank(self, at: datetime, priority: Priority) -> "Life":
        before, self.priority = self.priority.value, priority
        changed = {"field": "priority", "before": before, "after": priority.value}
        self._add(EventKind.FIELD_CHANGED, at, **changed)
        return self

    def give(self, at: datetime, group: str) -> "Life":
        before, self.group = self.group, group
        changed = {"field": "groupId", "before": before, "after": group}
        self._add(EventKind.GROUP_CHANGED, at, **changed)
        return self

    def note(self, at: datetime, kind: EventKind, target: SlaTarget) -> "Life":
        after = {"policyId": "slp_1", "goal": "PT8H"}
        self._add(kind, at, field=target.value, after=after, actor_id=None)
        return self

    @property
    def timeline(self) -> Timeline:
        now = Stand(
            at=self.at,
            category=CATEGORIES[self.status],
            hold_reason=HoldReason(self.hold) if self.hold else None,
            priority=self.priority,
            type=TicketType.INCIDENT,
            category_id=None,
            service_id=None,
            group_id=self.group,
        )
        return timeline_of(
            now,
            self.events,
            CATEGORIES,
            requester_id="usr_me",
            responded_at=self.responded_at,
        )

    def read(
        self, at: datetime, target: SlaTarget = SOLVED, *by: Policy
    ) -> Clock | None:
        return read_clock(target, self.timeline, promises(*by or (policy(),)), at)

    def sure(self, at: datetime, target: SlaTarget = SOLVED, *by: Policy) -> Clock:
        clock = self.read(at, target, *by)
        assert clock is not None
        return clock


def on(day: int, hour: float = 0, month: int = 11) -> datetime:
    """Say an instant of 2026 by Berlin's clock in winter; 2 November is a Monday."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour - 1)


def opened() -> Life:
    return Life(on(2, 10))
