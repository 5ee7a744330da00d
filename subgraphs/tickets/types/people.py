"""Other domains' entities: users, departments and groups, and what tickets add."""

from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry

from kit.types import FORWARD, After, First
from subgraphs.tickets.context import Info
from subgraphs.tickets.types.filters import TicketFilter, TicketOrder

if TYPE_CHECKING:
    from subgraphs.tickets.types.listing import TicketConnection

Filter = Annotated[
    TicketFilter | None, strawberry.argument(description="Which of them; null: all.")
]
OrderBy = Annotated[
    list[TicketOrder] | None,
    strawberry.argument(description="In which order; the newest first by default."),
]
Tickets = Annotated[
    "TicketConnection",
    strawberry.lazy("subgraphs.tickets.types.listing"),
]
SEEN = "Those that the viewer may see."


async def tickets_of(
    info: Info,
    owner: tuple[str, str],
    wanted: TicketFilter | None,
    order_by: list[TicketOrder] | None,
    *,
    first: int | None,
    after: str | None,
) -> Any:
    """Page through the visible tickets of an owner: a column, and the id in it."""
    from subgraphs.tickets.types import listing  # noqa: PLC0415 - tickets link to people, and people to tickets

    return await listing.owned_tickets(
        info, owner, wanted, order_by, first=first, after=after
    )


@strawberry.federation.type(keys=["id"], description="A person; the users domain's.")
class User:
    id: strawberry.ID = strawberry.field(description="Opaque global id.")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)

    @strawberry.field(
        description=f"Tickets that are for this person. {SEEN}",
        directives=[FORWARD],
    )
    async def requested_tickets(
        self,
        info: Info,
        *,
        filter: Filter = None,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
    ) -> Tickets:
        return await tickets_of(
            info, ("requester_id", self.id), filter, order_by, first=first, after=after
        )

    @strawberry.field(
        description=f"Tickets that this person works on. {SEEN}",
        directives=[FORWARD],
    )
    async def assigned_tickets(
        self,
        info: Info,
        *,
        filter: Filter = None,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
    ) -> Tickets:
        return await tickets_of(
            info, ("assignee_id", self.id), filter, order_by, first=first, after=after
        )


@strawberry.federation.type(
    keys=["id"], description="A unit of the organisation; the users domain's."
)
class Department:
    id: strawberry.ID = strawberry.field(description="Opaque global id.")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)

    @strawberry.field(
        description="Tickets for people who were in this department when they were "
        f"opened. {SEEN}",
        directives=[FORWARD],
    )
    async def tickets(
        self,
        info: Info,
        *,
        filter: Filter = None,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
    ) -> Tickets:
        return await tickets_of(
            info,
            ("requester_department_id", self.id),
            filter,
            order_by,
            first=first,
            after=after,
        )


@strawberry.federation.type(
    keys=["id"], description="A group that work is assigned to; the groups domain's."
)
class Group:
    id: strawberry.ID = strawberry.field(description="Opaque global id.")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)

    @strawberry.field(
        description=f"Tickets that this group has. {SEEN}",
        directives=[FORWARD],
    )
    async def tickets(
        self,
        info: Info,
        *,
        filter: Filter = None,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
    ) -> Tickets:
        return await tickets_of(
            info, ("group_id", self.id), filter, order_by, first=first, after=after
        )
