import base64
import re
from datetime import UTC, timedelta, timezone
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Integer, Text, column, select
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from kit.errors import InvalidInputError
from kit.pagination import (
    DEFAULT_SIZE,
    LARGEST_SIZE,
    Order,
    Page,
    _check,
    beyond,
    cut,
    page_of,
    place_cursor,
    read_cursor,
    sorted_by,
    write_cursor,
)

ORDER = Order("people", (("name", False), ("id", False)))
COLUMNS: dict[str, Any] = {
    "name": column("name", Text),
    "id": column("id", Text),
    "n": column("n", Integer),
}
VALUES = (
    st.text()
    | st.integers(-(2**63), 2**64 - 1)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]))
)


def sql(clause: Any) -> str:
    """Compile for reading: on one line, without the parameters' types."""
    text = str(clause.compile(dialect=dialect(paramstyle="named")))
    return re.sub(r"::\w+", "", " ".join(text.split()))


def forged(order: Order, payload: object) -> str:
    """Write a cursor with a check that is right, as anybody can."""
    raw = orjson.dumps(payload)
    return base64.urlsafe_b64encode(_check(order, raw) + raw).decode().rstrip("=")


@given(first=VALUES, second=VALUES)
def test_a_place_is_read_back_as_it_was_written(first: Any, second: Any) -> None:
    cursor = place_cursor(ORDER, [first, second])

    assert read_cursor(ORDER, cursor) == (first, second)
    assert cursor.isascii()
    assert not set(cursor) & set("+/=& ")


def test_the_cursor_of_a_row_holds_its_place_alone() -> None:
    row = {"id": "usr_1", "name": "Ada", "password": "hunter2"}

    assert read_cursor(ORDER, write_cursor(ORDER, row)) == ("Ada", "usr_1")


@pytest.mark.parametrize(
    "other",
    [
        Order("tickets", ORDER.by),
        Order("people", (("name", True), ("id", False))),
        Order("people", (("id", False), ("name", False))),
        Order("people", (("id", False),)),
    ],
)
def test_a_cursor_is_of_one_list_in_one_order(other: Order) -> None:
    cursor = place_cursor(ORDER, ["Ada", "usr_1"])

    with pytest.raises(InvalidInputError, match="belongs to another"):
        read_cursor(other, cursor)


@given(at=st.integers(0), by=st.characters())
def test_a_cursor_that_was_altered_is_refused(at: int, by: str) -> None:
    cursor = place_cursor(ORDER, ["Ada", "usr_1"])
    at %= len(cursor)
    altered = cursor[:at] + by + cursor[at + 1 :]

    if altered != cursor:
        try:
            assert read_cursor(ORDER, altered) == ("Ada", "usr_1")  # spare bits
        except InvalidInputError:
            return
        assert at == len(cursor) - 1


@given(st.text())
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_cursor(ORDER, text)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        5,
        "ab",
        {},
        {"a": 1, "b": 2},
        [],
        ["Ada"],
        ["Ada", "usr_1", 3],
        ["Ada", None],
        ["Ada", ["usr_1"]],
        ["Ada", {"at": 5}],
        ["Ada", {"at": "soon"}],
        ["Ada", {"when": "2016-03-24"}],
        [{"at": "2016-03-24T00:00:00"}, {}],
    ],
    ids=repr,
)
def test_a_forged_cursor_of_another_shape_is_refused(payload: object) -> None:
    with pytest.raises(InvalidInputError, match="malformed"):
        read_cursor(ORDER, forged(ORDER, payload))


@pytest.mark.parametrize("cursor", ["ü", "a b", "a=b", "====", "a\n", "a" * 5])
def test_what_is_no_base64_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError):
        read_cursor(ORDER, cursor)


def test_without_arguments_a_page_is_the_beginning() -> None:
    assert page_of(ORDER) == Page(ORDER, DEFAULT_SIZE)


@pytest.mark.parametrize("size", [0, 1, LARGEST_SIZE])
def test_sizes_up_to_the_largest_are_taken(size: int) -> None:
    assert page_of(ORDER, first=size) == Page(ORDER, size)
    assert page_of(ORDER, last=size) == Page(ORDER, size, backward=True)


