"""What administrators read and lock while they change the workflow."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import (
    THE_ROW,
    LifecycleRow,
    PriorityRow,
    ResolutionCodeRow,
    StatusRow,
    TicketRow,
    TicketType,
    TransitionRow,
)
from subgraphs.tickets.models.enums import Impact, StatusCategory, Urgency


async def lock_settings(session: AsyncSession) -> LifecycleRow:
    """Let one at a time change what is checked as a whole; give its row."""
    return await session.get_one(LifecycleRow, THE_ROW, with_for_update=True)


async def statuses(session: AsyncSession) -> Sequence[StatusRow]:
    """Read all statuses, those that are retired too."""
    found = await session.scalars(
        select(StatusRow).order_by(StatusRow.position, StatusRow.id)
    )
    return found.all()


async def transitions(session: AsyncSession) -> Sequence[TransitionRow]:
    """Read every step of every type."""
    return (await session.scalars(select(TransitionRow))).all()


async def last_position(session: AsyncSession, category: StatusCategory) -> int:
    """Say where the last status of a category stands."""
    last = select(func.max(StatusRow.position)).where(StatusRow.category == category)
    return await session.scalar(last) or 0


async def remove_transitions_to(session: AsyncSession, status_id: str) -> None:
    """Let no step lead to a status any more."""
    await session.execute(delete(TransitionRow).where(TransitionRow.to_id == status_id))


async def occupied(
    session: AsyncSession, kind: TicketType, status_ids: Collection[str]
) -> set[str]:
    """Say in which of these statuses a ticket of that type stands."""
    if not status_ids:
        return set()
    stands = (TicketRow.type == kind) & (TicketRow.status_id == StatusRow.id)
    found = await session.scalars(
        select(StatusRow.id).where(StatusRow.id.in_(status_ids), exists().where(stands))
    )
    return set(found)


async def codes_for(session: AsyncSession, kind: TicketType) -> Sequence[str]:
    """Read the resolution codes in use for a type, by name."""
    found = await session.scalars(
        select(ResolutionCodeRow.code)
        .where(
            ResolutionCodeRow.retired_at.is_(None),
            ResolutionCodeRow.applies_to.contains([kind.value]),
        )
        .order_by(ResolutionCodeRow.name, ResolutionCodeRow.id)
    )
    return found.all()


async def code_by(session: AsyncSession, code: str) -> ResolutionCodeRow | None:
    """Find a resolution code by what it is written as."""
    return await session.scalar(
        select(ResolutionCodeRow).where(ResolutionCodeRow.code == code)
    )


async def priority_cell(
    session: AsyncSession, impact: Impact, urgency: Urgency
) -> PriorityRow:
    """Lock a cell of the matrix; all nine are always there."""
    return await session.get_one(
        PriorityRow, {"impact": impact, "urgency": urgency}, with_for_update=True
    )
