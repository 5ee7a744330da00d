import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import column, literal_column, select

from kit.database import Database, Query, database, reachable
from kit.database.database import PAUSES, Readers
from kit.errors import InvalidInputError

ONE = Query(select(literal_column("1")))
BY_ID = Query(select(literal_column("1")).where(column("id") == "a"))


class FakeReaders(Readers):
    """Readers that do what a test says, one after the other."""

    def __init__(self, *outcomes: Any) -> None:
        super().__init__(_never, 1)
        self.outcomes = list(outcomes)
        self.asked: list[tuple[str, list[object]]] = []

    async def fetch(self, sql: str, arguments: list[object]) -> Any:
        self.asked.append((sql, arguments))
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def _never() -> Any:
    raise AssertionError("No connection is opened.")


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Take no time to pause, and note how long it would have been."""
    noted: list[float] = []
    really = asyncio.sleep

    async def sleep(seconds: float) -> None:
        noted.append(seconds)
        await really(0)

    monkeypatch.setattr(database.asyncio, "sleep", sleep)
    return noted


def reading(*outcomes: Any) -> tuple[Database, FakeReaders]:
    store, fake = Database("postgresql://x/y"), FakeReaders(*outcomes)
    store._readers = fake
    return store, fake


def lost() -> Exception:
    return asyncpg.ConnectionDoesNotExistError("x")


async def test_a_read_is_sent_once_when_all_is_well(pauses: list[float]) -> None:
    store, fake = reading([[1]])

    assert await store.rows(BY_ID) == [[1]]
    assert fake.asked == [(BY_ID.sql, ["a"])]
    assert pauses == []


@pytest.mark.parametrize("times", [1, 2, len(PAUSES)])
async def test_a_read_that_lost_its_connection_is_sent_again(
    pauses: list[float], times: int
) -> None:
    store, fake = reading(*(lost() for _ in range(times)), [[1]])

    assert await store.rows(ONE) == [[1]]
    assert len(fake.asked) == times + 1
    assert pauses == list(PAUSES[:times])


async def test_a_server_that_stays_away_is_given_up_within_a_second(
    pauses: list[float],
) -> None:
    store, fake = reading(*(lost() for _ in range(9)))

    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await store.rows(ONE)
    assert len(fake.asked) == 1 + len(PAUSES)
    assert sum(pauses) < 1


async def test_a_read_that_was_refused_is_not_sent_again(pauses: list[float]) -> None:
    store, fake = reading(asyncpg.UndefinedTableError("x"))

    with pytest.raises(asyncpg.UndefinedTableError):
        await store.rows(ONE)
    assert (len(fake.asked), pauses) == (1, [])


async def test_a_value_refused_is_the_callers_fault_and_not_sent_again() -> None:
    store, fake = reading(asyncpg.DataError("invalid input: 'hunter2'"))

    with pytest.raises(InvalidInputError) as refused:
        await store.rows(ONE)
    assert len(fake.asked) == 1
    assert "hunter2" not in str(refused.value)


async def test_one_row_is_the_first_or_none() -> None:
    store, _ = reading(["first", "second"], [])

    assert await store.row(ONE) == "first"
    assert await store.row(ONE) is None


async def test_a_database_is_reachable_if_it_answers_anything(
    pauses: list[float],
) -> None:
    assert await reachable(reading([[1]])[0])
    assert not await reachable(reading(*(lost() for _ in range(9)))[0])
    assert not await reachable(reading(*(OSError() for _ in range(9)))[0])
    assert not await reachable(reading(TimeoutError())[0])
    assert pauses != []


def test_the_url_is_taken_for_whatever_driver_it_names() -> None:
    for url in ("postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"):
        store = Database(f"{url}://ada:pw@db:5433/users?sslmode=require")
        assert (
            store.url.render_as_string(hide_password=False)
            == "postgresql://ada:pw@db:5433/users?sslmode=require"
        )
