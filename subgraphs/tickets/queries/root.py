"""Where somebody who reads tickets enters."""

from typing import Annotated

import strawberry

from kit.errors import InvalidInputError
from kit.outbox.types import feed_field
from kit.types import BOTH_WAYS, After, Before, First, Last
from subgraphs.tickets.context import Info
from subgraphs.tickets.events import FEED
from subgraphs.tickets.models import TicketType
from subgraphs.tickets.policy import can_follow
from subgraphs.tickets.queries.queues import QueueQueries
from subgraphs.tickets.queries.settings import Retired, SettingsQueries, in_use
from subgraphs.tickets.repository import reads, sla
from subgraphs.tickets.types.feed import TicketEventFeed, TicketFeedEvent
from subgraphs.tickets.types.listing import TicketConnection, all_tickets
from subgraphs.tickets.types.people import Filter, OrderBy
from subgraphs.tickets.types.selection import listing_for
from subgraphs.tickets.types.settings import Category, Service, TicketStatus
from subgraphs.tickets.types.sla import BusinessCalendar, SlaPolicy
from subgraphs.tickets.types.ticket import Ticket

SEES = [["tickets:read"]]
OnlyRetired = Annotated[
    bool,
    strawberry.argument(description="Those taken out of use, in place of the others."),
]


@strawberry.type(description="What can be read.")
class Query(QueueQueries, SettingsQueries):
    ticket_event_feed = feed_field(FEED, TicketEventFeed, TicketFeedEvent, can_follow)

    @strawberry.federation.field(
        description="One ticket, by its id or its number. Null if there is none that "
        "the viewer may see. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def ticket(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Its id.")
        ] = None,
        number: Annotated[
            str | None,
            strawberry.argument(description="Its number, such as INC0000045."),
        ] = None,
    ) -> Ticket | None:
        if (id is None) == (number is None):
            raise InvalidInputError("Give either 'id' or 'number'.")
        by, key = ("id", id) if id is not None else ("number", number)
        row = await info.context.loaders.ticket(listing_for(info), by=by, key=str(key))
        return Ticket.from_row(row) if row else None

    @strawberry.federation.field(
        description="The tickets that the viewer may see. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
        directives=[BOTH_WAYS],
    )
    async def tickets(
        self,
        info: Info,
        *,
        filter: Filter = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Words that title or description must have, or a number: "
                '`print`, `"on fire"`, `-paper`, `mail or vpn`, `INC0000045`, `45`. '
                "At most 200 characters and 20 words; null or blank: all."
            ),
        ] = None,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> TicketConnection:
        return await all_tickets(
            info,
            filter,
            order_by,
            first=first,
            after=after,
            last=last,
            before=before,
            search=search,
        )

    @strawberry.federation.field(
        description="The statuses of the workflow that are in use, in its order. "
        "Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def ticket_statuses(
        self,
        info: Info,
        *,
        type: Annotated[
            TicketType | None,
            strawberry.argument(description="Only those of this type; null: all."),
        ] = None,
        include_retired: Retired = False,
    ) -> list[TicketStatus]:
        rows = await info.context.loaders.settings(reads.STATUSES)
        return [
            TicketStatus.from_row(row)
            for row in in_use(rows, include_retired=include_retired, type=type)
        ]

    @strawberry.federation.field(
        description="All categories in use, by name. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def categories(
        self, info: Info, *, include_retired: Retired = False
    ) -> list[Category]:
        rows = await info.context.loaders.settings(reads.CATEGORIES)
        return [
            Category.from_row(row)
            for row in in_use(rows, include_retired=include_retired)
        ]

    @strawberry.federation.field(
        description="All services in use, by name. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def services(
        self, info: Info, *, include_retired: Retired = False
    ) -> list[Service]:
        rows = await info.context.loaders.settings(reads.SERVICES)
        return [
            Service.from_row(row)
            for row in in_use(rows, include_retired=include_retired)
        ]

    @strawberry.federation.field(
        description="The policies in force, in the order in which they are tried. "
        "Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def sla_policies(
        self, info: Info, retired: OnlyRetired = False
    ) -> list[SlaPolicy]:
        rows = await info.context.loaders.settings(sla.POLICIES_READ)
        return [
            SlaPolicy.from_row(row)
            for row in rows
            if (row["retired_at"] is not None) is retired
        ]

    @strawberry.federation.field(
        description="The business calendars in use, by name. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def business_calendars(
        self, info: Info, retired: OnlyRetired = False
    ) -> list[BusinessCalendar]:
        rows = await info.context.loaders.settings(sla.CALENDARS_READ)
        return [
            BusinessCalendar.from_row(row)
            for row in rows
            if (row["retired_at"] is not None) is retired
        ]
