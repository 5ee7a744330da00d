"""Who watches a ticket, as the graph sees it."""

from datetime import datetime

import strawberry

from kit.pagination import write_cursor
from kit.types import Connection
from subgraphs.tickets.models import WatchReason
from subgraphs.tickets.types.people import User


@strawberry.type(description="Somebody who watches a ticket.")
class TicketWatcherEdge:
    node: User | None = strawberry.field(
        description="Who. Null only if the users service is unavailable."
    )
    cursor: str = strawberry.field(description="Their place; pass it as `after`.")
    added_at: datetime = strawberry.field(description="Since when.")
    reason: WatchReason = strawberry.field(description="Why.")


@strawberry.type(description="A page of those who watch a ticket.")
class TicketWatcherConnection(Connection[User]):
    """Its edges say since when, and why."""

    @strawberry.field(description="Who watches, since when, and why.")
    def edges(self) -> list[TicketWatcherEdge]:
        return [
            TicketWatcherEdge(
                node=node,
                cursor=write_cursor(self.order, row),
                added_at=row["added_at"],
                reason=row["reason"],
            )
            for node, row in zip(self.nodes, self.rows, strict=True)
        ]
