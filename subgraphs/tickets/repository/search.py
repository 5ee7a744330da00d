"""Full-text search: what is looked for → a condition, a score, and ranked pages."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from asyncpg import Record
from sqlalchemy import (
    ARRAY,
    REAL,
    ColumnElement,
    Double,
    Integer,
    Text,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)

from kit.database import Database, IdText, Query
from kit.filters import Predicate, Shape, all_of, bound, where
from kit.pagination import Order, Page, beyond, sorted_by
from subgraphs.tickets.models import SEARCH, TicketRow
from subgraphs.tickets.repository.columns import BARE, TICKET, Listing
from subgraphs.tickets.repository.counting import SHAPES, count_rows
from subgraphs.tickets.repository.pages import (
    PageShape,
    page_query,
    page_shape,
)
from subgraphs.tickets.repository.search_input import Search

RANKED: Final = 2_000
"""Of more hits than these the newest are ranked: what a page costs has an end."""

RELEVANCE: Final = "distance"
"""What the best hits have least of; no column of a ticket."""

BEST_FIRST: Final = (
    (RELEVANCE, False),
    ("opened_at", True),
    ("id", True),
)

_AFTER_DIGITS: Final = "~"


def _asked(words: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_tsquery(literal_column("'simple'::regconfig"), cast(words, Text))


def matches(_operator: str, words: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare the document of a ticket with the words that are looked for."""
    return SEARCH.bool_op("@@")(_asked(words))


def begins(_operator: str, beginning: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare how a number begins, as a range that its index answers."""
    start = cast(beginning, IdText)
    number = TICKET["number"]
    return (number >= start) & (number < start.concat(_AFTER_DIGITS))


FOUND: Final = {"search": matches, "number_range": begins}
"""What a search compares, beside a filter's columns."""


def score_of(
    document: ColumnElement[Any], number: ColumnElement[Any]
) -> ColumnElement[float]:
    """Build the score: a number that is meant comes before all words.

    A double, as a cursor carries it: the value comes back as it went.
    """
    words = bindparam("words", type_=Text)
    weights = literal_column("'{0.1, 0.2, 0.4, 1.0}'::float4[]", ARRAY(REAL))
    rank = cast(func.ts_rank(weights, document, _asked(words)), Double)
    numbers = bindparam("numbers", type_=ARRAY(IdText))
    start = cast(bindparam("beginning", type_=Text), IdText)
    begun = (number >= start) & (number < start.concat(_AFTER_DIGITS))
    return rank + case((number == any_(numbers), 10.0), (begun, 1.0), else_=0.0)


SEARCHED: Final = replace(BARE, names={**BARE.names, **FOUND})
"""Tickets as a search compares and counts them."""


@lru_cache(SHAPES)
def with_score(listing: Listing) -> Listing:
    """Read the score of a hit along with what else is read of it."""
    score = score_of(SEARCH, TICKET["number"]).label("score")
    return replace(
        listing, columns=(*listing.columns, score), names={**listing.names, **FOUND}
    )


async def count_hits(database: Database, met: Predicate, search: Search) -> int:
    """Count the hits, as `count_rows` does."""
    return await count_rows(database, SEARCHED, all_of(met, search.met))


async def hit_rows(
    database: Database, listing: Listing, met: Predicate, page: Page, search: Search
) -> list[Record]:
    """Read a page of hits, and one more; rows have ``score``."""
    met = all_of(met, search.met)
    # The order's name tells searches apart in cursors, and means nothing in SQL.
    order = Order("hits", page.order.by)
    shape = page_shape(replace(page, order=order))
    ranked = any(name == RELEVANCE for name, _ in order.by)
    query = (
        ranked_query(listing, met.shape, shape)
        if ranked
        else page_query(with_score(listing), met.shape, shape)
    )
    return await database.rows(query, **bound(met), **page.values, **search.values)


@lru_cache(SHAPES)
def ranked_query(listing: Listing, met: Shape, shape: PageShape) -> Query:
    """Build the statement of `hit_rows` for an order by relevance.

    The newest hits are gathered by indexes, scored, and cut to the page; only the
    page's own rows are read whole.
    """
    order, backward, placed = shape
    page = Page(order, 0, backward, () if placed else None)
    keys = [name for name, _ in order.by if name != RELEVANCE]
    # The score is worked out before hits are sorted: sorting them with their documents
    # takes longer than ranking all.
    gathered = (
        select(
            *(TICKET[name] for name in keys),
            score_of(SEARCH, TICKET["number"]).label("score"),
        )
        .where(where(met, {**listing.names, **FOUND}))
        .order_by(TICKET["opened_at"].desc(), TICKET["id"].desc())
        .limit(RANKED)
        .subquery("gathered")
    )
    scored = select(*gathered.c, (-gathered.c.score).label(RELEVANCE)).subquery(
        "scored"
    )
    names = {column.key: column for column in scored.c}
    further = beyond(page, names)
    ranked = (
        select(*scored.c)
        .where(*([] if further is None else [further]))
        .order_by(*sorted_by(page, names))
        .limit(bindparam("size", type_=Integer))
        .subquery("ranked")
    )
    return Query(
        select(*listing.columns, ranked.c.score, ranked.c[RELEVANCE])
        .select_from(listing.source.join(ranked, TicketRow.id == ranked.c.id))
        .order_by(*sorted_by(page, ranked.c)),
        by_values=True,
    )
