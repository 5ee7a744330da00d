"""Whose turn it is in a group, and how much each of them has to do."""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import (
    ENDED,
    RotationRow,
    StatusCategory,
    TicketRow,
    TurnRow,
)

OPEN = tuple(each for each in StatusCategory if each not in ENDED)


async def lock_rotation(session: AsyncSession, group_id: str) -> None:
    """Let nobody else choose for this group until this transaction ends."""
    begun = insert(RotationRow).values(group_id=group_id, turns=0)
    await session.execute(begun.on_conflict_do_nothing())
    held = select(RotationRow.turns).where(RotationRow.group_id == group_id)
    await session.execute(held.with_for_update())


async def last_turns(session: AsyncSession, group_id: str) -> dict[str, int]:
    """Say at which turn each was chosen last; who never was is not there."""
    rows = await session.execute(
        select(TurnRow.user_id, TurnRow.turn).where(TurnRow.group_id == group_id)
    )
    return {row.user_id: row.turn for row in rows}


async def note_turn(session: AsyncSession, group_id: str, user_id: str) -> None:
    """Say that this one was chosen now."""
    turn = await session.scalar(
        update(RotationRow)
        .where(RotationRow.group_id == group_id)
        .values(turns=RotationRow.turns + 1)
        .returning(RotationRow.turns)
    )
    row = insert(TurnRow).values(group_id=group_id, user_id=user_id, turn=turn)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["group_id", "user_id"], set_={"turn": turn}
        )
    )


async def open_work(
    session: AsyncSession, group_id: str, user_ids: Collection[str], but: str
) -> dict[str, int]:
    """Count the open tickets that each has of a group, but for one ticket."""
    rows = await session.execute(
        select(TicketRow.assignee_id, func.count().label("count"))
        .where(
            TicketRow.group_id == group_id,
            TicketRow.assignee_id.in_(user_ids),
            TicketRow.status_category.in_(OPEN),
            TicketRow.id != but,
        )
        .group_by(TicketRow.assignee_id)
    )
    return {str(user_id): count for user_id, count in rows}
