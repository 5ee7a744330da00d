"""What a ticket has to do with others: fields that `Ticket` inherits."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast

import strawberry
from asyncpg import Record

from kit.filters import EVERYTHING, all_of, condition
from kit.pagination import page_of
from kit.rows import ShownRow
from kit.types import FORWARD, After, First, fill
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import LinkKind
from subgraphs.tickets.repository.relations import (
    AS_LINKED,
    AS_THEY_CAME,
    WATCHERS,
    linked_with,
)
from subgraphs.tickets.types.people import User
from subgraphs.tickets.types.selection import listing_for
from subgraphs.tickets.types.watchers import TicketWatcherConnection

if TYPE_CHECKING:
    from subgraphs.tickets.types.links import TicketLinkConnection
    from subgraphs.tickets.types.ticket import Ticket

Other = Annotated["Ticket", strawberry.lazy("subgraphs.tickets.types.ticket")]
Links = Annotated[
    "TicketLinkConnection", strawberry.lazy("subgraphs.tickets.types.links")
]


@strawberry.type
class TicketRelations(ShownRow):
    """Other tickets that the viewer may not see are null, or not in the list."""

    __slots__ = ()

    @strawberry.field(
        description="Who follows it, and therefore sees it, in the order in which they "
        "came.",
        directives=[FORWARD],
    )
    async def watchers(
        self, info: Info, *, first: First = None, after: After = None
    ) -> TicketWatcherConnection:
        page = page_of(AS_THEY_CAME, first=first, after=after)
        mine = (WATCHERS, "ticket_id", key_of(self), EVERYTHING)
        loaders = info.context.loaders
        rows = await loaders.rows_of(*mine, page)
        count = partial(loaders.count_of, *mine)
        made = fill(TicketWatcherConnection, page, rows, watching, count)
        return cast("TicketWatcherConnection", made)

    @strawberry.field(
        description="The ticket that this one is a part of. Null if there is none that "
        "the viewer may see."
    )
    async def parent(self, info: Info) -> Other | None:
        listing = listing_for(info)
        row = await info.context.loaders.parent_of(listing, key_of(self))
        return ticket_of(row) if row else None

    @strawberry.field(
        description="The ticket that this one went into. Null unless it was merged, "
        "and into one that the viewer may see."
    )
    async def merged_into(self, info: Info) -> Other | None:
        key = self.row["merged_into_id"]
        if key is None:
            return None
        row = await info.context.loaders.ticket_with(listing_for(info), key)
        return ticket_of(row) if row else None

    @strawberry.field(
        description="Tickets that it is linked with, from either end, the oldest link "
        "first; those that the viewer may see.",
        directives=[FORWARD],
    )
    async def links(
        self,
        info: Info,
        *,
        kinds: Annotated[
            list[LinkKind] | None,
            strawberry.argument(description="Links of these kinds alone; null: all."),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> Links:
        from subgraphs.tickets.types import links  # noqa: PLC0415 - links lead to tickets, and tickets to links

        page = page_of(AS_LINKED, first=first, after=after)
        met = EVERYTHING
        if kinds is not None:
            met = condition("link_kind", "in", [kind.value for kind in kinds])
        loaders = info.context.loaders
        met = all_of(loaders.visible, met)
        mine = (linked_with(listing_for(info)), "link_owner", key_of(self), met)
        rows = await loaders.rows_of(*mine, page)
        count = partial(loaders.count_of, *mine)
        made = fill(links.TicketLinkConnection, page, rows, ticket_of, count)
        return cast("TicketLinkConnection", made)


def key_of(ticket: TicketRelations) -> str:
    """Give the id of the ticket that these fields belong to."""
    key: str = ticket.row["id"]
    return key


def ticket_of(row: Record) -> Any:
    """Make a ticket of a row."""
    from subgraphs.tickets.types.ticket import Ticket  # noqa: PLC0415 - a ticket has these fields

    return Ticket.from_row(row)


def watching(row: Record) -> User:
    """Name who watches."""
    return User(id=row["user_id"])
