"""The comparator inputs that every domain's filters are made of.

They stand here once and are printed into each subgraph: Federation merges inputs of
one name by intersection, so a copy that drifted would lose fields without a word.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from kit.errors import InvalidInputError
from kit.filters import Predicate, all_of, condition
from kit.scalars import read_moment


@strawberry.enum(description="Which end of a list comes first.")
class SortDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Smallest, oldest, A first.")
    DESC = strawberry.enum_value("DESC", description="Largest, newest, Z first.")


def _one(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="Compares an id. All conditions given must hold.")
class IdComparator:
    eq: strawberry.ID | None = _one("Is this id.")
    in_: list[strawberry.ID] | None = strawberry.field(
        name="in", default=UNSET, description="Is one of these ids; 500 at most."
    )
    nin: list[strawberry.ID] | None = _one("Is none of these ids; 500 at most.")
    is_null: bool | None = _one("Is set (false) or not set (true).")


@strawberry.input(description="Compares a text. All conditions given must hold.")
class StringComparator:
    eq: str | None = _one("Is exactly this text.")
    neq: str | None = _one("Is any other text.")
    in_: list[str] | None = strawberry.field(
        name="in", default=UNSET, description="Is one of these texts; 500 at most."
    )
    nin: list[str] | None = _one("Is none of these texts; 500 at most.")
    contains: str | None = _one("Holds this text anywhere, in upper or lower case.")
    starts_with: str | None = _one("Begins with this text, in upper or lower case.")
    is_null: bool | None = _one("Is set (false) or not set (true).")


@strawberry.input(description="Compares a number. All conditions given must hold.")
class IntComparator:
    eq: int | None = _one("Is this number.")
    neq: int | None = _one("Is any other number.")
    in_: list[int] | None = strawberry.field(
        name="in", default=UNSET, description="Is one of these numbers; 500 at most."
    )
    gt: int | None = _one("Is more than this.")
    gte: int | None = _one("Is this or more.")
    lt: int | None = _one("Is less than this.")
    lte: int | None = _one("Is this or less.")


@strawberry.input(description="Compares a yes or no.")
class BooleanComparator:
    eq: bool | None = _one("Is this.")


@strawberry.input(
    description='Compares an instant. `gte: "-P7D"` means seven days ago: a duration '
    "is taken wherever an instant is. All conditions given must hold."
)
class DateTimeComparator:
    gt: str | None = _one("After this instant.")
    gte: str | None = _one("At this instant or after.")
    lt: str | None = _one("Before this instant.")
    lte: str | None = _one("At this instant or before.")
    is_null: bool | None = _one("Is set (false) or not set (true).")


Comparator = (
    IdComparator
    | StringComparator
    | IntComparator
    | BooleanComparator
    | DateTimeComparator
)

_FIELDS: Final = (
    ("eq", "eq"),
    ("neq", "neq"),
    ("in_", "in"),
    ("nin", "nin"),
    ("gt", "gt"),
    ("gte", "gte"),
    ("lt", "lt"),
    ("lte", "lte"),
    ("contains", "contains"),
    ("starts_with", "starts_with"),
)


def compare(column: str, comparator: Comparator, field: str | None = None) -> Predicate:
    """Turn a comparator into a predicate on a column.

    ``field`` is what the filter calls it, where that is not the column's name.

    Raises:
        InvalidInputError: a condition is null (ask ``isNull`` instead), an instant is
            none, or a value that PostgreSQL cannot hold; it says which.

    """
    asked = to_camel_case(field or column)
    return all_of(*_tests(column, comparator, asked))


def _tests(column: str, comparator: Comparator, field: str) -> Iterator[Predicate]:
    now = datetime.now(UTC)
    for name, operator in _FIELDS:
        value = getattr(comparator, name, UNSET)
        if value is UNSET:
            continue
        asked = f"{field}.{to_camel_case(name.strip('_'))}"
        if value is None:
            raise InvalidInputError(
                f"'{asked}' compares with null; use 'isNull: true'."
            )
        try:
            if isinstance(comparator, DateTimeComparator):
                value = read_moment(value, now)
            test = condition(column, operator, value)
        except InvalidInputError as error:
            raise InvalidInputError(f"'{asked}': {error}") from error
        yield test
    is_null = getattr(comparator, "is_null", UNSET)
    if is_null is None:
        raise InvalidInputError(f"'{field}.isNull' is null; say true or false.")
    if is_null is not UNSET:
        yield condition(column, "null" if is_null else "not_null")
