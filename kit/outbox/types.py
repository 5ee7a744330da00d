"""A feed as the graph sees it: the same in every domain that has one."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final, Generic, Self, TypeVar

import strawberry
from asyncpg import Record
from strawberry import Info
from strawberry.federation.schema_directives import ListSize

from kit.errors import ForbiddenError
from kit.graphql import Context
from kit.identity import Identity
from kit.outbox.feed import LARGEST_PAGE, USUAL_PAGE, FeedSource
from kit.scalars import JSON

FOLLOW: Final = "events:read"
"""The permission to read every feed; for programs."""

Item = TypeVar("Item")


@strawberry.interface(
    description="Something that happened in a domain; it never changes."
)
class FeedEvent:
    id: strawberry.ID = strawberry.field(description="Opaque global id of the event.")
    entity_id: strawberry.ID = strawberry.field(description="What it happened to.")
    seq: int = strawberry.field(
        description="Its place among the events of that entity: 1, 2, 3, with no gap."
    )
    kind: str = strawberry.field(
        description="What happened. New kinds may come: leave out what you do not know."
    )
    at: datetime = strawberry.field(description="When it happened.")
    actor_id: strawberry.ID | None = strawberry.field(
        description="The user or the service account that did it; null if nobody did."
    )
    request_id: str | None = strawberry.field(
        description="Id of the request that did it, for the operators' logs; null if "
        "no request did."
    )
    payload: JSON = strawberry.field(
        description="What changed; its form goes with the kind."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make it of a row that has these columns."""
        return cls(**{name: row[name] for name in FIELDS})


FIELDS = ("id", "entity_id", "seq", "kind", "at", "actor_id", "request_id", "payload")


@strawberry.type(description="A part of a feed, in its order.")
class Feed(Generic[Item]):
    events: list[Item] = strawberry.field(description="The events, the oldest first.")
    next_cursor: str | None = strawberry.field(
        description="Pass it as `after` to read on, now or in a year. Null while the "
        "feed is empty."
    )
    caught_up: bool = strawberry.field(
        description="Nothing more can be read at this moment; ask again in a while."
    )


FeedAfter = Annotated[
    str | None,
    strawberry.argument(
        description="Only events after this `nextCursor`; null: from the beginning."
    ),
]
FeedFirst = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many; {USUAL_PAGE} if absent, {LARGEST_PAGE} at most."
    ),
]
FEED_SIZE: Final = ListSize(
    assumed_size=USUAL_PAGE,
    slicing_arguments=["first"],
    sized_fields=["events"],
    require_one_slicing_argument=False,
)


def feed_field(
    source: FeedSource,
    kind: type[Any],
    item: type[FeedEvent],
    may_follow: Callable[[Identity], bool],
) -> Any:
    """Make the root field that reads a domain's feed; ``kind`` is a `Feed` of items.

    Whoever may follow is told all that happens, whoever may see it.
    """

    async def read(
        info: Info[Context, None], after: FeedAfter = None, first: FeedFirst = None
    ) -> Any:
        if not may_follow(info.context.identity):
            raise ForbiddenError(f"This needs the permission {FOLLOW}.")
        part = await source.read(info.context.database, after, first)
        return kind(
            events=[item.from_row(row) for row in part.rows],
            next_cursor=part.next_cursor,
            caught_up=part.caught_up,
        )

    return strawberry.federation.field(
        resolver=read,
        graphql_type=kind,
        description=f"All that happened to {source.name}, from the beginning, in an "
        "order in which nothing comes in before what was read. An entity's own events "
        f"follow their `seq`. For programs that follow. Requires: {FOLLOW}.",
        authenticated=True,
        requires_scopes=[[FOLLOW]],
        directives=[FEED_SIZE],
    )
