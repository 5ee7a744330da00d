"""Tickets as the graph sees them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, Self

import strawberry
from asyncpg import Record

from jit import Made
from kit.pagination import page_of
from kit.rows import link, shows_rows
from kit.types import BOTH_WAYS, After, Before, First, Last, Node, fill
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import (
    Channel,
    HoldReason,
    Impact,
    Priority,
    TicketType,
    Urgency,
)
from subgraphs.tickets.repository.columns import AS_IT_HAPPENED, EVENTS, LISTED
from subgraphs.tickets.types.clocks import TicketServiceLevels
from subgraphs.tickets.types.details import TicketKinds
from subgraphs.tickets.types.events import (
    EventFilter,
    TicketEvent,
    TicketEventConnection,
)
from subgraphs.tickets.types.filters import (
    event_predicate,
)
from subgraphs.tickets.types.next_steps import TicketNextSteps
from subgraphs.tickets.types.people import Department, Group, User
from subgraphs.tickets.types.relations import TicketRelations
from subgraphs.tickets.types.resolution import Resolution, text_of
from subgraphs.tickets.types.selection import listing_for
from subgraphs.tickets.types.settings import (
    Category,
    Service,
    TicketStatus,
)

DOWN: Final = "or if the users service is unavailable."


MADE: Final[dict[str, Callable[[Record], Any]]] = {
    "status": Made(
        TicketStatus,
        {
            "id": "status_id",
            "key": "status_key",
            "name": "status_name",
            "category": "status_category",
        },
    ),
    "requester": link(User, "requester_id"),
    "opened_by": link(User, "opened_by_id"),
    "assignee": link(User, "assignee_id"),
    "requester_department": link(Department, "requester_department_id"),
    "group": link(Group, "group_id"),
    "resolution": Resolution.of,
}
"""What most queries do not ask for, and so is not made for each row."""


@shows_rows(frozenset(LISTED), MADE)
@strawberry.federation.type(
    keys=["id", "number"],
    description="One record for every practice of the IT department: something was "
    "asked for, and somebody sees to it.",
)
class Ticket(TicketRelations, TicketServiceLevels, TicketNextSteps, TicketKinds, Node):
    """Shows a row as it is."""

    __slots__ = ()

    number: str = strawberry.field(
        description="Number for people, with the practice's prefix: INC0000045, "
        "REQ…, PRB…, CHG…."
    )
    type: TicketType = strawberry.field(description="The practice it belongs to.")
    title: str = strawberry.field(description="What it is about, in one line.")
    channel: Channel = strawberry.field(description="How it came in.")
    status: TicketStatus = strawberry.field(description="How far it has come.")
    hold_reason: HoldReason | None = strawberry.field(
        description="What it waits for; null unless it is on hold."
    )
    impact: Impact = strawberry.field(description="How much is affected.")
    urgency: Urgency = strawberry.field(description="How soon it must be mended.")
    priority: Priority = strawberry.field(
        description="What comes first: impact x urgency by the matrix, unless "
        "overridden."
    )
    priority_overridden: bool = strawberry.field(
        description="Somebody set the priority against the matrix."
    )
    requester: User | None = strawberry.field(
        description="Whom it is for. Null only if the users service is unavailable."
    )
    opened_by: User | None = strawberry.field(
        description=f"Who opened it. Null if a service account did, {DOWN}"
    )
    requester_department: Department | None = strawberry.field(
        description="The requester's department when it was opened, whatever it is "
        f"today. Null if there was none, {DOWN}"
    )
    group: Group | None = strawberry.field(
        description="The group that has it; null if none has."
    )
    assignee: User | None = strawberry.field(
        description=f"Who works on it. Null if nobody does, {DOWN}"
    )
    tags: list[str] = strawberry.field(description="Free labels.")
    resolution: Resolution | None = strawberry.field(
        description="How it was solved; null until it is, and after a reopening."
    )
    reassignment_count: int = strawberry.field(
        description="How often another group got it; changes of the assignee alone "
        "do not count."
    )
    reopen_count: int = strawberry.field(
        description="How often it was taken up again after its end."
    )
    opened_at: datetime = strawberry.field(
        description="When it was opened; for an imported one, there."
    )
    created_at: datetime = strawberry.field(
        description="When it was written down here."
    )
    updated_at: datetime = strawberry.field(description="When it last changed.")
    resolved_at: datetime | None = strawberry.field(
        description="When it was resolved; null if it is not."
    )
    closed_at: datetime | None = strawberry.field(
        description="When it was closed; null if it is not."
    )
    version: int = strawberry.field(
        description="Grows with each change; pass it back as `expectedVersion`."
    )

    @classmethod
    async def resolve_reference(
        cls,
        info: Info,
        id: strawberry.ID | None = None,
        number: str | None = None,
    ) -> Self | None:
        return (await cls.resolve_references(info, [{"id": id, "number": number}]))[0]

    @classmethod
    async def resolve_references(
        cls, info: Info, representations: Sequence[Mapping[str, Any]]
    ) -> list[Self | None]:
        """Find many at once: by their ids, or by their numbers."""
        ids = [each.get("id") for each in representations]
        known = await cls._by(info, "id", [key for key in ids if key is not None])
        if None not in ids:
            return [known.get(key) for key in ids]
        numbers = [each.get("number") for each in representations]
        wanted = [n for key, n in zip(ids, numbers, strict=True) if key is None]
        numbered = await cls._by(info, "number", wanted)
        return [
            numbered.get(number) if key is None else known.get(key)
            for key, number in zip(ids, numbers, strict=True)
        ]

    @classmethod
    async def _by(cls, info: Info, column: str, keys: list[Any]) -> dict[Any, Self]:
        """Find the visible ones of tickets, by a column of theirs."""
        if not keys:
            return {}
        listing = listing_for(info, also=(column,))
        rows = await info.context.loaders.tickets_by(column, keys, listing)
        return {row[column]: cls.from_row(row) for row in rows}

    @strawberry.field(
        description="All of it, as Markdown; null if nothing was written."
    )
    async def description(self, info: Info) -> str | None:
        return await text_of(info, self.row, "description")

    @strawberry.field(description="What it is about; null if nobody said.")
    async def category(self, info: Info) -> Category | None:
        key = self.row["category_id"]
        row = key and await info.context.loaders.category_by_id.load(key)
        return Category.from_row(row) if row else None

    @strawberry.field(description="The service it concerns; null if nobody said.")
    async def service(self, info: Info) -> Service | None:
        key = self.row["service_id"]
        row = key and await info.context.loaders.service_by_id.load(key)
        return Service.from_row(row) if row else None

    @strawberry.field(
        description="All that happened to it, from the beginning; nothing of it is "
        "ever changed or taken away.",
        directives=[BOTH_WAYS],
    )
    async def history(
        self,
        info: Info,
        *,
        filter: EventFilter = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> TicketEventConnection:
        page = page_of(
            AS_IT_HAPPENED, first=first, after=after, last=last, before=before
        )
        met, loaders = event_predicate(filter), info.context.loaders
        mine = (EVENTS, "ticket_id", self.id, met)
        rows = await loaders.rows_of(*mine, page)
        count = partial(loaders.count_of, *mine)
        return fill(TicketEventConnection, page, rows, TicketEvent.from_row, count)
