"""Watchers, links, parents: what is read of them, and what units of work lock."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from asyncpg import Record
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    any_,
    bindparam,
    false,
    func,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, IdText, Query
from kit.filters import Predicate, Shape, bound, where
from kit.pagination import Order
from subgraphs.tickets.models import (
    ENDED,
    LinkKind,
    LinkRow,
    StatusCategory,
    StatusRow,
    TicketRow,
    TicketType,
    WatcherRow,
)
from subgraphs.tickets.repository.columns import TICKETS, Listing, columns_of
from subgraphs.tickets.repository.counting import SHAPES

WATCHER: Final = columns_of(WatcherRow)
WATCHERS: Final = Listing(
    columns=tuple(WATCHER.values()),
    source=WatcherRow.__table__,
    bare=WatcherRow.__table__,
    names=WATCHER,
    sortable=WATCHER,
)
AS_THEY_CAME: Final = Order("watchers", (("added_at", False), ("user_id", False)))

_LINK: Final = (LinkRow.id, LinkRow.kind, LinkRow.linked_at, LinkRow.linked_by_id)
BOTH_ENDS: Final = union_all(
    select(
        *_LINK,
        LinkRow.from_id.label("ticket_id"),
        LinkRow.to_id.label("other_id"),
        false().label("inverse"),
    ),
    select(
        *_LINK,
        LinkRow.to_id.label("ticket_id"),
        LinkRow.from_id.label("other_id"),
        (type_coerce(LinkRow.kind, Text) != "RELATES_TO").label("inverse"),
    ),
).subquery("links")
"""Each link twice: as it reads from either end. One that reads the same both ways is
never inverse."""

LINKED: Final[dict[str, ColumnElement[Any]]] = {
    "link_id": BOTH_ENDS.c.id.label("link_id"),
    "link_kind": BOTH_ENDS.c.kind.label("link_kind"),
    "link_inverse": BOTH_ENDS.c.inverse.label("link_inverse"),
    "linked_at": BOTH_ENDS.c.linked_at,
    "linked_by_id": BOTH_ENDS.c.linked_by_id,
}
AS_LINKED: Final = Order("links", (("link_id", False),))
"""The ids of links sort by when they were made."""


@lru_cache(SHAPES)
def linked_with(listing: Listing) -> Listing:
    """Read the tickets at the other end of links, by ``link_owner``, with the link."""
    other = BOTH_ENDS.c.other_id == TicketRow.id
    return replace(
        listing,
        columns=(*listing.columns, *LINKED.values()),
        source=listing.source.join(BOTH_ENDS, other),
        bare=listing.bare.join(BOTH_ENDS, other),
        names={
            **listing.names,
            "link_id": BOTH_ENDS.c.id,
            "link_kind": BOTH_ENDS.c.kind,
        },
        sortable={"link_owner": BOTH_ENDS.c.ticket_id, "link_id": BOTH_ENDS.c.id},
    )


@lru_cache(SHAPES)
def parents_query(listing: Listing, met: Shape) -> Query:
    """Build the statement of `parents_of`."""
    return Query(
        select(*listing.columns, LinkRow.to_id.label("child_id"))
        .select_from(listing.source.join(LinkRow, LinkRow.from_id == TicketRow.id))
        .where(LinkRow.to_id == any_(bindparam("keys", type_=ARRAY(IdText))))
        .where(type_coerce(LinkRow.kind, Text) == "PARENT_OF")
        .where(where(met, listing.names))
    )


async def parents_of(
    database: Database, listing: Listing, keys: list[str], met: Predicate
) -> list[Record]:
    """Read the parents that meet a condition, each with its ``child_id``."""
    query = parents_query(listing, met.shape)
    return await database.rows(query, keys=keys, **bound(met))


@lru_cache(SHAPES)
def open_children_query(met: Shape) -> Query:
    """Build the statement of `open_children_of`."""
    return Query(
        select(LinkRow.from_id.label("id"), func.count().label("count"))
        .select_from(TICKETS.source.join(LinkRow, LinkRow.to_id == TicketRow.id))
        .where(LinkRow.from_id == any_(bindparam("keys", type_=ARRAY(IdText))))
        .where(type_coerce(LinkRow.kind, Text) == LinkKind.PARENT_OF.value)
        .where(
            *(type_coerce(TicketRow.status_category, Text) != e.value for e in ENDED)
        )
        .where(where(met, TICKETS.names))
        .group_by(LinkRow.from_id)
    )


async def open_children_of(
    database: Database, keys: list[str], met: Predicate
) -> list[Record]:
    """Count the children of some tickets that meet a condition and have not ended."""
    return await database.rows(open_children_query(met.shape), keys=keys, **bound(met))


async def lock_tickets(session: AsyncSession, ids: list[str]) -> dict[str, TicketRow]:
    """Lock several tickets in the order of their ids, so that none waits in a ring."""
    found = await session.scalars(
        select(TicketRow)
        .where(TicketRow.id.in_(ids))
        .order_by(TicketRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in found}


async def tickets_by_id(session: AsyncSession, ids: list[str]) -> dict[str, TicketRow]:
    """Read tickets without locking them."""
    found = await session.scalars(select(TicketRow).where(TicketRow.id.in_(ids)))
    return {row.id: row for row in found}


TREES: Final = 0x7469636B
"""Whoever makes links that must not run in a circle holds this: two links made at
once, of four tickets, could close one that neither sees."""


async def hold_trees(session: AsyncSession) -> None:
    """Let nobody else make such links until the end of this unit of work.

    It is held before any ticket is locked, or two who do both would wait for each
    other.
    """
    await session.execute(select(func.pg_advisory_xact_lock(TREES)))


async def links_onward(
    session: AsyncSession, kind: LinkKind, start: str
) -> list[tuple[str, str]]:
    """Read every link of one kind that can be reached from a ticket, as its ends."""
    first = select(LinkRow.from_id, LinkRow.to_id).where(
        LinkRow.from_id == start, LinkRow.kind == kind
    )
    walk = first.cte("walk", recursive=True)
    further = select(LinkRow.from_id, LinkRow.to_id).join(
        walk, LinkRow.from_id == walk.c.to_id
    )
    walk = walk.union(further.where(LinkRow.kind == kind))
    found = await session.execute(select(walk.c.from_id, walk.c.to_id))
    return [(row.from_id, row.to_id) for row in found]


async def link_between(
    session: AsyncSession, from_id: str, to_id: str, kind: LinkKind
) -> LinkRow | None:
    """Find a link as it is kept."""
    return await session.scalar(
        select(LinkRow).where(
            LinkRow.from_id == from_id, LinkRow.to_id == to_id, LinkRow.kind == kind
        )
    )


async def parent_link(session: AsyncSession, child_id: str) -> LinkRow | None:
    """Find the link to a ticket's parent."""
    return await session.scalar(
        select(LinkRow).where(
            LinkRow.to_id == child_id, LinkRow.kind == LinkKind.PARENT_OF
        )
    )


