"""What is promised for which tickets: the first policy that fits one counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from subgraphs.tickets.models import (
    HoldReason,
    Priority,
    SlaTarget,
    StatusCategory,
    TicketType,
)
from subgraphs.tickets.service.sla.calendar import Calendar
from subgraphs.tickets.service.sla.timeline import Stand

Goals = Mapping[tuple[SlaTarget, Priority], timedelta]
EVERYTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A promise in the hours of a calendar; an empty set of what it fits fits all.

    It fits no ticket of a priority for which it has no goal.
    """

    id: str
    calendar: Calendar
    goals: Goals
    pause_on: frozenset[HoldReason] = frozenset()
    types: frozenset[TicketType] = frozenset()
    category_ids: frozenset[str] = EVERYTHING
    service_ids: frozenset[str] = EVERYTHING
    group_ids: frozenset[str] = EVERYTHING
    warn_percent: int | None = None
    escalates: bool = False

    def fits(self, stand: Stand) -> bool:
        """Say whether it promises anything about a ticket that stands so."""
        return (
            any(priority is stand.priority for _, priority in self.goals)
            and _among(stand.type, self.types)
            and _among(stand.category_id, self.category_ids)
            and _among(stand.service_id, self.service_ids)
            and _among(stand.group_id, self.group_ids)
        )

    def goal(self, target: SlaTarget, priority: Priority) -> timedelta | None:
        """Say how long something may take, or None where nothing is promised."""
        return self.goals.get((target, priority))

    def warning(self, goal: timedelta) -> timedelta | None:
        """Say after how much of a goal to warn."""
        share = self.warn_percent
        return None if share is None else goal * share / 100


def _among(value: object, fitting: frozenset[object]) -> bool:
    return not fitting or value in fitting


@dataclass(frozen=True, slots=True)
class Promises:
    """All policies as they are at one revision, those in force in their order."""

    revision: int = 0
    in_force: tuple[Policy, ...] = ()
    known: Mapping[str, Policy] = field(default_factory=dict[str, Policy])
    """The retired ones too, by id: clocks that stopped under them are read by them."""
    categories: Mapping[str, StatusCategory] = field(
        default_factory=dict[str, StatusCategory]
    )
    """What each status means, by its key: histories name statuses so."""

    def policy_for(self, stand: Stand) -> Policy | None:
        """Choose the first that fits a ticket that stands so."""
        return next((each for each in self.in_force if each.fits(stand)), None)
