"""What the graph reads: one statement for each question, for many keys at once."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Subquery,
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
from subgraphs.users.models import DepartmentRow, RoleAssignmentRow, RoleRow, UserRow
from subgraphs.users.repository.columns import (
    DEPARTMENTS,
    HELD,
    ROLES,
    USER_FILTER,
    USERS,
)

CACHED_SHAPES: Final = 512
"""Statements kept per list: clients write few shapes and many values."""

IDS: Final = bindparam("ids", type_=ARRAY(IdText))
SIZE: Final = bindparam("size", type_=Integer)

Shapes = tuple[Any, ...]
Columns = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]

USERS_BY_ID: Final = Query(select(*USERS).where(USERS.id == any_(IDS)))
USERS_BY_EMAIL: Final = Query(
    select(*USERS).where(USERS.email == any_(bindparam("emails", type_=ARRAY(IdText))))
)
DEPARTMENTS_BY_ID: Final = Query(
    select(*DEPARTMENTS).where(DEPARTMENTS.id == any_(IDS))
)
DEPARTMENTS_BY_PARENT: Final = Query(
    select(*DEPARTMENTS)
    .where(DEPARTMENTS.parent_id == any_(IDS))
    .order_by(DEPARTMENTS.name, DEPARTMENTS.id)
)
DEPARTMENTS_BY_HEAD: Final = Query(
    select(DEPARTMENTS.head_id.label("top"), *DEPARTMENTS)
    .where(DEPARTMENTS.head_id == any_(IDS))
    .order_by(DEPARTMENTS.name, DEPARTMENTS.id)
)
DEPARTMENT_COUNT: Final = Query(
    select(func.count().label("count")).select_from(DepartmentRow)
)
ALL_ROLES: Final = Query(select(*ROLES).order_by(ROLES.key))
ROLES_BY_ID: Final = Query(select(*ROLES).where(ROLES.id == any_(IDS)))
ROLES_BY_USER: Final = Query(
    select(
        HELD.user_id,
        HELD.scope,
        HELD.department_id,
        HELD.group_id,
        HELD.granted_by_id,
        HELD.granted_at,
        *ROLES,
    )
    .select_from(RoleAssignmentRow)
    .join(RoleRow, ROLES.id == HELD.role_id)
    .where(HELD.user_id == any_(IDS))
    .order_by(ROLES.key, HELD.granted_at, HELD.id)
)


@lru_cache
def departments_below(by: str) -> Query:
    """Read the departments of several owners, and all that lie inside those.

    ``by`` is the column that names the owner, who is ``top`` in the rows: a head, or
    the department itself.
    """
    tree = (
        select(DEPARTMENTS[by].label("top"), DEPARTMENTS.id)
        .where(DEPARTMENTS[by] == any_(IDS))
        .cte("tree", recursive=True)
    )
    below = select(tree.c.top, DEPARTMENTS.id).join_from(
        tree, DepartmentRow, DEPARTMENTS.parent_id == tree.c.id
    )
    tree = tree.union(below)
    return Query(
        select(tree.c.top, *DEPARTMENTS)
        .join_from(tree, DepartmentRow, DEPARTMENTS.id == tree.c.id)
        .order_by(DEPARTMENTS.name, DEPARTMENTS.id)
    )


@lru_cache(CACHED_SHAPES)
def users_page(filter_shape: Shape, page_shape: Shapes) -> Query:
    """Read one page of the people that a filter finds."""
    page = page_like(page_shape)
    return Query(
        select(*USERS)
        .where(where(filter_shape, USER_FILTER), place(page, USERS))
        .order_by(*sorted_by(page, named(USERS)))
        .limit(SIZE)
    )


@lru_cache(CACHED_SHAPES)
def users_count(filter_shape: Shape) -> Query:
    """Count the people that a filter finds."""
    return Query(
        select(func.count().label("count"))
        .select_from(UserRow)
        .where(where(filter_shape, USER_FILTER))
    )


@lru_cache(CACHED_SHAPES)
def departments_page(page_shape: Shapes) -> Query:
    """Read one page of all departments."""
    page = page_like(page_shape)
    return Query(
        select(*DEPARTMENTS)
        .where(place(page, DEPARTMENTS))
        .order_by(*sorted_by(page, named(DEPARTMENTS)))
        .limit(SIZE)
    )


@lru_cache(CACHED_SHAPES)
def people_pages(relation: str, filter_shape: Shape, page_shape: Shapes) -> Query:
    """Read one page of people for each of several owners, in one statement.

    ``relation`` says what an owner is (see `belongs`); a row's ``owner`` is its id.
    """
    page, owners = page_like(page_shape), owners_asked()
    people = (
        select(*USERS)
        .where(
            belongs(relation, owners),
            where(filter_shape, USER_FILTER),
            place(page, USERS),
        )
        .order_by(*sorted_by(page, named(USERS)))
        .limit(SIZE)
        .lateral("people")
    )
    return Query(
        select(owners.c.owner, *people.c)
        .select_from(owners.join(people, true()))
        .order_by(owners.c.owner, *sorted_by(page, named(people.c)))
    )


@lru_cache(CACHED_SHAPES)
def people_counts(relation: str, filter_shape: Shape) -> Query:
    """Count the people of each of several owners."""
    owners = owners_asked()
    counted = (
        select(func.count())
        .select_from(UserRow)
        .where(belongs(relation, owners), where(filter_shape, USER_FILTER))
        .scalar_subquery()
    )
    return Query(select(owners.c.owner, counted.label("count")))


def owners_asked() -> Subquery:
    """Make a table of the keys that are asked for together."""
    return select(func.unnest(IDS, type_=IdText).label("owner")).subquery("owners")


def belongs(relation: str, owners: Subquery) -> ColumnElement[bool]:
    """Say of a person that they report to, or are a member of, the owner.

    ``subtree`` counts the members of all departments inside the owner too.
    """
    owner = owners.c.owner
    if relation == "reports":
        return USERS.manager_id == owner
    if relation == "members":
        return USERS.department_id == owner
    asked = owners_asked().c.owner
    tree = select(asked.label("top"), asked.label("id")).cte("tree", recursive=True)
    below = select(tree.c.top, DEPARTMENTS.id).join_from(
        tree, DepartmentRow, DEPARTMENTS.parent_id == tree.c.id
    )
    tree = tree.union(below)
    inside = select(tree.c.id).where(tree.c.top == owner).correlate(owners)
    return USERS.department_id.in_(inside)


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
