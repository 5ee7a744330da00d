"""What units of work read and lock."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import (
    NUMBER_DIGITS,
    NUMBER_PREFIX,
    NUMBERS,
    CategoryRow,
    Impact,
    Priority,
    PriorityRow,
    Row,
    ServiceRow,
    StatusRow,
    TicketRow,
    TicketType,
    TransitionRow,
    Urgency,
)

Kept = TypeVar("Kept", bound=Row)


async def lock_ticket(session: AsyncSession, ticket_id: str) -> TicketRow | None:
    """Read a ticket, and hold it against every other writer until the end."""
    return await session.get(TicketRow, ticket_id, with_for_update=True)


async def next_number(session: AsyncSession, kind: TicketType) -> str:
    """Take the next number; one taken by a failed transaction stays unused."""
    count: int = await session.scalar(select(NUMBERS.next_value())) or 0
    return f"{NUMBER_PREFIX[kind]}{count:0{NUMBER_DIGITS}d}"


async def priority_for(
    session: AsyncSession, impact: Impact, urgency: Urgency
) -> Priority:
    """Look the priority up in the matrix."""
    found = await session.get(PriorityRow, (impact, urgency))
    return found.priority if found else Priority.MODERATE


async def status_by_key(session: AsyncSession, key: str) -> StatusRow | None:
    """Find a status by its key."""
    return await session.scalar(select(StatusRow).where(StatusRow.key == key))


async def status_by_id(session: AsyncSession, status_id: str) -> StatusRow:
    """Find the status that a ticket has."""
    return await session.get_one(StatusRow, status_id)


async def transition_between(
    session: AsyncSession, from_id: str, to_id: str
) -> TransitionRow | None:
    """Find a step of the workflow, if there is one."""
    return await session.get(TransitionRow, (from_id, to_id))


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
