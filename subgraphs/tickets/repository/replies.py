"""What must be known of a ticket that stands still when somebody replies."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import (
    EventRow,
    StatusCategory,
    StatusRow,
    TicketRow,
    TransitionRow,
)
from subgraphs.tickets.repository.writes import FREE_WAY, SOURCE, Way


async def last_moved_at(session: AsyncSession, ticket_id: str) -> datetime | None:
    """Say when a ticket last came to another status, or to another hold reason."""
    moved = select(EventRow.at).where(
        EventRow.ticket_id == ticket_id, EventRow.field == "status"
    )
    return await session.scalar(moved.order_by(EventRow.seq.desc()).limit(1))


async def way_to_work(session: AsyncSession, ticket: TicketRow) -> Way | None:
    """Find the first step to work from where a ticket stands that takes nothing.

    It demands no input, looks at nothing, and leads to a status in use.
    """
    rows = await session.execute(
        FREE_WAY.where(
            SOURCE.id == ticket.status_id,
            TransitionRow.type == ticket.type,
            StatusRow.category == StatusCategory.IN_PROGRESS,
            StatusRow.applies_to.contains([ticket.type.value]),
        )
        .order_by(StatusRow.position, StatusRow.id)
        .limit(1)
    )
    row = rows.one_or_none()
    return None if row is None else Way(*row)
