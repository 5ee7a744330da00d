"""Where somebody enters who wants to be told of tickets as they change.

Both ride on the feed of all histories, which is read once for everybody in this
process. For each event the rights are looked up anew, as for a query, at the moment
when it is delivered.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry
from asyncpg import Record
from strawberry.federation.schema_directives import Authenticated, RequiresScopes

from kit.errors import ForbiddenError, InvalidInputError
from kit.filters import Predicate, all_of
from kit.outbox import Batch
from subgraphs.tickets.context import Context, Info
from subgraphs.tickets.loaders import Loaders
from subgraphs.tickets.policy import READ
from subgraphs.tickets.repository import following
from subgraphs.tickets.repository.columns import Listing
from subgraphs.tickets.types.events import TicketEvent
from subgraphs.tickets.types.filters import ticket_predicate
from subgraphs.tickets.types.people import Filter
from subgraphs.tickets.types.selection import listing_for
from subgraphs.tickets.types.ticket import Ticket

TOLD = [Authenticated(), RequiresScopes(scopes=[[READ]])]


@strawberry.type(description="What can be followed as it happens.")
class Subscription:
    @strawberry.subscription(
        directives=TOLD,
        description="A ticket, at once and then each time it changes. Null, and no "
        "more, when there is none that the viewer may see, or may see any longer. "
        "Requires tickets:read.",
    )
    async def ticket_updated(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],
    ) -> AsyncGenerator[Ticket | None]:
        refuse_strangers(info.context)
        listing, key = listing_for(info), str(id)
        place = await info.context.watch.now()
        row = await one_ticket(info.context, listing, key)
        yield Ticket.from_row(row) if row else None
        if row is None:
            return
        async with aclosing(info.context.watch.batches(place)) as batches:
            async for batch in batches:
                if all(told["ticket_id"] != key for told in batch.rows):
                    continue
                row = await one_ticket(info.context, listing, key)
                yield Ticket.from_row(row) if row else None
                if row is None:
                    return

    @strawberry.subscription(
        directives=TOLD,
        description="What happens to tickets that the viewer may see, and that match "
        "the filter after it. Requires tickets:read.",
    )
    async def ticket_events(
        self,
        info: Info,
        filter: Filter = None,
        after_event_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="The id of the last event that was received: what came "
                "after it is told first. Null: only what happens from now on."
            ),
        ] = None,
    ) -> AsyncGenerator[TicketEvent]:
        context = info.context
        refuse_strangers(context)
        met = ticket_predicate(filter)
        place = await context.watch.now()
        if after_event_id is not None:
            found = await following.place_of_event(context.database, after_event_id)
            if found is None:
                raise InvalidInputError("'afterEventId' names no event.")
            place = found
        async with aclosing(context.watch.batches(place)) as batches:
            async for batch in batches:
                for row in await events_of(context, batch, met):
                    yield TicketEvent.from_row(row)


def refuse_strangers(context: Context) -> None:
    """Refuse who sees no ticket at all.

    Raises:
        ForbiddenError: the permission is missing.

    """
    if not context.identity.may(READ):
        raise ForbiddenError(f"This needs the permission {READ}.")


async def as_now(context: Context) -> Loaders:
    """Read as the subscriber may at this moment; nothing is remembered from before."""
    viewer = await context.standings.viewer(context.identity, context.graph)
    return Loaders(context.database, viewer)


async def one_ticket(context: Context, listing: Listing, key: str) -> Record | None:
    """Read the ticket, if the subscriber may see it now."""
    return await (await as_now(context)).ticket(listing, by="id", key=key)


async def events_of(context: Context, batch: Batch, met: Predicate) -> list[Record]:
    """Read those of a batch that are for the subscriber, in their order.

    Subscribers who may see the same and want the same share one statement.
    """
    wanted = all_of((await as_now(context)).visible, met)

    async def fetch() -> list[Record]:
        keys = [row["id"] for row in batch.rows]
        return await following.events_meeting(context.database, keys, wanted)

    return await batch.ask((wanted.shape, repr(wanted.values)), fetch)
