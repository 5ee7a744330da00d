"""Pages of a real table, held against a plain sorted list."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, Integer, Text, bindparam, column, select, table, true

from kit.database import Database, IdText, Query
from kit.errors import InvalidInputError
from kit.pagination import (
    Order,
    Page,
    beyond,
    cut,
    page_of,
    place_cursor,
    sorted_by,
    write_cursor,
)

ITEM = table(
    "item",
    column("id", IdText),
    column("name", Text),
    column("n", Integer),
    column("at", DateTime(timezone=True)),
)
COLUMNS: dict[str, Any] = {each.name: each for each in ITEM.c}
NOON = datetime(2016, 3, 24, 12, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {
        "id": f"i{number:02}",
        "name": "aBc"[number % 3] * (number % 2 + 1),
        "n": number * 7 % 5,
        "at": NOON + timedelta(microseconds=number // 4),
    }
    for number in range(25)
]
ORDERS = [
    Order("items", by)
    for by in (
        (("id", False),),
        (("id", True),),
        (("n", False), ("id", False)),
        (("n", True), ("id", True)),
        (("n", True), ("id", False)),
        (("at", True), ("name", False), ("id", True)),
        (("name", False), ("at", True), ("n", False), ("id", False)),
    )
]

Read = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def filled(databases: Any) -> str:
    url: str = databases.empty("users")

    async def fill() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(
            'CREATE TABLE item (id text COLLATE "C" PRIMARY KEY, name text COLLATE "C",'
            " n int NOT NULL, at timestamptz NOT NULL)"
        )
        await connection.executemany(
            "INSERT INTO item VALUES ($1, $2, $3, $4)",
            [tuple(row.values()) for row in ROWS],
        )
        await connection.close()

    databases._side.run(fill())
    return url


@pytest.fixture
def read(filled: str, databases: Any) -> Read:
    """Read one page's rows."""

    async def ask(page: Page) -> list[Any]:
        after = beyond(page, COLUMNS)
        query = Query(
            select(*ITEM.c)
            .where(true() if after is None else after)
            .order_by(*sorted_by(page, COLUMNS))
            .limit(bindparam("size", type_=Integer()))
        )
        async with Database(filled) as database:
            return list(await database.rows(query, **page.values))

    return lambda page: databases._side.run(ask(page))


def in_order(order: Order) -> list[dict[str, Any]]:
    """Sort plainly: stable sorts from the least significant column on."""
    rows = list(ROWS)
    for name, down in reversed(order.by):
        rows.sort(key=lambda row, name=name: row[name], reverse=down)
    return rows


HYPOTHESIS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@HYPOTHESIS
@given(order=st.sampled_from(ORDERS), size=st.integers(1, 30), backward=st.booleans())
def test_pages_put_together_are_the_sorted_list(
    read: Read, order: Order, size: int, backward: bool
) -> None:
    pages: list[list[str]] = []
    cursor: str | None = None
    while True:
        page = (
            page_of(order, last=size, before=cursor)
            if backward
            else page_of(order, first=size, after=cursor)
        )
        part = cut(page, read(page))
        pages.append([row["id"] for row in part.rows])
        more, came_from = (
            (part.has_previous, part.has_next)
            if backward
            else (part.has_next, part.has_previous)
        )
        assert came_from is (cursor is not None)
        if not more:
            break
        assert len(part.rows) == size
        cursor = write_cursor(order, part.rows[0 if backward else -1])

    if backward:
        pages.reverse()
    assert [i for page in pages for i in page] == [r["id"] for r in in_order(order)]


@HYPOTHESIS
@given(
    order=st.sampled_from(ORDERS),
    at=st.integers(0, 24),
    size=st.integers(0, 30),
    backward=st.booleans(),
)
def test_a_page_is_the_part_of_the_list_beside_its_cursor(
    read: Read, order: Order, at: int, size: int, backward: bool
) -> None:
    rows = in_order(order)
    cursor = write_cursor(order, rows[at])
    page = (
        page_of(order, last=size, before=cursor)
        if backward
        else page_of(order, first=size, after=cursor)
    )
    part = cut(page, read(page))

    beside = rows[:at] if backward else rows[at + 1 :]
    wanted = (beside[-size:] if size else []) if backward else beside[:size]
    assert [dict(row) for row in part.rows] == wanted
    more = part.has_previous if backward else part.has_next
    assert more is (len(beside) > size)


def test_a_row_that_is_gone_is_still_a_place(read: Read) -> None:
    order = ORDERS[0]
    page = page_of(order, first=2, after=place_cursor(order, ["i03x"]))

    assert [row["id"] for row in cut(page, read(page)).rows] == ["i04", "i05"]


@pytest.mark.parametrize(
    ("order", "place"),
    [
        (ORDERS[0], [5]),
        (ORDERS[2], ["x", "i01"]),
        (ORDERS[2], [2**40, "i01"]),
        (ORDERS[2], [1.5, "i01"]),
        (ORDERS[2], [True, "i01"]),
        (ORDERS[0], ["a\0b"]),
        (ORDERS[5], ["2016-03-24", "a", "i01"]),
        (ORDERS[5], [5, "a", "i01"]),
    ],
    ids=repr,
)
def test_a_forged_place_of_the_wrong_type_is_the_callers_fault(
    read: Read, order: Order, place: list[Any]
) -> None:
    page = page_of(order, after=place_cursor(order, place))
    try:
        rows = read(page)
    except InvalidInputError:
        return
    assert rows is not None


def test_a_page_reads_one_row_more_than_it_shows(read: Read) -> None:
    page = page_of(ORDERS[0], first=3)

    assert len(read(page)) == 4
    assert len(cut(page, read(page)).rows) == 3
