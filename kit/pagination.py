"""Relay pages by keyset: a cursor is a place in an order, not a count of rows.

Rows that are inserted while somebody reads on neither repeat nor hide others, and
page 1,000 costs what page 1 costs.

Source: the Relay cursor connections specification.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar, cast

import orjson
from sqlalchemy import ColumnElement, UnaryExpression, and_, bindparam, or_, tuple_

from kit.errors import InvalidInputError

DEFAULT_SIZE: Final = 50
LARGEST_SIZE: Final = 100
_CHECK_BYTES: Final = 6

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: columns, each ascending or descending.

    The last column is unique, so the order is total, and none is ever null: coalesce
    one that may be. ``name`` tells this list from every other: a cursor made for one
    is refused by the rest.
    """

    name: str
    by: tuple[tuple[str, bool], ...]
    """(column, descending?) from the most significant on."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: so many rows after a place, or before it.

    ``shape`` is what of it becomes SQL and can be a cache's key; ``values`` are
    bound as ``k0``, ``k1``, … and the size as ``size``.
    """

    order: Order
    size: int
    backward: bool = False
    place: tuple[Any, ...] | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """The order, the direction, and whether there is a place to start from."""
        return (self.order, self.backward, self.place is not None)

    @property
    def values(self) -> dict[str, object]:
        """What the statement binds; one row more is read, to know if more follow."""
        place = self.place or ()
        return {"size": self.size + 1, **{f"k{n}": v for n, v in enumerate(place)}}


def page_of(
    order: Order,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """Read the four paging arguments.

    Raises:
        InvalidInputError: both directions at once, a size below 0 or above 100, a
            cursor that was altered or belongs to another list or order.

    """
    backward = last is not None or before is not None
    if backward and (first is not None or after is not None):
        raise InvalidInputError(
            "Page forward with 'first' and 'after', or backward with 'last' and "
            "'before', not both."
        )
    name, size = ("last", last) if backward else ("first", first)
    size = DEFAULT_SIZE if size is None else size
    if not 0 <= size <= LARGEST_SIZE:
        raise InvalidInputError(
            f"'{name}' is {size}; a page holds 0 to {LARGEST_SIZE} items."
        )
    cursor = before if backward else after
    place = None if cursor is None else read_cursor(order, cursor)
    return Page(order, size, backward, place)


def write_cursor(order: Order, row: Any) -> str:
    """Write a row's place in the order as an opaque text; rows read by name.

    >>> order = Order("people", (("name", False), ("id", False)))
    >>> cursor = write_cursor(order, {"name": "Ada", "id": "usr_1", "more": 1})
    >>> read_cursor(order, cursor)
    ('Ada', 'usr_1')
    """
    return place_cursor(order, [row[column] for column, _ in order.by])


def place_cursor(order: Order, values: Sequence[Any]) -> str:
    """Write the values of the order's columns as an opaque text."""
    place = [
        {"at": value.isoformat()} if isinstance(value, datetime) else value
        for value in values
    ]
    payload = orjson.dumps(place)
    return (
        base64.urlsafe_b64encode(_check(order, payload) + payload).decode().rstrip("=")
    )


def read_cursor(order: Order, cursor: str) -> tuple[Any, ...]:
    """Read a place that `write_cursor` wrote for the same order.

    Raises:
        InvalidInputError: the cursor was altered, or is another list's.

    """
    try:
        raw = base64.b64decode(
            cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True
        )
    except ValueError as error:
        raise InvalidInputError("The cursor is malformed.") from error
    check, payload = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
    if check != _check(order, payload):
        raise InvalidInputError(
            "The cursor was altered, or belongs to another list or another order."
        )
    try:
        found: object = orjson.loads(payload)
        values = cast("list[object]", found) if isinstance(found, list) else []
        place = tuple(_read_value(value) for value in values)
    except (TypeError, ValueError, LookupError) as error:
        raise InvalidInputError("The cursor is malformed.") from error
    if len(place) != len(order.by):
        raise InvalidInputError("The cursor is malformed.")
    return place


def _read_value(value: object) -> object:
    if isinstance(value, dict):
        return datetime.fromisoformat(cast("dict[str, str]", value)["at"])
    if not isinstance(value, str | int | float):
        raise ValueError("No column holds that.")
    return value


def _check(order: Order, payload: bytes) -> bytes:
    # Not a secret: it tells mistakes, and rights are checked on the rows themselves.
    list_of = repr((order.name, order.by)).encode()
    return hashlib.blake2b(list_of + payload, digest_size=_CHECK_BYTES).digest()


def beyond(
    page: Page, columns: Mapping[str, ColumnElement[Any]]
) -> ColumnElement[bool] | None:
    """Build the condition "after the place" (or before it), or None at the start.

    Where all columns run the same way it is one comparison of tuples, which an index
    answers; otherwise the lexicographic form of it, with the first column's part said
    apart, so that an index on it is entered at the place and not at its beginning.
    """
    if page.place is None:
        return None
    keys = [
        (columns[name], bindparam(f"k{n}", type_=columns[name].type), down)
        for n, (name, down) in enumerate(page.order.by)
    ]
    if len({down for _, _, down in keys}) == 1:
        left = tuple_(*(column for column, _, _ in keys))
        right = tuple_(*(value for _, value, _ in keys))
        return left < right if keys[0][2] != page.backward else left > right
    steps: list[ColumnElement[bool]] = []
    for n, (column, value, down) in enumerate(keys):
        same = [earlier == its for earlier, its, _ in keys[:n]]
        further = column < value if down != page.backward else column > value
        steps.append(and_(*same, further))
    first, value, down = keys[0]
    entered = first <= value if down != page.backward else first >= value
    return and_(entered, or_(*steps))


def sorted_by(
    page: Page, columns: Mapping[str, ColumnElement[Any]]
) -> list[UnaryExpression[Any]]:
    """Build the ORDER BY of a page; a backward page is read from its far end."""
    return [
        columns[name].desc() if down != page.backward else columns[name].asc()
        for name, down in page.order.by
    ]


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """The rows of one page, in the list's order, and whether there are more."""

    rows: Sequence[Row]
    has_next: bool
    has_previous: bool


def cut(page: Page, rows: Sequence[Any]) -> "Slice[Any]":
    """Make a page of the rows read for it (one more than its size, if there are)."""
    kept, more = rows[: page.size], len(rows) > page.size
    if page.backward:
        return Slice(kept[::-1], has_next=page.place is not None, has_previous=more)
    return Slice(kept, has_next=more, has_previous=page.place is not None)
