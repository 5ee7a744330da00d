"""What is due by the calendar, and whose turn it is to do it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rounds import claimed
from subgraphs.tickets.models import (
    THE_ROW,
    LifecycleRow,
    StatusCategory,
    StatusRow,
    TicketRow,
    TicketType,
    TransitionRow,
)
from subgraphs.tickets.repository.writes import FREE_WAY, SOURCE, Way


class Resolved(NamedTuple):
    """A ticket whose time has come, and since when it waited."""

    noted_at: datetime
    id: str


async def lifecycle(session: AsyncSession) -> LifecycleRow:
    """Read what goes by the calendar."""
    return await session.get_one(LifecycleRow, THE_ROW)


async def closing_ways(session: AsyncSession) -> dict[tuple[str, str], Way]:
    """Find, for each type and resolved status, the step that closes by itself.

    It demands nothing, looks at nothing, and leads to a status in use.
    """
    rows = await session.execute(
        FREE_WAY.add_columns(TransitionRow.type, SOURCE.id)
        .where(
            SOURCE.category == StatusCategory.RESOLVED,
            StatusRow.category == StatusCategory.CLOSED,
        )
        .order_by(StatusRow.position.desc(), StatusRow.id.desc())
    )
    found: dict[tuple[str, str], Way] = {}
    for row in rows:
        *step, type_, source_id = row
        kind, way = type_.value, Way(*step)
        if kind in way.applies_to:
            found[kind, source_id] = way  # the first position comes last, and stays
    return found


async def claim_resolved(
    session: AsyncSession,
    until: datetime,
    ways: Collection[tuple[str, str]],
    last: Resolved | None,
) -> Sequence[Resolved]:
    """Lock the next tickets that have been resolved since that instant or longer."""
    place = (TicketRow.resolution_noted_at, TicketRow.id)
    statement = (
        select(*place)
        .where(
            TicketRow.resolution_noted_at <= until,
            tuple_(TicketRow.type, TicketRow.status_id).in_(
                [(TicketType(kind), status_id) for kind, status_id in ways]
            ),
        )
        .order_by(*place)
    )
    if last is not None:
        statement = statement.where(tuple_(*place) > tuple_(*last))
    rows = await session.execute(claimed(statement, TicketRow))
    return [Resolved(*row) for row in rows]
