"""Due things in a real database: claimed once, whoever comes, whatever breaks."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

import asyncpg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.rounds import Round, Rounds, claimed, sweep
from tests.support.notes import NOTE, add, ids

DUE = 25


@pytest.fixture
async def due(database: Database) -> Database:
    """Notes that are due (n = 0), named so that their order is plain."""
    async with database.unit_of_work() as session:
        await session.execute(
            text("CREATE TABLE note (id text PRIMARY KEY, n int, more jsonb)")
        )
        for number in range(DUE):
            await add(session, f"{number:03d}")
    return database


@pytest.fixture
async def other(due: Database, url: str) -> AsyncGenerator[Database]:
    """Another process's way to the same database."""
    del due
    async with Database(url) as opened:
        yield opened


async def claim(session: AsyncSession, last: str | None) -> Sequence[str]:
    statement = select(NOTE.c.id).where(NOTE.c.n == 0, NOTE.c.id > (last or ""))
    statement = claimed(statement.order_by(NOTE.c.id), NOTE, most=4)
    return (await session.scalars(statement)).all()


async def count_once(session: AsyncSession, item: str) -> None:
    await session.execute(update(NOTE).where(NOTE.c.id == item).values(n=NOTE.c.n + 1))


async def test_two_processes_do_each_due_thing_once_between_them(
    due: Database, other: Database
) -> None:
    both_hold = asyncio.Barrier(2)
    met: set[Database] = set()

    def doing(database: Database) -> Callable[[AsyncSession, str], object]:
        async def do(session: AsyncSession, item: str) -> None:
            if database not in met:  # neither goes on before both have a claim
                met.add(database)
                await both_hold.wait()
            await count_once(session, item)

        return do

    done = await asyncio.gather(
        *(sweep(each, claim, doing(each)) for each in (due, other))  # pyright: ignore[reportArgumentType] - a coroutine function
    )
    assert sum(done) == DUE
    assert min(done) > 0
    async with due.unit_of_work() as session:
        assert set(await session.scalars(select(NOTE.c.n))) == {1}


async def test_what_cannot_be_done_is_left_whole_and_stands_in_no_others_way(
    due: Database,
) -> None:
    async def do(session: AsyncSession, item: str) -> None:
        await count_once(session, item)
        if item in {"000", "007"}:
            raise ValueError(item)

    assert await sweep(due, claim, do) == DUE - 2
    async with due.unit_of_work() as session:
        left = await session.scalars(select(NOTE.c.id).where(NOTE.c.n == 0))
        assert sorted(left) == ["000", "007"]
    assert await sweep(due, claim, count_once) == 2


async def test_what_another_holds_is_left_to_them(
    due: Database, other: Database
) -> None:
    async with other.unit_of_work() as session:
        held = await claim(session, None)
        assert await sweep(due, claim, count_once) == DUE - len(held)
    assert await sweep(due, claim, count_once) == len(held)


async def test_a_round_goes_on_when_the_server_ended_its_sessions(
    due: Database, url: str
) -> None:
    done, again = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        found = await sweep(due, claim, count_once)
        if found:
            (again if done.is_set() else done).set()

    side = await asyncpg.connect(url)
    async with Rounds(Round("count", 0.01, work)).running():
        await done.wait()
        await side.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await side.execute("INSERT INTO note VALUES ('later', 0)")
        await asyncio.wait_for(again.wait(), 30)
    await side.close()
    assert (await ids(due))[-1] == "later"


async def test_a_claim_whose_connection_is_lost_leaves_nothing(
    due: Database,
) -> None:
    async def do(session: AsyncSession, item: str) -> None:
        await count_once(session, item)
        if item == "002":
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Exception, match="connection"):
        await sweep(due, claim, do)
    async with due.unit_of_work() as session:
        assert set(await session.scalars(select(NOTE.c.n))) == {0}
    assert await sweep(due, claim, count_once) == DUE
