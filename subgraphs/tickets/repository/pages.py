"""Pages of rows, alone or for many owners at once.

Each statement is built once for its shape: what is compared how, in which order, from
a place or from the start. Values are parameters.
"""

from functools import lru_cache

from asyncpg import Record
from sqlalchemy import ColumnElement, Integer, bindparam, select, true

from kit.database import Database, Query
from kit.filters import Predicate, Shape, bound, where
from kit.pagination import Order, Page, beyond, sorted_by
from subgraphs.tickets.repository.columns import Listing
from subgraphs.tickets.repository.counting import SHAPES
from subgraphs.tickets.repository.owners import owner_keys
from subgraphs.tickets.repository.ways import page_by_ways

PageShape = tuple[Order, bool, bool]


async def page_rows(
    database: Database, listing: Listing, met: Predicate, page: Page
) -> list[Record]:
    """Read a page of the rows that meet a condition, and one row more."""
    query = page_query(listing, met.shape, page_shape(page))
    return await database.rows(query, **bound(met), **page.values)


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
    return Query(statement, by_values=True)


@lru_cache(SHAPES)
def owned_query(listing: Listing, owner: str, met: Shape, shape: PageShape) -> Query:
    """Build the statement of `owned_rows`: one short index scan for each owner."""
    page, keys = _any_page(shape), owner_keys()
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
        .order_by(*sorted_by(page, part.c)),
        by_values=True,
    )


def _any_page(shape: PageShape) -> Page:
    order, backward, placed = shape
    return Page(order, 0, backward, () if placed else None)


def _conditions(listing: Listing, met: Shape, page: Page) -> list[ColumnElement[bool]]:
    further = beyond(page, listing.sortable)
    found = [where(met, listing.names)]
    return found if further is None else [*found, further]
