import asyncio
from collections.abc import Iterable
from typing import Any, cast

import pytest
from asyncpg import Record

from kit.loaders import MOST_KEYS, many_each, one_each

ROWS = [{"id": "b", "of": "x"}, {"id": "a", "of": "x"}, {"id": "c", "of": "y"}]


class Table:
    """Rows to be fetched, and the batches that were asked for."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.asked: list[list[str]] = []

    async def fetch(self, keys: list[str]) -> Iterable[Record]:
        self.asked.append(keys)
        await asyncio.sleep(0)
        rows: Any = [row for row in ROWS if row[self.column] in keys]
        return cast("list[Record]", rows)


async def test_siblings_are_read_in_one_go_and_each_gets_its_own() -> None:
    table = Table("id")
    loader = one_each(table.fetch, "id")

    found = await asyncio.gather(*(loader.load(key) for key in ("c", "a", "nobody")))

    assert found == [ROWS[2], ROWS[1], None]
    assert table.asked == [["c", "a", "nobody"]]


async def test_a_key_is_asked_for_once_in_a_request() -> None:
    table = Table("id")
    loader = one_each(table.fetch, "id")

    await asyncio.gather(loader.load("a"), loader.load("a"))
    await loader.load("a")

    assert table.asked == [["a"]]


async def test_rows_of_a_key_keep_the_order_in_which_they_were_read() -> None:
    loader = many_each(Table("of").fetch, "of")

    assert await loader.load_many(["y", "x", "z"]) == [[ROWS[2]], ROWS[:2], []]


async def test_a_large_batch_is_read_in_several() -> None:
    table = Table("id")
    keys = [str(number) for number in range(MOST_KEYS + 1)]

    await one_each(table.fetch, "id").load_many(keys)

    assert [len(asked) for asked in table.asked] == [MOST_KEYS, 1]


async def test_a_failed_read_fails_all_who_waited_for_it() -> None:
    async def fail(_: list[str]) -> Iterable[Record]:
        raise ConnectionError("gone")

    loader = one_each(fail, "id")
    found = await asyncio.gather(
        loader.load("a"), loader.load("b"), return_exceptions=True
    )

    assert [type(each) for each in found] == [ConnectionError, ConnectionError]


@pytest.mark.parametrize("make", [one_each, many_each])
async def test_loaders_of_two_requests_share_nothing(make: Any) -> None:
    table = Table("id")
    await make(table.fetch, "id").load("a")
    await make(table.fetch, "id").load("a")

    assert table.asked == [["a"], ["a"]]
