"""Closing by itself what was resolved some days ago."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.rounds import sweep
from subgraphs.tickets.models import StatusCategory
from subgraphs.tickets.repository import due, writes
from subgraphs.tickets.service.act import Act, act_of_desk
from subgraphs.tickets.service.transition_ticket import Step, move

NOTE: Final = "Closed by itself: nobody reopened it in time."


async def close_resolved(database: Database, now: datetime | None = None) -> int:
    """Close every ticket that has been resolved for the configured time.

    The way is the workflow's: the first closed status to which a step leads that
    demands nothing. A ticket from which no such step leads stays resolved.
    """
    act = act_of_desk(now or datetime.now(UTC))
    async with database.unit_of_work() as session:
        after = (await due.lifecycle(session)).close_after
        ways = await due.closing_ways(session)
    if after is None or not ways:
        return 0

    async def claim(
        session: AsyncSession, last: due.Resolved | None
    ) -> Sequence[due.Resolved]:
        return await due.claim_resolved(session, act.at - after, ways, last)

    return await sweep(database, claim, partial(close, act=act, ways=ways))


async def close(
    session: AsyncSession,
    item: due.Resolved,
    *,
    act: Act,
    ways: dict[tuple[str, str], writes.Way],
) -> None:
    """Close one that was claimed."""
    ticket = await writes.lock_ticket(session, item.id)
    if ticket is None or ticket.status_category is not StatusCategory.RESOLVED:
        return
    way = ways[ticket.type.value, ticket.status_id]
    move(session, ticket, act, Step(to_status_key=way.target_key, note=NOTE), way)
