"""Queues as the graph sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self, cast

import strawberry
from asyncpg import Record

from kit.errors import InvalidInputError
from kit.filters import Predicate
from kit.pagination import Order, page_of
from kit.scalars import JSON
from kit.types import FORWARD, After, First, Node, fill
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import QueueVisibility
from subgraphs.tickets.policy import queues as policy
from subgraphs.tickets.repository.counting import MOST_COUNTED
from subgraphs.tickets.repository.queues import QUEUES
from subgraphs.tickets.types.filters import (
    TicketFilter,
    TicketOrder,
    order_of,
    ticket_predicate,
)
from subgraphs.tickets.types.listing import TicketConnection
from subgraphs.tickets.types.people import Group, OrderBy, User
from subgraphs.tickets.types.selection import listing_for
from subgraphs.tickets.types.stored import read_input
from subgraphs.tickets.types.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Shared:
    """What the rules look at, of a row."""

    owner_id: str
    group_id: str | None
    visibility: str

    @classmethod
    def of(cls, row: Record) -> Self:
        """Take it from a row."""
        return cls(row["owner_id"], row["group_id"], row["visibility"])


@strawberry.federation.type(
    keys=["id"],
    description="A filter that has a name and that people share. Everybody sees in it "
    "the tickets that they may see, no more.",
)
class Queue(Node):
    name: str = strawberry.field(description="Its name.")
    visibility: QueueVisibility = strawberry.field(description="Who sees the queue.")
    group: Group | None = strawberry.field(
        description="The group that works on it; null if none does."
    )
    owner: User | None = strawberry.field(
        description="Who made it. Null if a service account did, or if the users "
        "service is unavailable."
    )
    filter: JSON = strawberry.field(
        description="Which tickets stand in it, as a `TicketFilter`."
    )
    order_by: JSON = strawberry.field(
        description="In which order, as a list of `TicketOrder`; empty: the newest "
        "first."
    )
    problem: str | None = strawberry.field(
        description="Why filter or order mean nothing any more, as a sentence; change "
        "them. Null as long as they do."
    )
    viewer_can_update: bool = strawberry.field(
        description="The viewer may change and retire it."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    version: int = strawberry.field(
        description="Grows with each change; pass it back as `expectedVersion`."
    )
    met: strawberry.Private[Predicate | None]
    order: strawberry.Private[Order | None]

    @classmethod
    def from_row(cls, info: Info, row: Record, groups: Collection[str]) -> Self:
        met, order, problem = None, None, None
        try:
            met, order = meaning(row["filter"], row["order_by"])
        except (ValueError, InvalidInputError) as error:
            problem = str(error)
        owner, group = row["owner_id"], row["group_id"]
        caller = info.context.identity
        return cls(
            id=row["id"],
            name=row["name"],
            visibility=row["visibility"],
            group=None if group is None else Group(id=group),
            owner=User(id=owner) if owner.startswith("usr_") else None,
            filter=row["filter"],
            order_by=row["order_by"],
            problem=problem,
            viewer_can_update=policy.can_change(caller, Shared.of(row), groups),
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            version=row["version"],
            met=met,
            order=order,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> "Queue | None":
        return await queue_by_id(info, id)

    @strawberry.field(
        description="How many tickets in it the viewer may see, counted to 50,000. "
        "Null where `problem` is set."
    )
    async def depth(self, info: Info) -> int | None:
        if self.met is None:
            return None
        return min(await info.context.loaders.depth_of(self.id, self.met), MOST_COUNTED)

    @strawberry.field(
        description="The tickets in it that the viewer may see. Null where `problem` "
        "is set.",
        directives=[FORWARD],
    )
    async def tickets(
        self,
        info: Info,
        *,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
    ) -> TicketConnection | None:
        if self.met is None or self.order is None:
            return None
        loaders, met = info.context.loaders, self.met
        order = order_of(order_by) if order_by else self.order
        page = page_of(order, first=first, after=after)
        listing = listing_for(info, also=[name for name, _ in order.by])
        rows = await loaders.tickets(listing, met, page)
        count = partial(loaders.ticket_count, met)
        made = fill(TicketConnection, page, rows, Ticket.from_row, count)
        return cast("TicketConnection", made)


def meaning(stored: Any, order_by: Any) -> tuple[Predicate, Order]:
    """Read a filter and an order that were kept.

    Raises:
        ValueError: one of them means nothing any more, and why.
        InvalidInputError: a value in it means nothing any more, and why.

    """
    orders = [read_input(TicketOrder, each, "orderBy.") for each in order_by]
    wanted = read_input(TicketFilter, stored, "filter.")
    return ticket_predicate(wanted), order_of(orders)


async def queue_by_id(info: Info, key: str) -> Queue | None:
    """Find a queue that the caller may see."""
    row = await info.context.loaders.queue_by_id.load(key)
    if row is None:
        return None
    caller = info.context.identity
    groups = await groups_for(info, [row])
    if not policy.can_see(caller, Shared.of(row), groups):
        return None
    return Queue.from_row(info, row, groups)


async def visible_queues(info: Info, *, mine: bool) -> list[Queue]:
    """List the queues that the caller may see, or those of them that are theirs."""
    rows = await info.context.loaders.settings(QUEUES)
    caller = info.context.identity
    groups = await groups_for(info, rows)
    return [
        Queue.from_row(info, row, groups)
        for row in rows
        if policy.can_see(caller, Shared.of(row), groups)
        and (not mine or policy.is_mine(caller, Shared.of(row), groups))
    ]


async def groups_for(info: Info, rows: Collection[Record]) -> frozenset[str]:
    """Learn the caller's groups, where one of these queues is a group's."""
    caller = info.context.identity
    if all(
        row["group_id"] is None or row["owner_id"] == caller.subject for row in rows
    ):
        return frozenset()
    return await info.context.teams.of(caller)
