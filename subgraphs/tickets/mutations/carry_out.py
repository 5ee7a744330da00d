"""How every mutation runs: once for its key, whole or not at all, refusals as data."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.errors import RejectedError
from kit.idempotency import once
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import IDEMPOTENCY
from subgraphs.tickets.repository.columns import WHOLE
from subgraphs.tickets.service.act import Act, act_of
from subgraphs.tickets.service.sla.settle import settle
from subgraphs.tickets.types.events import TicketEvent
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.settings import Category, Service
from subgraphs.tickets.types.ticket import Ticket

Written = dict[str, Any]
"""What a mutation wrote, as JSON: ids by what they are of."""

Work = Callable[[AsyncSession, Act], Awaitable[Written]]
"""What happens inside the unit of work."""


class Input(Protocol):
    """What all inputs have."""

    @property
    def idempotency_key(self) -> str | None:
        """The caller's name for this request."""
        ...


@dataclass(slots=True)
class Outcome:
    """What came of a mutation."""

    written: Written = field(default_factory=Written)
    user_errors: list[TicketUserError] = field(default_factory=list[TicketUserError])
    repeated: bool = False
    current: Any = None
    """The id of the object that stands against it: the stale one, the name's owner."""

    async def ticket(self, info: Info) -> Ticket | None:
        """Read the ticket as it is now, for who may see it."""
        key = self.written.get("ticket") or self.current
        row = key and await info.context.loaders.ticket(WHOLE, by="id", key=key)
        return Ticket.from_row(row) if row else None

    async def event(self, info: Info) -> TicketEvent | None:
        """Read the last event that this mutation left."""
        key = self.written.get("event")
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


def changes(given: object, names: Iterable[str]) -> dict[str, Any]:
    """Take what the caller gave of these fields, an explicit null included."""
    found = {name: getattr(given, name) for name in names}
    return {name: value for name, value in found.items() if value is not UNSET}


def without_asking(work: Work) -> Callable[[], Awaitable[Work]]:
    """Prepare work for which nobody else must be asked."""

    async def prepare() -> Work:
        return work

    return prepare


async def carry_out(
    info: Info,
    verb: str,
    given: Input,
    prepare: Callable[[], Awaitable[Work]],
) -> Outcome:
    """Do what a mutation says, unless its key says that it is done.

    ``prepare`` asks what must be asked elsewhere, before a transaction opens, and
    returns the work.
    """
    outcome = Outcome()
    context = info.context
    try:
        act = act_of(
            context.identity,
            occurred_at=getattr(given, "occurred_at", None),
            actor_id=getattr(given, "actor_id", None),
        )
        work = await prepare()
    except RejectedError as rejected:
        return refuse(outcome, rejected)
    outcome.repeated = True

    async def do(session: AsyncSession) -> Written:
        async def first_time() -> Written:
            outcome.repeated = False
            written = await work(session, act)
            await settle(session)
            return written

        return await once(
            session,
            IDEMPOTENCY,
            first_time,
            subject=context.identity.subject,
            key=given.idempotency_key,
            verb=verb,
            body=given,
        )

    done = await context.database.attempt(do)
    if isinstance(done, RejectedError):
        outcome.repeated = False
        return refuse(outcome, done)
    outcome.written = done
    return outcome


def refuse(outcome: Outcome, rejected: RejectedError) -> Outcome:
    """Note why nothing was written."""
    outcome.user_errors = [TicketUserError.of(rejected)]
    outcome.current = rejected.current
    return outcome
