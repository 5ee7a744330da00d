"""The history of a ticket as the graph sees it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from asyncpg import Record

from kit.ids import is_id
from kit.scalars import JSON
from kit.types import Connection, Node
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import EventKind
from subgraphs.tickets.types.filters import TicketEventFilter
from subgraphs.tickets.types.people import User
from subgraphs.tickets.types.selection import listing_for

if TYPE_CHECKING:
    from subgraphs.tickets.types.ticket import Ticket

OneTicket = Annotated["Ticket", strawberry.lazy("subgraphs.tickets.types.ticket")]


@strawberry.federation.type(
    keys=["id"], description="Something that happened to a ticket; it never changes."
)
class TicketEvent(Node):
    ticket_id: strawberry.Private[str]
    seq: int = strawberry.field(
        description="Its place in the ticket's history: 1, 2, 3, with no gap."
    )
    kind: EventKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When it happened.")
    actor: User | None = strawberry.field(
        description="Who did it. Null if a service account did, if it came about by "
        "itself (`via` is AUTOMATION), or if the users service is unavailable."
    )
    via: str = strawberry.field(
        description="What it came through: PORTAL (a person signed in), API (a service "
        "account), IMPORT, or AUTOMATION (the desk itself)."
    )
    field: str | None = strawberry.field(
        description="The field that changed; null when the event is about no single "
        "one."
    )
    before: JSON | None = strawberry.field(
        description="What it was; null if there was nothing."
    )
    after: JSON | None = strawberry.field(
        description="What it became; null if nothing is there now."
    )
    note: str | None = strawberry.field(
        description="What the actor said about it; null if nothing."
    )
    request_id: str | None = strawberry.field(
        description="Id of the request that did it, for the operators' logs."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        actor = row["actor_id"]
        return cls(
            id=row["id"],
            ticket_id=row["ticket_id"],
            seq=row["seq"],
            kind=row["kind"],
            at=row["at"],
            actor=User(id=actor) if actor and is_id(actor, "usr") else None,
            via=row["via"],
            field=row["field"],
            before=row["before"],
            after=row["after"],
            note=row["note"],
            request_id=row["request_id"],
        )

    @strawberry.field(
        description="The ticket as it is now; null when the viewer no longer sees it."
    )
    async def ticket(self, info: Info) -> OneTicket | None:
        from subgraphs.tickets.types import ticket  # noqa: PLC0415 - tickets have events, and events a ticket

        listing = listing_for(info)
        row = await info.context.loaders.ticket_by_id(listing).load(self.ticket_id)
        return ticket.Ticket.from_row(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.event_by_id.load(id)
        return cls.from_row(row) if row else None


TicketEventConnection = Connection[TicketEvent]

EventFilter = Annotated[
    TicketEventFilter | None,
    strawberry.argument(description="Which of them; null: all."),
]
