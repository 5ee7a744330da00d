"""Links between tickets, as the graph sees them."""

from datetime import datetime
from typing import Self

import strawberry
from asyncpg import Record

from kit.pagination import write_cursor
from kit.types import Connection
from subgraphs.tickets.models import LinkKind
from subgraphs.tickets.repository.relations import AS_LINKED
from subgraphs.tickets.types.people import User
from subgraphs.tickets.types.ticket import Ticket


@strawberry.type(description="A link of a ticket with another.")
class TicketLinkEdge:
    node: Ticket = strawberry.field(description="The other ticket.")
    cursor: str = strawberry.field(description="Its place; pass it as `after`.")
    kind: LinkKind = strawberry.field(description="What one is to the other.")
    inverse: bool = strawberry.field(
        description="The kind is to be read from the other ticket to this one: with "
        "BLOCKS, this one is blocked; with PARENT_OF, this one is the child."
    )
    created_at: datetime = strawberry.field(description="When they were linked.")
    created_by: User | None = strawberry.field(
        description="Who linked them. Null if a service account did, or if the users "
        "service is unavailable."
    )

    @classmethod
    def from_row(cls, row: Record, node: Ticket) -> Self:
        """Make one of a ticket's row that was read with its link."""
        maker = row["linked_by_id"]
        return cls(
            node=node,
            cursor=write_cursor(AS_LINKED, row),
            kind=row["link_kind"],
            inverse=row["link_inverse"],
            created_at=row["linked_at"],
            created_by=None if maker is None else User(id=maker),
        )


@strawberry.type(description="A page of the tickets that one is linked with.")
class TicketLinkConnection(Connection[Ticket]):
    """Its edges say how."""

    @strawberry.field(description="The tickets, and how they are linked.")
    def edges(self) -> list[TicketLinkEdge]:
        return [
            TicketLinkEdge.from_row(row, node)
            for node, row in zip(self.nodes, self.rows, strict=True)
        ]
