"""Lists of tickets, whole or of one owner."""

from functools import partial
from typing import cast

import strawberry

from kit.pagination import page_of
from kit.types import Connection, fill
from subgraphs.tickets.context import Info
from subgraphs.tickets.types.filters import (
    TicketFilter,
    TicketOrder,
    order_of,
    ticket_predicate,
)
from subgraphs.tickets.types.selection import listing_for
from subgraphs.tickets.types.ticket import Ticket


@strawberry.type(description="A page of tickets.")
class TicketConnection(Connection[Ticket]):
    """A class of its own, for those that name it before it is made."""


async def all_tickets(
    info: Info,
    wanted: TicketFilter | None,
    order_by: list[TicketOrder] | None,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> TicketConnection:
    """Page through the tickets that the caller may see.

    Raises:
        InvalidInputError: a filter, an order or a cursor that cannot be.

    """
    loaders, met = info.context.loaders, ticket_predicate(wanted)
    page = page_of(
        order_of(order_by), first=first, after=after, last=last, before=before
    )
    listing = listing_for(info, also=[name for name, _ in page.order.by])
    rows = await loaders.tickets(listing, met, page)
    count = partial(loaders.ticket_count, met)
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
