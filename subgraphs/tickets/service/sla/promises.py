"""Policies and calendars as rows → `Promises`, remembered by their revision.

A revision is never used twice, so what is remembered of one is never wrong.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import (
    HoldReason,
    Priority,
    SlaTarget,
    StatusCategory,
    TicketType,
)
from subgraphs.tickets.repository import sla
from subgraphs.tickets.service.sla.calendar import Calendar
from subgraphs.tickets.service.sla.policies import Policy, Promises
from subgraphs.tickets.service.sla.year import Hours

REMEMBERED: Final = 8

Columns = Any
"""A row by its columns' names, from either path to the database."""

_known: OrderedDict[int, Promises] = OrderedDict()


def recall(revision: int) -> Promises | None:
    """Give the promises of a revision, if they were read before."""
    return Promises() if revision == 0 else _known.get(revision)


def remember(
    revision: int,
    policies: Iterable[Columns],
    statuses: Iterable[Columns],
) -> Promises:
    """Make promises of the rows that say them, and keep them for the next reader.

    The rows know better of which revision they are, where there are any.
    """
    rows = list(policies)
    known = {row["id"]: policy_of(row) for row in rows}
    found = Promises(
        revision=rows[0]["revision"] if rows else revision,
        in_force=tuple(known[row["id"]] for row in rows if row["retired_at"] is None),
        known=known,
        categories={row["key"]: StatusCategory(row["category"]) for row in statuses},
    )
    _known[revision] = _known[found.revision] = found
    while len(_known) > REMEMBERED:
        _known.popitem(last=False)
    return found


def forget() -> None:
    """Forget all of them, as a new process does."""
    _known.clear()


async def promises_at(
    session: AsyncSession, revision: int, keys: frozenset[str] = frozenset()
) -> Promises:
    """Give the promises of a revision, or of a later one if there is one by now.

    ``keys`` are statuses that must be known: one that was made since is read.
    """
    found = recall(revision)
    if found is not None and (not found.known or keys <= found.categories.keys()):
        return found
    policies = [row._mapping for row in await sla.promises(session)]  # noqa: SLF001 - SQLAlchemy's public name for it
    statuses = [row._mapping for row in await sla.statuses(session)]  # noqa: SLF001 - see above
    return remember(revision, policies, statuses)


def policy_of(row: Columns) -> Policy:
    """Make a policy of its row, goals and calendar included."""
    return Policy(
        id=row["id"],
        calendar=calendar_of(row),
        goals={
            (SlaTarget(target), Priority(priority)): timedelta(seconds=float(seconds))
            for target, priority, seconds in row["goals"] or ()
        },
        pause_on=frozenset(map(HoldReason, row["pause_on"])),
        types=frozenset(map(TicketType, row["types"])),
        category_ids=frozenset(row["category_ids"]),
        service_ids=frozenset(row["service_ids"]),
        group_ids=frozenset(row["group_ids"]),
        warn_percent=row["warn_percent"],
        escalates=row["escalates"],
    )


def calendar_of(row: Columns) -> Calendar:
    """Make a calendar of its columns."""
    return Calendar(
        zone=row["time_zone"],
        week=tuple(hours_of(day) for day in row["hours"]),
        holidays={
            date.fromisoformat(day["date"]): hours_of(day["hours"])
            for day in row["holidays"]
        },
    )


def hours_of(day: Iterable[Iterable[int]]) -> Hours:
    """Make hours of what JSON keeps of them."""
    return tuple((start, end) for start, end in day)