@pytest.mark.parametrize("size", [-1, LARGEST_SIZE + 1, 2**31 - 1])
@pytest.mark.parametrize("name", ["first", "last"])
def test_other_sizes_are_refused_by_name_and_never_cut(name: str, size: int) -> None:
    arguments: Any = {name: size}

    with pytest.raises(InvalidInputError, match=f"'{name}' is {size}"):
        page_of(ORDER, **arguments)


CURSOR = place_cursor(ORDER, ["Ada", "usr_1"])


@pytest.mark.parametrize(
    "arguments",
    [
        {"first": 1, "last": 1},
        {"first": 1, "before": CURSOR},
        {"after": CURSOR, "last": 1},
        {"after": CURSOR, "before": CURSOR},
        {"first": 0, "last": 0},
    ],
    ids="+".join,
)
def test_two_directions_at_once_are_refused(arguments: Any) -> None:
    with pytest.raises(InvalidInputError, match="not both"):
        page_of(ORDER, **arguments)


def test_before_alone_pages_backward() -> None:
    assert page_of(ORDER, before=CURSOR) == Page(
        ORDER, DEFAULT_SIZE, backward=True, place=("Ada", "usr_1")
    )


def test_a_page_binds_its_place_and_one_row_more_than_its_size() -> None:
    assert page_of(ORDER, first=3, after=CURSOR).values == {
        "size": 4,
        "k0": "Ada",
        "k1": "usr_1",
    }


def test_pages_that_differ_in_values_alone_share_a_shape() -> None:
    other = place_cursor(ORDER, ["Bob", "usr_2"])
    one, two = page_of(ORDER, after=CURSOR), page_of(ORDER, first=9, after=other)

    assert one.shape == two.shape
    shapes = {one.shape, page_of(ORDER).shape, page_of(ORDER, before=CURSOR).shape}
    assert len(shapes) == 3


def test_columns_that_run_one_way_are_one_comparison_that_an_index_answers() -> None:
    forward = beyond(page_of(ORDER, after=CURSOR), COLUMNS)
    backward = beyond(page_of(ORDER, before=CURSOR), COLUMNS)

    assert sql(forward) == "(name, id) > (:k0, :k1)"
    assert sql(backward) == "(name, id) < (:k0, :k1)"


def test_columns_that_run_both_ways_are_compared_one_by_one() -> None:
    mixed = Order("people", (("n", True), ("id", False)))
    page = page_of(mixed, after=place_cursor(mixed, [5, "usr_1"]))

    assert sql(beyond(page, COLUMNS)) == (
        "n <= :k0 AND (n < :k0 OR n = :k0 AND id > :k1)"
    )


def test_the_beginning_is_beyond_nothing() -> None:
    assert beyond(page_of(ORDER), COLUMNS) is None
    assert beyond(page_of(ORDER, last=5), COLUMNS) is None


def test_a_backward_page_is_read_from_its_far_end() -> None:
    mixed = Order("people", (("n", True), ("id", False)))

    def ordering(page: Page) -> str:
        statement = select(COLUMNS["id"]).order_by(*sorted_by(page, COLUMNS))
        return sql(statement).partition("ORDER BY ")[2]

    assert ordering(page_of(mixed)) == "n DESC, id ASC"
    assert ordering(page_of(mixed, last=1)) == "n ASC, id DESC"


@pytest.mark.parametrize(
    ("page", "rows", "wanted"),
    [
        (page_of(ORDER, first=2), [1, 2, 3], ([1, 2], True, False)),
        (page_of(ORDER, first=2), [1, 2], ([1, 2], False, False)),
        (page_of(ORDER, first=2), [], ([], False, False)),
        (page_of(ORDER, first=0), [1], ([], True, False)),
        (page_of(ORDER, first=2, after=CURSOR), [1], ([1], False, True)),
        (page_of(ORDER, last=2), [9, 8, 7], ([8, 9], False, True)),
        (page_of(ORDER, last=2, before=CURSOR), [9], ([9], True, False)),
        (page_of(ORDER, last=0, before=CURSOR), [9], ([], True, True)),
    ],
    ids=str,
)
def test_the_rows_read_are_cut_to_a_page(
    page: Page, rows: list[int], wanted: tuple[list[int], bool, bool]
) -> None:
    part = cut(page, rows)

    assert (list(part.rows), part.has_next, part.has_previous) == wanted
