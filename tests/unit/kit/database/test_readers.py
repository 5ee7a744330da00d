import asyncio
from typing import Any, cast

import asyncpg
import pytest

from kit.database import readers
from kit.database.readers import Readers


class FakeConnection:
    """A connection that answers when a test lets it."""

    def __init__(self) -> None:
        self.closed = False
        self.let = asyncio.Event()
        self.let.set()
        self.fails: BaseException | None = None
        self.asked: list[Any] = []

    async def fetch(self, sql: str, *arguments: object) -> list[Any]:
        self.asked.append((sql, *arguments))
        await self.let.wait()
        if self.fails is not None:
            raise self.fails
        return [self]

    def is_closed(self) -> bool:
        return self.closed

    def terminate(self) -> None:
        self.closed = True

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - asyncpg's name
        assert timeout > 0
        if self.fails is not None:
            raise self.fails
        self.closed = True


class Made:
    """The connections that were opened."""

    def __init__(self) -> None:
        self.all: list[FakeConnection] = []
        self.fails: BaseException | None = None

    async def connect(self) -> Any:
        await asyncio.sleep(0)
        if self.fails is not None:
            raise self.fails
        self.all.append(FakeConnection())
        return self.all[-1]


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def pool(made: Made) -> Readers:
    return Readers(made.connect, 3)


async def test_the_last_used_connection_serves_next(made: Made, pool: Readers) -> None:
    await asyncio.gather(*(pool.fetch("a", []) for _ in range(3)))
    (last,) = await pool.fetch("b", [1, "x"])
    asked = cast("Any", last).asked

    assert await pool.fetch("c", []) == [last]
    assert asked[-2:] == [("b", 1, "x"), ("c",)]
    assert len(made.all) == 3


async def test_no_more_connections_are_opened_than_allowed(
    made: Made, pool: Readers
) -> None:
    await asyncio.gather(*(pool.fetch("a", []) for _ in range(50)))

    assert len(made.all) == 3
    assert sum(len(each.asked) for each in made.all) == 50


async def test_a_connection_that_was_closed_is_replaced(
    made: Made, pool: Readers
) -> None:
    await pool.fetch("a", [])
    made.all[0].terminate()
    await pool.fetch("b", [])

    assert [each.asked for each in made.all] == [[("a",)], [("b",)]]


async def test_a_connection_that_was_lost_is_not_used_again(
    made: Made, pool: Readers
) -> None:
    await pool.fetch("a", [])
    made.all[0].fails = asyncpg.ConnectionDoesNotExistError("lost")
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await pool.fetch("b", [])

    assert made.all[0].closed
    assert await pool.fetch("c", []) == [made.all[1]]


async def test_a_statement_that_fails_costs_no_connection(
    made: Made, pool: Readers
) -> None:
    await pool.fetch("a", [])
    made.all[0].fails = asyncpg.UndefinedTableError("no such table")
    with pytest.raises(asyncpg.UndefinedTableError):
        await pool.fetch("b", [])
    made.all[0].fails = None

    assert await pool.fetch("c", []) == [made.all[0]]


async def test_connecting_in_vain_takes_no_ones_place(
    made: Made, pool: Readers
) -> None:
    made.fails = ConnectionRefusedError()
    for _ in range(10):
        with pytest.raises(ConnectionRefusedError):
            await pool.fetch("a", [])
    made.fails = None

    assert len(await asyncio.gather(*(pool.fetch("a", []) for _ in range(9)))) == 9


async def test_readers_that_are_cancelled_give_their_place_back(
    made: Made, pool: Readers
) -> None:
    await asyncio.gather(*(pool.fetch("a", []) for _ in range(3)))
    for each in made.all:
        each.let.clear()
    tasks = [asyncio.create_task(pool.fetch("b", [])) for _ in range(10)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for each in made.all:
        each.let.set()

    assert len(await asyncio.gather(*(pool.fetch("c", []) for _ in range(9)))) == 9
    assert len(made.all) == 3


class Slow(Made):
    """Connections that are made when a test lets them."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()
        self.begun = 0

    async def connect(self) -> Any:
        self.begun += 1
        await self.let.wait()
        return await super().connect()


async def test_whoever_goes_while_we_connect_leaves_a_connection_for_others() -> None:
    made = Slow()
    pool = Readers(made.connect, 3)
    for _ in range(4):
        tasks = [asyncio.create_task(pool.fetch("a", [])) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        gone = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in gone)
    assert made.begun == 3  # those half made keep their places
    made.let.set()

    assert len(await asyncio.gather(*(pool.fetch("b", []) for _ in range(9)))) == 9
    assert len(made.all) == 3
    assert [each.closed for each in made.all] == [False] * 3


async def test_connecting_in_vain_for_who_has_gone_takes_no_ones_place() -> None:
    made = Slow()
    made.fails = ConnectionRefusedError()
    pool = Readers(made.connect, 1)
    task = asyncio.create_task(pool.fetch("a", []))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    made.let.set()
    with pytest.raises(ConnectionRefusedError):
        await pool.fetch("b", [])
    made.fails = None

    assert len(await pool.fetch("c", [])) == 1


async def test_closing_waits_for_what_is_half_made_and_cuts_it_off() -> None:
    made = Slow()
    pool = Readers(made.connect, 1)
    task = asyncio.create_task(pool.fetch("a", []))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    closing = asyncio.create_task(pool.close())
    await asyncio.sleep(0)
    assert not closing.done()
    made.let.set()
    await closing

    assert [each.closed for each in made.all] == [True]


async def test_a_connection_that_nobody_needed_for_long_is_closed(
    made: Made, pool: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.gather(*(pool.fetch("a", []) for _ in range(2)))
    await asyncio.sleep(0.01)
    monkeypatch.setattr(readers, "IDLE_SECONDS", 0.005)
    (used,) = await pool.fetch("b", [])

    assert [each.closed for each in made.all] == [each is not used for each in made.all]


async def test_closing_closes_what_is_idle_and_what_comes_back(
    made: Made, pool: Readers
) -> None:
    await asyncio.gather(*(pool.fetch("a", []) for _ in range(3)))
    made.all[-1].let.clear()
    late = asyncio.create_task(pool.fetch("b", []))
    await asyncio.sleep(0)
    busy = next(each for each in made.all if len(each.asked) == 2)
    await pool.close()

    assert [each.closed for each in made.all] == [each is not busy for each in made.all]
    busy.let.set()
    await late
    assert busy.closed


async def test_a_connection_that_cannot_say_goodbye_is_cut_off(
    made: Made, pool: Readers
) -> None:
    await pool.fetch("a", [])
    made.all[0].fails = TimeoutError()
    await pool.close()

    assert made.all[0].closed
