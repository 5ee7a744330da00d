"""What units of work read and lock."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kit.database import Query, row_within, rows_within
from subgraphs.tickets.models import (
    NUMBER_DIGITS,
    NUMBER_PREFIX,
    NUMBERS,
    CategoryRow,
    Impact,
    Priority,
    PriorityRow,
    ServiceRow,
    StatusCategory,
    StatusRow,
    TicketRow,
    TicketType,
    TransitionRow,
    Urgency,
)

_LOCKED: Final = (
    select(TicketRow)
    .where(TicketRow.id == bindparam("key"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Statements that every change sends are made once: to make one takes as long as to
send it."""


async def lock_ticket(session: AsyncSession, ticket_id: str) -> TicketRow | None:
    """Read a ticket, and hold it against every other writer until the end."""
    return await session.scalar(_LOCKED, {"key": ticket_id})


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new ticket takes from the tables: status, priority, number."""

    status_id: str
    status_key: str
    category: StatusCategory
    priority: Priority
    number: str


_CELL: Final = (
    select(PriorityRow.priority)
    .where(
        PriorityRow.impact == bindparam("impact"),
        PriorityRow.urgency == bindparam("urgency"),
    )
    .scalar_subquery()
)
_PRIORITY: Final = Query(select(_CELL))
_BEGINNING: Final = Query(
    select(StatusRow.id, StatusRow.key, StatusRow.category, _CELL, NUMBERS.next_value())
    .where(
        StatusRow.category == StatusCategory.NEW,
        StatusRow.applies_to.contains(bindparam("kinds")),
        StatusRow.retired_at.is_(None),
    )
    .order_by(StatusRow.position, StatusRow.id)
    .limit(1)
)


async def beginning_of(
    session: AsyncSession, kind: TicketType, impact: Impact, urgency: Urgency
) -> Beginning:
    """Take the first status, the matrix's priority and the next number, in one go.

    A number that was taken by a transaction that failed stays unused.
    """
    given = {"impact": impact.value, "urgency": urgency.value, "kinds": [kind.value]}
    [row] = await rows_within(session, _BEGINNING, **given)
    status_id, key, category, priority, count = row
    number = f"{NUMBER_PREFIX[kind]}{count:0{NUMBER_DIGITS}d}"
    return Beginning(
        status_id, key, StatusCategory(category), priority_in(priority), number
    )


async def priority_for(
    session: AsyncSession, impact: Impact, urgency: Urgency
) -> Priority:
    """Look the priority up in the matrix."""
    given = {"impact": impact.value, "urgency": urgency.value}
    [row] = await rows_within(session, _PRIORITY, **given)
    return priority_in(row[0])


def priority_in(cell: str | None) -> Priority:
    """Read a cell of the matrix, moderate where there is none."""
    return Priority.MODERATE if cell is None else Priority(cell)


@dataclass(frozen=True, slots=True)
class Way:
    """From one status to another; ``required_fields`` is None where no step leads."""

    source_key: str
    target_id: str
    target_key: str
    target_name: str
    target_category: StatusCategory
    applies_to: list[str]
    required_fields: list[str] | None
    checks: list[str] | None


SOURCE: Final = aliased(StatusRow)
WAY: Final = select(
    SOURCE.key,
    StatusRow.id,
    StatusRow.key,
    StatusRow.name,
    StatusRow.category,
    StatusRow.applies_to,
    TransitionRow.required_fields,
    TransitionRow.checks,
)
FREE_WAY: Final = (
    WAY.select_from(TransitionRow)
    .join(SOURCE, SOURCE.id == TransitionRow.from_id)
    .join(StatusRow, StatusRow.id == TransitionRow.to_id)
    .where(
        StatusRow.retired_at.is_(None),
        TransitionRow.required_fields == [],
        TransitionRow.checks == [],
    )
)
"""A step that demands nothing, looks at nothing, and leads to a status in use."""

_WAY: Final = Query(
    WAY.select_from(StatusRow)
    .join(SOURCE, SOURCE.id == bindparam("source"))
    .outerjoin(
        TransitionRow,
        (TransitionRow.to_id == StatusRow.id)
        & (TransitionRow.from_id == bindparam("source"))
        & (TransitionRow.type == bindparam("kind")),
    )
    .where(StatusRow.key == bindparam("target"))
)


async def way_between(
    session: AsyncSession, kind: TicketType, source_id: str, target_key: str
) -> Way | None:
    """Find a status by its key, and the step that leads to it, if there is one."""
    given = {"source": source_id, "kind": kind.value, "target": target_key}
    row = await row_within(session, _WAY, **given)
    if row is None:
        return None
    source, key, target, name, category, *more = row
    return Way(source, key, target, name, StatusCategory(category), *more)


async def category_by_id(session: AsyncSession, key: str) -> CategoryRow | None:
    """Find a category."""
    return await session.get(CategoryRow, key)


async def service_by_id(session: AsyncSession, key: str) -> ServiceRow | None:
    """Find a service."""
    return await session.get(ServiceRow, key)


async def category_named(
    session: AsyncSession, name: str, parent_id: str | None
) -> CategoryRow | None:
    """Find a category by its name in its place of the tree."""
    return await session.scalar(
        select(CategoryRow).where(
            CategoryRow.name == name,
            CategoryRow.parent_id.is_not_distinct_from(parent_id),
        )
    )


async def service_named(session: AsyncSession, name: str) -> ServiceRow | None:
    """Find a service by its name."""
    return await session.scalar(select(ServiceRow).where(ServiceRow.name == name))
