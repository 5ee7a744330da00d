"""What a caller may ask of the list of groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import strawberry
from strawberry import UNSET

from kit.comparators import IdComparator, StringComparator, compare
from kit.filters import (
    EVERYTHING,
    Predicate,
    all_of,
    any_of,
    condition,
    negate,
    refuse_depth,
)
from subgraphs.groups.types.enums import GroupKind


@strawberry.input(description="Which groups. All conditions given must hold.")
class GroupFilter:
    and_: list[GroupFilter] | None = strawberry.field(
        name="and", default=UNSET, description="All of these hold."
    )
    or_: list[GroupFilter] | None = strawberry.field(
        name="or", default=UNSET, description="At least one of these holds."
    )
    not_: GroupFilter | None = strawberry.field(
        name="not", default=UNSET, description="This does not hold."
    )
    id: IdComparator | None = strawberry.field(default=UNSET, description="By id.")
    name: StringComparator | None = strawberry.field(
        default=UNSET, description="By name."
    )
    kind: list[GroupKind] | None = strawberry.field(
        default=UNSET, description="Of one of these kinds."
    )
    department: IdComparator | None = strawberry.field(
        default=UNSET, description="By the id of the department it belongs to."
    )
    member: IdComparator | None = strawberry.field(
        default=UNSET,
        description="By the ids of its members; `isNull: true` finds empty groups.",
    )


def group_predicate(wanted: GroupFilter | None) -> Predicate:
    """Turn a filter into a condition on rows.

    Raises:
        InvalidInputError: it nests too deep, or a comparator cannot be read.

    """
    return refuse_depth(_all(wanted)) if wanted else EVERYTHING


def _all(wanted: GroupFilter) -> Predicate:
    return all_of(*_joined(wanted), *_compared(wanted))


def _joined(wanted: GroupFilter) -> Iterator[Predicate]:
    if wanted.and_:
        yield all_of(*map(_all, wanted.and_))
    if isinstance(wanted.or_, list):
        yield any_of(*map(_all, wanted.or_))
    if wanted.not_:
        yield negate(_all(wanted.not_))


def _compared(wanted: GroupFilter) -> Iterator[Predicate]:
    for column in ("id", "name", "department"):
        comparator = getattr(wanted, column)
        if comparator:
            yield compare(column, comparator)
    if isinstance(wanted.kind, list):
        yield condition("kind", "in", [each.name for each in wanted.kind])
    if wanted.member:
        yield _with_member(wanted.member)


def _with_member(them: IdComparator) -> Predicate:
    """Ask about members; "is not set" asks for groups without any."""
    found = compare("member", replace(them, is_null=UNSET))
    if not isinstance(them.is_null, bool):
        return found
    return all_of(found, condition("member", "any", not them.is_null))
