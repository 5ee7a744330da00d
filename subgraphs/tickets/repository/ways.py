"""Lists of what one may see in several ways: the best of each, then the best of all.

Somebody sees their own tickets, their groups', those they watch: one condition with
`OR`. PostgreSQL would walk through the whole list, newest first, until it has met a
page of them, which for somebody who sees little is never. So each way is asked for its
own first page by its own index, a list of groups group by group, and what they give
is sorted once more: at most a page for each way and group.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    select,
    true,
    union,
)

from kit.database import Query
from kit.filters import Columns, Shape, build
from kit.pagination import Page, beyond, sorted_by
from subgraphs.tickets.repository.columns import Listing

MOST_WAYS: Final = 8

Way = tuple[ColumnElement[bool], Any]
"""A condition on a row, and where it goes by a list, the list's elements."""


def ways_of(shape: Shape, columns: Columns, prefix: str = "p") -> list[Way] | None:
    """Take a condition apart at its first `OR`; None where that would not help.

    The rest of the condition holds for each way. Values bind as in `kit.filters.where`.
    """
    parts = shape[1:] if shape[0] == "and" else (shape,)
    chosen = next((n for n, part in enumerate(parts) if is_choice(part)), None)
    if chosen is None:
        return None
    names = (f"{prefix}{n}" for n in count())
    rest: list[ColumnElement[bool]] = []
    ways: list[Way] = []
    for n, part in enumerate(parts):
        if n == chosen:
            ways = [way_of(each, columns, names) for each in part[1:]]
        else:
            rest.append(build(part, columns, names))
    return [(and_(condition, *rest), keys) for condition, keys in ways]


def is_choice(shape: Shape) -> bool:
    """Say whether a shape offers several ways.

    >>> is_choice(("or", ("eq", "a"), ("eq", "b"))), is_choice(("or", ("eq", "a")))
    (True, False)
    """
    return shape[0] == "or" and 1 < len(shape) - 1 <= MOST_WAYS


def way_of(shape: Shape, columns: Columns, names: Iterator[str]) -> Way:
    """Build one way; a list of values is gone through value by value."""
    column = columns.get(shape[1]) if shape[0] == "in" else None
    if not isinstance(column, ColumnElement):
        return build(shape, columns, names), None
    many = bindparam(next(names), type_=ARRAY(column.type))
    keys = func.unnest(many).table_valued("key", name="keys").render_derived()
    return column == keys.c.key, keys


def page_by_ways(listing: Listing, met: Shape, page: Page) -> Query | None:
    """Build the statement of a page whose condition offers several ways, or None."""
    ways = ways_of(met, listing.names)
    if ways is None:
        return None
    further = beyond(page, listing.sortable)
    firsts = [first_of(listing, way, further, page) for way in ways]
    found = union(*firsts).subquery("found")
    statement = (
        select(*listing.columns)
        .select_from(listing.source)
        .where(listing.sortable["id"].in_(select(found.c.id)))
        .order_by(*sorted_by(page, listing.sortable))
        .limit(bindparam("size", type_=Integer))
    )
    return Query(statement, by_values=True)


def first_of(
    listing: Listing, way: Way, further: ColumnElement[bool] | None, page: Page
) -> Select[Any]:
    """Build one way's own page: ids alone."""
    condition, keys = way
    conditions = [condition] if further is None else [condition, further]
    part = (
        select(listing.sortable["id"].label("id"))
        .select_from(listing.bare)
        .where(*conditions)
        .order_by(*sorted_by(page, listing.sortable))
        .limit(bindparam("size", type_=Integer))
    )
    if keys is None:
        return select(part.subquery().c.id)
    each = part.correlate(keys).lateral()
    return select(each.c.id).select_from(keys.join(each, true()))
