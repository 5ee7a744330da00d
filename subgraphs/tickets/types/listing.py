"""Lists of tickets, whole or of one owner."""

from functools import partial
from typing import Final, cast

import strawberry

from kit.pagination import page_of, write_cursor
from kit.types import Connection, Edge, fill
from subgraphs.tickets.context import Info
from subgraphs.tickets.repository.counting import MOST_COUNTED
from subgraphs.tickets.repository.search_input import read_search
from subgraphs.tickets.types.filters import (
    TicketFilter,
    TicketOrder,
    order_of,
    ticket_predicate,
)
from subgraphs.tickets.types.selection import asked_of, listing_for
from subgraphs.tickets.types.ticket import Ticket

COUNTS: Final = ("totalCount", "totalCountIsExact")


@strawberry.type(description="A ticket of a list, and its place there.")
class TicketEdge(Edge[Ticket]):
    score: float | None = strawberry.field(
        description="How well it meets `search`, above 0; more is better. Null when "
        "nothing is searched for."
    )


@strawberry.type(description="A page of tickets.")
class TicketConnection(Connection[Ticket]):
    """A class of its own, for those that name it before it is made."""

    @strawberry.field(description="The tickets with their cursors.")
    def edges(self) -> list[TicketEdge]:
        return [
            TicketEdge(
                node=node,
                cursor=write_cursor(self.order, row),
                score=row.get("score"),
            )
            for node, row in zip(self.nodes, self.rows, strict=True)
        ]

    @strawberry.field(
        description="How many tickets the whole list has for this viewer; counted only "
        "when selected, and to 50,000 at most: see `totalCountIsExact`."
    )
    async def total_count(self) -> int:
        return min(await self.count(), MOST_COUNTED)

    @strawberry.field(
        description="`totalCount` is all of them; false where there are more."
    )
    async def total_count_is_exact(self) -> bool:
        return await self.count() <= MOST_COUNTED


async def all_tickets(
    info: Info,
    wanted: TicketFilter | None,
    order_by: list[TicketOrder] | None,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    search: str | None = None,
) -> TicketConnection:
    """Page through the tickets that the caller may see.

    Raises:
        InvalidInputError: a search, a filter, an order or a cursor that cannot be.

    """
    loaders, met = info.context.loaders, ticket_predicate(wanted)
    sought = read_search(search)
    order = order_of(order_by, sought)
    page = page_of(order, first=first, after=after, last=last, before=before)
    listing = listing_for(info, also=[name for name, _ in order.by])
    count = partial(loaders.ticket_count, met, sought)
    if asked_of(info, *COUNTS):
        count()  # beside the page, and not after it
    rows = await loaders.tickets(listing, met, page, sought)
    made = fill(TicketConnection, page, rows, Ticket.from_row, count)
    return cast("TicketConnection", made)


async def owned_tickets(
    info: Info,
    owner: tuple[str, str],
    wanted: TicketFilter | None,
    order_by: list[TicketOrder] | None,
    *,
    first: int | None,
    after: str | None,
) -> TicketConnection:
    """Page through those of them that have an owner: a column, and the id in it.

    Raises:
        InvalidInputError: a filter, an order or a cursor that cannot be.

    """
    loaders, met = info.context.loaders, ticket_predicate(wanted)
    page = page_of(order_of(order_by), first=first, after=after)
    listing = listing_for(info, also=[name for name, _ in page.order.by])
    rows = await loaders.tickets_of(listing, owner, met, page)
    count = partial(loaders.ticket_count_of, *owner, met)
    made = fill(TicketConnection, page, rows, Ticket.from_row, count)
    return cast("TicketConnection", made)
