"""How every mutation of the desk runs: as an act, with what it means for clocks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit import writes
from kit.writes import Input
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import IDEMPOTENCY
from subgraphs.tickets.service.act import Act, act_of
from subgraphs.tickets.service.sla.settle import settle
from subgraphs.tickets.types.events import TicketEvent
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.selection import asked_of, listing_of
from subgraphs.tickets.types.settings import Category, Service
from subgraphs.tickets.types.ticket import Ticket

Written = dict[str, Any]
"""What a mutation wrote, as JSON: ids by what they are of."""

Work = Callable[[AsyncSession, Act], Awaitable[Written]]
"""What happens inside the unit of work."""


@dataclass(slots=True)
class Outcome:
    """What came of a mutation."""

    written: Written = field(default_factory=Written)
    user_errors: list[TicketUserError] = field(default_factory=list[TicketUserError])
    repeated: bool = False
    current: Any = None
    """The id of the object that stands against it: the stale one, the name's owner."""

    async def ticket(self, info: Info) -> Ticket | None:
        """Read what is asked of the ticket, as it is now, for who may see it."""
        asked = asked_of(info, "ticket")
        key = self.written.get("ticket") or self.current
        if not asked or not key:
            return None
        listing = listing_of(info, asked)
        row = await info.context.loaders.ticket(listing, by="id", key=key)
        return Ticket.from_row(row) if row else None

    async def event(self, info: Info) -> TicketEvent | None:
        """Read the last event that this mutation left, where it is asked for."""
        key = self.written.get("event") if asked_of(info, "event") else None
        row = key and await info.context.loaders.event_by_id.load(key)
        return TicketEvent.from_row(row) if row else None

    async def category(self, info: Info) -> Category | None:
        """Read the category that was made, or that has the name."""
        key = self.written.get("category") or self.current
        row = key and await info.context.loaders.category_by_id.load(key)
        return Category.from_row(row) if row else None

    async def service(self, info: Info) -> Service | None:
        """Read the service that was made, or that has the name."""
        key = self.written.get("service") or self.current
        row = key and await info.context.loaders.service_by_id.load(key)
        return Service.from_row(row) if row else None


async def carry_out(
    info: Info, verb: str, given: Input, prepare: Callable[[], Awaitable[Work]]
) -> Outcome:
    """Do what a mutation says, unless its key says that it is done.

    ``prepare`` asks what must be asked elsewhere, before a transaction opens, and
    returns the work; what it means for clocks is settled in the same transaction.
    """
    context = info.context

    async def prepare_act() -> writes.Work[Written]:
        act = act_of(
            context.identity,
            occurred_at=getattr(given, "occurred_at", None),
            actor_id=getattr(given, "actor_id", None),
        )
        work = await prepare()

        async def do(session: AsyncSession) -> Written:
            written = await work(session, act)
            await settle(session)
            return written

        return do

    done = await writes.carry_out(context, IDEMPOTENCY, verb, given, prepare_act)
    return Outcome(
        written=done.written or {},
        user_errors=done.errors(TicketUserError.of),
        repeated=done.repeated,
        current=done.current,
    )
