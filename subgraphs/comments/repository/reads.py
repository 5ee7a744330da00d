"""What the graph reads: one statement for each question, for many keys at once."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Text,
    any_,
    bindparam,
    cast,
    func,
    select,
    true,
)

from kit.database import IdText, Query
from kit.pagination import Order, Page, beyond, sorted_by
from subgraphs.comments.models import CommentRow, CommentVersionRow, Visibility

CACHED_SHAPES: Final = 64
COMMENTS: Final = CommentRow.__table__.c
VERSIONS: Final = CommentVersionRow.__table__.c
IDS: Final = bindparam("ids", type_=ARRAY(IdText))
READABLE: Final = cast(COMMENTS.visibility, Text) == any_(
    bindparam("readable", type_=ARRAY(Text))
)

AS_SAID: Final = Order("comments", (("created_at", False), ("id", False)))

BY_ID: Final = Query(select(*COMMENTS).where(COMMENTS.id == any_(IDS)))
VERSIONS_BY_COMMENT: Final = Query(
    select(*VERSIONS)
    .where(VERSIONS.comment_id == any_(IDS))
    .order_by(VERSIONS.comment_id, VERSIONS.version)
)
COUNTS: Final = Query(
    select(COMMENTS.ticket_id, func.count().label("count"))
    .where(COMMENTS.ticket_id == any_(IDS), READABLE)
    .group_by(COMMENTS.ticket_id)
)


@lru_cache(CACHED_SHAPES)
def pages(page_shape: tuple[Any, ...]) -> Query:
    """Read one page of what may be read of each of several tickets."""
    order, backward, placed = page_shape
    page = Page(order, 0, backward, () if placed else None)
    asked = select(func.unnest(IDS, type_=IdText).label("owner")).subquery("asked")
    further = beyond(page, named(COMMENTS))
    said = (
        select(*COMMENTS)
        .where(
            COMMENTS.ticket_id == asked.c.owner,
            READABLE,
            true() if further is None else further,
        )
        .order_by(*sorted_by(page, named(COMMENTS)))
        .limit(bindparam("size", type_=Integer))
        .lateral("said")
    )
    return Query(
        select(asked.c.owner, *said.c)
        .select_from(asked.join(said, true()))
        .order_by(asked.c.owner, *sorted_by(page, named(said.c)))
    )


def last_public() -> Query:
    """Read the newest public comment of each ticket, those taken back aside."""
    asked = select(func.unnest(IDS, type_=IdText).label("owner")).subquery("asked")
    newest = (
        select(*COMMENTS)
        .where(
            COMMENTS.ticket_id == asked.c.owner,
            cast(COMMENTS.visibility, Text) == Visibility.PUBLIC.value,
            COMMENTS.deleted_at.is_(None),
        )
        .order_by(COMMENTS.created_at.desc(), COMMENTS.id.desc())
        .limit(1)
        .lateral("newest")
    )
    return Query(select(*newest.c).select_from(asked.join(newest, true())))


def named(columns: Any) -> dict[str, ColumnElement[Any]]:
    """Give columns by their names."""
    return dict(columns.items())


LAST_PUBLIC: Final = last_public()
