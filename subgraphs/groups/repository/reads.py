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
    func,
    select,
    true,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from kit.database import IdText, Query
from kit.filters import Shape, where
from kit.pagination import Page, beyond, sorted_by
from subgraphs.groups.models import GroupMemberRow, GroupRow
from subgraphs.groups.repository.columns import (
    AVAILABILITIES,
    GROUP_FILTER,
    GROUPS,
    MEMBERS,
)

CACHED_SHAPES: Final = 512
"""Statements kept per list: clients write few shapes and many values."""

IDS: Final = bindparam("ids", type_=ARRAY(IdText))
KINDS: Final = bindparam("kinds", type_=ARRAY(Text))
SIZE: Final = bindparam("size", type_=Integer)

Shapes = tuple[Any, ...]
Columns = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]

GROUPS_BY_ID: Final = Query(select(*GROUPS).where(GROUPS.id == any_(IDS)))
GROUPS_BY_PARENT: Final = Query(
    select(*GROUPS)
    .where(GROUPS.parent_id == any_(IDS))
    .order_by(GROUPS.name, GROUPS.id)
)
GROUPS_BY_USER: Final = Query(
    select(MEMBERS.user_id, *GROUPS)
    .select_from(GroupMemberRow)
    .join(GroupRow, GROUPS.id == MEMBERS.group_id)
    .where(MEMBERS.user_id == any_(IDS), GROUPS.kind.cast(Text) == any_(KINDS))
    .order_by(GROUPS.name, GROUPS.id)
)
MEMBERSHIPS: Final = Query(
    select(MEMBERS.group_id).where(
        MEMBERS.group_id == any_(IDS),
        MEMBERS.user_id == bindparam("user", type_=IdText),
    )
)
MEMBERS_BY_USER: Final = Query(
    select(*MEMBERS)
    .where(
        MEMBERS.user_id == any_(IDS),
        MEMBERS.group_id == bindparam("group", type_=IdText),
    )
    .order_by(MEMBERS.joined_at, MEMBERS.user_id)
)
MEMBER_COUNTS: Final = Query(
    select(MEMBERS.group_id, func.count().label("count"))
    .where(MEMBERS.group_id == any_(IDS))
    .group_by(MEMBERS.group_id)
)
ABSENCES_BY_USER: Final = Query(
    select(*AVAILABILITIES)
    .where(AVAILABILITIES.user_id == any_(IDS))
    .order_by(AVAILABILITIES.user_id, AVAILABILITIES.starts_at)
)


@lru_cache(CACHED_SHAPES)
def groups_page(filter_shape: Shape, page_shape: Shapes) -> Query:
    """Read one page of the groups that a filter finds."""
    page = page_like(page_shape)
    return Query(
        select(*GROUPS)
        .where(where(filter_shape, GROUP_FILTER), place(page, GROUPS))
        .order_by(*sorted_by(page, named(GROUPS)))
        .limit(SIZE)
    )


@lru_cache(CACHED_SHAPES)
def groups_count(filter_shape: Shape) -> Query:
    """Count the groups that a filter finds."""
    return Query(
        select(func.count().label("count"))
        .select_from(GroupRow)
        .where(where(filter_shape, GROUP_FILTER))
    )


@lru_cache(CACHED_SHAPES)
def member_pages(page_shape: Shapes) -> Query:
    """Read one page of members for each of several groups, in one statement."""
    page = page_like(page_shape)
    asked = select(func.unnest(IDS, type_=IdText).label("owner")).subquery("asked")
    members = (
        select(*MEMBERS)
        .where(MEMBERS.group_id == asked.c.owner, place(page, MEMBERS))
        .order_by(*sorted_by(page, named(MEMBERS)))
        .limit(SIZE)
        .lateral("members")
    )
    return Query(
        select(asked.c.owner, *members.c)
        .select_from(asked.join(members, true()))
        .order_by(asked.c.owner, *sorted_by(page, named(members.c)))
    )


def page_like(shape: Shapes) -> Page:
    """Make a page that has this shape, to build its statement from."""
    order, backward, placed = shape
    return Page(order, 0, backward, () if placed else None)


def place(page: Page, columns: Columns) -> ColumnElement[bool]:
    """Say "beyond the page's place", which at a list's start is everywhere."""
    found = beyond(page, named(columns))
    return true() if found is None else found


def named(columns: Columns) -> dict[str, ColumnElement[Any]]:
    """Give columns by their names."""
    return dict(columns.items())
