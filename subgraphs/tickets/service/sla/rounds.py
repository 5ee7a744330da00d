"""What clocks do by themselves: warn, breach and escalate in time; follow the policies.

What is due stands on the tickets, so that a restart forgets nothing, and tickets are
claimed, so that of several processes one does it.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.rounds import sweep
from subgraphs.tickets.models import TicketRow
from subgraphs.tickets.repository import sla
from subgraphs.tickets.service.act import act_of_desk
from subgraphs.tickets.service.sla.settle import Case, read_anew

FIRE_EVERY: Final = 1.0
FOLLOW_EVERY: Final = 2.0
"""Seconds between rounds."""

COURTESY: Final = timedelta(seconds=1)
"""So long past its time a clock waits: a change that came in time may be under way."""

BATCH: Final = 100
"""Tickets of one unit of work: others wait no longer for them than for these."""

QUIET: Final = timedelta(minutes=15)
"""An import that has told of nothing for so long is over."""

Claim = Callable[
    [AsyncSession, sla.Place | None, int], Coroutine[Any, Any, Sequence[TicketRow]]
]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some tickets that one unit of work has claimed, and where the next begin."""

    ids: tuple[str, ...]
    place: sla.Place
    tickets: Sequence[TicketRow] = field(repr=False)


async def fire(database: Database, now: datetime | None = None) -> int:
    """Note what has become due of all clocks; say for how many tickets.

    A clock that was due while nobody looked is noted with the instant at which it was.
    """
    now = now or datetime.now(UTC)

    async def claim(
        session: AsyncSession, last: sla.Place | None, most: int
    ) -> Sequence[TicketRow]:
        return await sla.claim_due(
            session, now - COURTESY, now - QUIET, last=last, most=most
        )

    def place(ticket: TicketRow) -> sla.Place:
        return ticket.sla_next_at, ticket.id

    async def read(session: AsyncSession, tickets: Sequence[TicketRow]) -> None:
        for ticket in tickets:
            ticket.sla_told_at = None  # its import is over: from now on it lives here
        await read_tickets(session, tickets, now)

    return await in_batches(database, claim, place, read)


async def follow(database: Database, now: datetime | None = None) -> int:
    """Read the clocks of open tickets anew whose policies have changed since."""
    now = now or datetime.now(UTC)
    async with database.unit_of_work() as session:
        current = await sla.revision(session)

    async def claim(
        session: AsyncSession, last: sla.Place | None, most: int
    ) -> Sequence[TicketRow]:
        return await sla.claim_stale(session, current, last=last, most=most)

    def place(ticket: TicketRow) -> sla.Place:
        return ticket.sla_revision, ticket.id

    async def read(session: AsyncSession, tickets: Sequence[TicketRow]) -> None:
        await read_tickets(session, tickets, now)

    return await in_batches(database, claim, place, read)


async def in_batches(
    database: Database,
    claim: Claim,
    place: Callable[[TicketRow], sla.Place],
    read: Callable[[AsyncSession, Sequence[TicketRow]], Coroutine[Any, Any, None]],
) -> int:
    """Claim and read tickets, many at a time; say how many were read.

    Where a batch cannot be read its tickets are claimed one by one, so that a single
    one that is broken keeps no other from being read.
    """
    count, alone, last = 0, 0, None

    async def claim_batch(session: AsyncSession, _: Batch | None) -> list[Batch]:
        tickets = await claim(session, last, 1 if alone else BATCH)
        if not tickets:
            return []
        ids = tuple(ticket.id for ticket in tickets)
        return [Batch(ids, place(tickets[-1]), tickets)]

    async def do(session: AsyncSession, batch: Batch) -> None:
        nonlocal alone, count, last
        if len(batch.ids) > 1:
            alone = len(batch.ids)  # unless it goes well
            await read(session, batch.tickets)
            alone = 0
        else:
            last, alone = batch.place, max(0, alone - 1)
            await read(session, batch.tickets)
        last = batch.place
        count += len(batch.ids)

    await sweep(database, claim_batch, do)
    return count


async def read_tickets(
    session: AsyncSession, tickets: Sequence[TicketRow], now: datetime
) -> None:
    """Read the clocks of tickets that are locked, as they stand now.

    Those of an import that is under way are read as they stood when it last told.
    """
    act = act_of_desk(now)
    cases = [Case(each, act, retold=each.sla_told_at is not None) for each in tickets]
    revision, rows = await sla.histories(session, [each.id for each in tickets])
    await read_anew(session, cases, revision, rows)
