"""Pages and counts of rows, alone or for many owners at once.

Each statement is built once for its shape: what is compared how, in which order, from
a place or from the start. Values are parameters.
"""

from functools import lru_cache
from typing import Any, Final

from asyncpg import Record
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    select,
    true,
)
from sqlalchemy import column as name_of
from sqlalchemy.sql.selectable import TableValuedAlias

from kit.database import Database, IdText, Query
from kit.filters import Predicate, Shape, bound, where
from kit.pagination import Order, Page, beyond, sorted_by
from subgraphs.tickets.repository.columns import Listing
from subgraphs.tickets.repository.ways import page_by_ways

SHAPES: Final = 500
"""Statements kept of each kind, least recently used first to go."""

PageShape = tuple[Order, bool, bool]


async def page_rows(
    database: Database, listing: Listing, met: Predicate, page: Page
) -> list[Record]:
    """Read a page of the rows that meet a condition, and one row more."""
    query = page_query(listing, met.shape, page_shape(page))
    return await database.rows(query, **bound(met), **page.values)


MOST_COUNTED: Final = 50_000
"""A count stops one after these: that there are more is known, and enough."""


async def count_rows(database: Database, listing: Listing, met: Predicate) -> int:
    """Count the rows that meet a condition, to one more than `MOST_COUNTED`."""
    row = await database.row(count_query(listing, met.shape), **bound(met))
    return row["count"] if row else 0


async def owned_rows(
    database: Database,
    listing: Listing,
    owner: str,
    keys: list[str],
    *,
    met: Predicate,
    page: Page,
) -> list[Record]:
    """Read such a page for each owner, whose key is in the column ``owner``.

    The rows name their owner as ``owner_key``.
    """
    query = owned_query(listing, owner, met.shape, page_shape(page))
    return await database.rows(query, keys=keys, **bound(met), **page.values)


async def owned_counts(
    database: Database, listing: Listing, owner: str, keys: list[str], *, met: Predicate
) -> list[Record]:
    """Count the rows of each owner so, as ``owner_key`` and ``count``."""
    query = owned_count_query(listing, owner, met.shape)
    return await database.rows(query, keys=keys, **bound(met))


def page_shape(page: Page) -> PageShape:
    """Reduce a page to what becomes SQL."""
    return (page.order, page.backward, page.place is not None)


@lru_cache(SHAPES)
def page_query(listing: Listing, met: Shape, shape: PageShape) -> Query:
    """Build the statement of `page_rows`."""
    page = _any_page(shape)
    by_ways = page_by_ways(listing, met, page)
    if by_ways is not None:
        return by_ways
    statement = (
        select(*listing.columns)
        .select_from(listing.source)
        .where(*_conditions(listing, met, page))
        .order_by(*sorted_by(page, listing.sortable))
        .limit(bindparam("size", type_=Integer))
    )
    return Query(statement)


@lru_cache(SHAPES)
def count_query(listing: Listing, met: Shape) -> Query:
    """Build the statement of `count_rows`."""
    rows = counted(listing, where(met, listing.names)).subquery("counted")
    return Query(select(func.count().label("count")).select_from(rows))


@lru_cache(SHAPES)
def owned_query(listing: Listing, owner: str, met: Shape, shape: PageShape) -> Query:
    """Build the statement of `owned_rows`: one short index scan for each owner."""
    page, keys = _any_page(shape), _keys()
    part = (
        select(*listing.columns)
        .select_from(listing.source)
        .where(listing.sortable[owner] == keys.c.owner_key)
        .where(*_conditions(listing, met, page))
        .order_by(*sorted_by(page, listing.sortable))
        .limit(bindparam("size", type_=Integer))
        .correlate(keys)
        .lateral("part")
    )
    return Query(
        select(keys.c.owner_key, *part.c)
        .select_from(keys.join(part, true()))
        .order_by(*sorted_by(page, part.c))
    )


@lru_cache(SHAPES)
def owned_count_query(listing: Listing, owner: str, met: Shape) -> Query:
    """Build the statement of `owned_counts`."""
    keys = _keys()
    mine = listing.sortable[owner] == keys.c.owner_key
    rows = counted(listing, mine, where(met, listing.names)).correlate(keys)
    part = (
        select(func.count().label("count"))
        .select_from(rows.subquery("counted"))
        .correlate(keys)
        .lateral("part")
    )
    return Query(
        select(keys.c.owner_key, part.c["count"]).select_from(keys.join(part, true()))
    )


def counted(listing: Listing, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Build the rows that a count counts, one more than the most at most."""
    return (
        select(true().label("one"))
        .select_from(listing.source)
        .where(*conditions)
        .limit(MOST_COUNTED + 1)
    )


def _any_page(shape: PageShape) -> Page:
    order, backward, placed = shape
    return Page(order, 0, backward, () if placed else None)


def _conditions(listing: Listing, met: Shape, page: Page) -> list[ColumnElement[bool]]:
    further = beyond(page, listing.sortable)
    found = [where(met, listing.names)]
    return found if further is None else [*found, further]


def _keys() -> TableValuedAlias:
    many: Any = bindparam("keys", type_=ARRAY(IdText))
    return (
        func.unnest(many)
        .table_valued(name_of("owner_key", Text))
        .render_derived("keys")
    )
