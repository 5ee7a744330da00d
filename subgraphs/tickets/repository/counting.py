"""How many rows meet a condition: exact, to a bound, by indexes alone where it can be.

A count reads no more than it must: of tickets no status beside them, as each has one.
What somebody may see in several ways is counted way by way, each by its own index, and
what is seen in two of them counts once.
"""

from functools import lru_cache
from typing import Any, Final

from asyncpg import Record
from sqlalchemy import ColumnElement, Select, Subquery, func, select, true, union

from kit.database import Database, Query
from kit.filters import Predicate, Shape, bound, where
from subgraphs.tickets.repository.columns import Listing
from subgraphs.tickets.repository.owners import owner_keys
from subgraphs.tickets.repository.ways import Way, ways_of

SHAPES: Final = 500
"""Statements kept of each kind, least recently used first to go."""

MOST_COUNTED: Final = 50_000
"""A count stops one after these: that there are more is known, and enough."""


async def count_rows(database: Database, listing: Listing, met: Predicate) -> int:
    """Count the rows that meet a condition, to one more than `MOST_COUNTED`."""
    row = await database.row(count_query(listing, met.shape), **bound(met))
    return row["count"] if row else 0


async def owned_counts(
    database: Database, listing: Listing, owner: str, keys: list[str], *, met: Predicate
) -> list[Record]:
    """Count the rows of each owner so, as ``owner_key`` and ``count``."""
    query = owned_count_query(listing, owner, met.shape)
    return await database.rows(query, keys=keys, **bound(met))


@lru_cache(SHAPES)
def count_query(listing: Listing, met: Shape) -> Query:
    """Build the statement of `count_rows`."""
    rows = counted(listing, met, "counted")
    return Query(select(how_many()).select_from(rows), by_values=True)


@lru_cache(SHAPES)
def owned_count_query(listing: Listing, owner: str, met: Shape) -> Query:
    """Build the statement of `owned_counts`."""
    keys = owner_keys()
    mine = listing.sortable[owner] == keys.c.owner_key
    rows = some_of(listing, mine, where(met, listing.names)).correlate(keys)
    part = (
        select(how_many()).select_from(rows.subquery("counted")).correlate(keys)
    ).lateral("part")
    return Query(
        select(keys.c.owner_key, part.c["count"]).select_from(keys.join(part, true())),
        by_values=True,
    )


def how_many() -> ColumnElement[int]:
    """Count what was gathered; several ways together may have gathered too many."""
    return func.least(func.count(), MOST_COUNTED + 1).label("count")


def counted(listing: Listing, met: Shape, name: str, prefix: str = "p") -> Subquery:
    """Build the rows that a count counts, bounded; values bind as `where` says."""
    ways = ways_of(met, listing.names, prefix)
    if ways is None:
        condition = where(met, listing.names, prefix)
        return some_of(listing, condition).subquery(name)
    return union(*(ids_of(listing, way) for way in ways)).subquery(name)


def some_of(listing: Listing, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Build the rows that meet conditions, one more than the most at most."""
    return (
        select(true().label("one"))
        .select_from(listing.bare)
        .where(*conditions)
        .limit(MOST_COUNTED + 1)
    )


def ids_of(listing: Listing, way: Way) -> Select[Any]:
    """Build the ids that one way gives: of a list of values, value by value."""
    condition, keys = way
    key = listing.sortable["id"].label("id")
    bare = listing.bare
    part = (
        select(key).select_from(bare).where(condition)
        if keys is None
        else select(key).select_from(keys.join(bare, condition))
    )
    return select(part.limit(MOST_COUNTED + 1).subquery().c.id)
