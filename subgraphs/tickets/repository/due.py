"""What is due by the calendar, and whose turn it is to do it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kit.rounds import claimed
from subgraphs.tickets.models import (
    THE_ROW,
    LifecycleRow,
    StatusCategory,
    StatusRow,
    TicketRow,
    TransitionRow,
)
from subgraphs.tickets.repository.writes import Way


class Resolved(NamedTuple):
    """A ticket whose time has come, and since when it waited."""

    noted_at: datetime
    id: str


async def lifecycle(session: AsyncSession) -> LifecycleRow:
    """Read what goes by the calendar."""
    return await session.get_one(LifecycleRow, THE_ROW)


async def closing_ways(session: AsyncSession) -> dict[str, Way]:
    """Find, for each resolved status, the step that closes and demands nothing."""
    source = aliased(StatusRow)
    rows = await session.execute(
        select(
            source.id,
            source.key,
            StatusRow.id,
            StatusRow.key,
            StatusRow.name,
            StatusRow.category,
            StatusRow.applies_to,
            TransitionRow.required_fields,
        )
        .select_from(TransitionRow)
        .join(source, source.id == TransitionRow.from_id)
        .join(StatusRow, StatusRow.id == TransitionRow.to_id)
        .where(
            source.category == StatusCategory.RESOLVED,
            StatusRow.category == StatusCategory.CLOSED,
            TransitionRow.required_fields == [],
        )
        .order_by(StatusRow.position.desc())
    )
    return {row[0]: Way(*row[1:]) for row in rows}  # the first position comes last


async def claim_resolved(
    session: AsyncSession,
    until: datetime,
    status_ids: list[str],
    last: Resolved | None,
) -> Sequence[Resolved]:
    """Lock the next tickets that have been resolved since that instant or longer."""
    place = (TicketRow.resolution_noted_at, TicketRow.id)
    statement = (
        select(*place)
        .where(
            TicketRow.resolution_noted_at <= until,
            TicketRow.status_id.in_(status_ids),
        )
        .order_by(*place)
    )
    if last is not None:
        statement = statement.where(tuple_(*place) > tuple_(*last))
    rows = await session.execute(claimed(statement, TicketRow))
    return [Resolved(*row) for row in rows]
