"""What a caller may ask of the list of people, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import Final

import strawberry
from strawberry import UNSET

from kit.comparators import (
    BooleanComparator,
    DateTimeComparator,
    IdComparator,
    SortDirection,
    StringComparator,
    compare,
)
from kit.errors import InvalidInputError
from kit.filters import (
    EVERYTHING,
    Predicate,
    all_of,
    any_of,
    condition,
    negate,
    refuse_depth,
)
from kit.pagination import Order

_COLUMNS: Final = (
    "id",
    "email",
    "name",
    "active",
    "department",
    "manager",
    "updated_at",
    "erased_at",
)


@strawberry.input(description="Which people. All conditions given must hold.")
class UserFilter:
    and_: list[UserFilter] | None = strawberry.field(
        name="and", default=UNSET, description="All of these hold."
    )
    or_: list[UserFilter] | None = strawberry.field(
        name="or", default=UNSET, description="At least one of these holds."
    )
    not_: UserFilter | None = strawberry.field(
        name="not", default=UNSET, description="This does not hold."
    )
    id: IdComparator | None = strawberry.field(
        default=UNSET, description="By their id."
    )
    email: StringComparator | None = strawberry.field(
        default=UNSET, description="By e-mail address, which is kept in lower case."
    )
    name: StringComparator | None = strawberry.field(
        default=UNSET, description="By full name."
    )
    active: BooleanComparator | None = strawberry.field(
        default=UNSET, description="By whether they may sign in."
    )
    department: IdComparator | None = strawberry.field(
        default=UNSET, description="By the id of the department they belong to."
    )
    manager: IdComparator | None = strawberry.field(
        default=UNSET, description="By the id of their line manager."
    )
    role_key: StringComparator | None = strawberry.field(
        default=UNSET,
        description="By the keys of the roles they hold, wherever they hold them.",
    )
    updated_at: DateTimeComparator | None = strawberry.field(
        default=UNSET,
        description="By when they, or the roles they hold, last changed.",
    )
    erased_at: DateTimeComparator | None = strawberry.field(
        default=UNSET, description="By when they were erased."
    )


def user_predicate(wanted: UserFilter | None) -> Predicate:
    """Turn a filter into a condition on rows.

    Raises:
        InvalidInputError: it nests too deep, or a comparator cannot be read.

    """
    return refuse_depth(_all(wanted)) if wanted else EVERYTHING


def _all(wanted: UserFilter) -> Predicate:
    return all_of(*_joined(wanted), *_compared(wanted))


def _joined(wanted: UserFilter) -> Iterator[Predicate]:
    if wanted.and_:
        yield all_of(*map(_all, wanted.and_))
    if isinstance(wanted.or_, list):
        yield any_of(*map(_all, wanted.or_))
    if wanted.not_:
        yield negate(_all(wanted.not_))


def _compared(wanted: UserFilter) -> Iterator[Predicate]:
    for column in _COLUMNS:
        comparator = getattr(wanted, column)
        if comparator:
            yield compare(column, comparator)
    if wanted.role_key:
        yield _holding(wanted.role_key)


def _holding(roles: StringComparator) -> Predicate:
    """Ask about roles held; "is not set" asks for people without any."""
    found = compare("role_key", replace(roles, is_null=UNSET))
    if not isinstance(roles.is_null, bool):
        return found
    return all_of(found, condition("role_key", "any", not roles.is_null))


@strawberry.enum(description="What a list of people can be sorted by.")
class UserOrderField(Enum):
    NAME = strawberry.enum_value("NAME", description="Full name.")
    EMAIL = strawberry.enum_value("EMAIL", description="E-mail address.")
    CREATED_AT = strawberry.enum_value(
        "CREATED_AT", description="When they were added."
    )
    UPDATED_AT = strawberry.enum_value(
        "UPDATED_AT", description="When they, or their roles, last changed."
    )


@strawberry.input(description="What to sort people by, and which end comes first.")
class UserOrder:
    field: UserOrderField = strawberry.field(description="What to sort by.")
    direction: SortDirection = strawberry.field(
        default=SortDirection.ASC, description="Which end comes first."
    )


def user_order(wanted: list[UserOrder] | None) -> Order:
    """Make the order of a list of people: by name, unless something else is wanted.

    Raises:
        InvalidInputError: something is sorted by twice.

    """
    by = [
        (each.field.name.lower(), each.direction is SortDirection.DESC)
        for each in wanted or ()
    ] or [("name", False)]
    if len({column for column, _ in by}) != len(by):
        raise InvalidInputError("'orderBy' names the same field twice.")
    if by[-1][0] != "email":  # no two people share one; otherwise the id tells apart,
        by.append(("id", by[-1][1]))  # and runs as the last does, so one index serves
    return Order("users", tuple(by))