async def links_of(session: AsyncSession, ids: list[str]) -> list[LinkRow]:
    """Find every link of some tickets, the oldest first."""
    ends = or_(LinkRow.from_id.in_(ids), LinkRow.to_id.in_(ids))
    found = await session.scalars(select(LinkRow).where(ends).order_by(LinkRow.id))
    return list(found)


async def watchers_of(session: AsyncSession, ids: list[str]) -> list[WatcherRow]:
    """Find who watches some tickets, who came first before the others."""
    found = await session.scalars(
        select(WatcherRow)
        .where(WatcherRow.ticket_id.in_(ids))
        .order_by(WatcherRow.added_at, WatcherRow.user_id)
    )
    return list(found)


async def watcher(
    session: AsyncSession, ticket_id: str, user_id: str
) -> WatcherRow | None:
    """Find one who watches a ticket."""
    return await session.get(WatcherRow, (ticket_id, user_id))


async def open_children(session: AsyncSession, parent_id: str) -> list[str]:
    """Find the ids of a ticket's children that have not come to an end."""
    found = await session.scalars(
        select(TicketRow.id)
        .join(LinkRow, LinkRow.to_id == TicketRow.id)
        .where(LinkRow.from_id == parent_id, LinkRow.kind == LinkKind.PARENT_OF)
        .where(TicketRow.status_category.not_in(ENDED))
        .order_by(TicketRow.id)
    )
    return list(found)


async def ending_key(
    session: AsyncSession, kind: TicketType, category: StatusCategory
) -> str:
    """Find the key of a category's first status that a type of ticket may have."""
    return (
        await session.scalars(
            select(StatusRow.key)
            .where(StatusRow.category == category)
            .where(StatusRow.applies_to.contains([kind.value]))
            .order_by(StatusRow.position)
            .limit(1)
        )
    ).one()
