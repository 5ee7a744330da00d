"""Units of work on a real server."""

import asyncio
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from sqlalchemy import (
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, Query, sqlstate
from kit.database.faults import LOST_CONNECTION
from kit.errors import InvalidInputError, RejectedError
from tests.support.notes import (
    ALL,
    NOTE,
    OPEN_WRITES,
    add,
    ids,
    until_none,
)


class Code(Enum):
    TAKEN = "TAKEN"


async def test_it_commits_when_it_ends(notes: Database) -> None:
    async with notes.unit_of_work() as session:
        await add(session, "a")
        assert await ids(notes) == []

    assert await ids(notes) == ["a"]


async def test_what_raises_leaves_nothing_behind(notes: Database) -> None:
    async def fail() -> None:
        async with notes.unit_of_work() as session:
            await add(session, "a")
            raise KeyError("x")

    with pytest.raises(KeyError):
        await fail()
    assert await ids(notes) == []


async def test_a_rejection_is_returned_and_leaves_nothing_behind(
    notes: Database,
) -> None:
    async def work(session: AsyncSession) -> str:
        await add(session, "a")
        raise RejectedError(Code.TAKEN, "Taken.")

    outcome = await notes.attempt(work)

    assert isinstance(outcome, RejectedError)
    assert await ids(notes) == []


async def test_its_result_is_returned_after_the_commit(notes: Database) -> None:
    async def work(session: AsyncSession) -> str:
        await add(session, "a")
        return "done"

    assert await notes.attempt(work) == "done"
    assert await ids(notes) == ["a"]


async def test_an_error_of_the_database_is_raised_without_values(
    notes: Database,
) -> None:
    async def work(session: AsyncSession) -> None:
        await add(session, "hunter2")

    await notes.attempt(work)
    with pytest.raises(DBAPIError) as error:
        await notes.attempt(work)

    assert sqlstate(error.value) == "23505"
    assert "[parameters" not in str(error.value)


async def test_units_that_deadlock_both_succeed(notes: Database) -> None:
    async with notes.unit_of_work() as session:
        await add(session, "a")
        await add(session, "b")
    both_hold_one = asyncio.Barrier(2)
    tries: list[str] = []

    def crossing(first: str, second: str) -> Callable[[AsyncSession], Any]:
        async def work(session: AsyncSession) -> None:
            tries.append(first)
            await bump(session, first)
            if len(tries) <= 2:
                await both_hold_one.wait()
            await bump(session, second)

        return work

    async def bump(session: AsyncSession, id_: str) -> None:
        row = update(NOTE).where(NOTE.c.id == id_)
        await session.execute(row.values(n=NOTE.c.n + 1))

    await asyncio.gather(
        notes.attempt(crossing("a", "b")), notes.attempt(crossing("b", "a"))
    )

    assert [row["n"] for row in await notes.rows(ALL)] == [2, 2]
    assert len(tries) == 3


async def test_a_deadlock_without_end_is_given_up(notes: Database) -> None:
    tries: list[int] = []

    async def work(session: AsyncSession) -> None:
        tries.append(1)
        await session.execute(
            text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
        )

    with pytest.raises(DBAPIError):
        await notes.attempt(work)
    assert len(tries) == 3


LEAVE = text("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_one_that_lost_its_connection_is_begun_again(notes: Database) -> None:
    tries: list[int] = []

    async def work(session: AsyncSession) -> str:
        tries.append(1)
        await add(session, "a")
        if len(tries) == 1:
            await session.execute(LEAVE)
        return "done"

    assert await notes.attempt(work) == "done"
    assert (await ids(notes), len(tries)) == (["a"], 2)


async def test_what_lost_its_connection_while_it_committed_is_not_begun_again(
    notes: Database,
) -> None:
    tries: list[int] = []

    async def work(session: AsyncSession) -> None:
        tries.append(1)
        await add(session, "a")
        pid = await session.scalar(text("SELECT pg_backend_pid()"))
        await notes.rows(Query(select(func.pg_terminate_backend(pid))))

    with pytest.raises((DBAPIError, *LOST_CONNECTION)):
        await notes.attempt(work)
    assert (await ids(notes), tries) == ([], [1])


async def test_a_row_that_stays_locked_is_not_waited_for_for_ever(
    notes: Database,
) -> None:
    async with notes.unit_of_work() as session:
        await add(session, "a")
    lock = select(NOTE.c.id).with_for_update()

    async def wait(session: AsyncSession) -> None:
        await session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        await session.execute(lock)

    async with notes.unit_of_work() as holder:
        await holder.execute(lock)
        begun = time.monotonic()
        with pytest.raises(DBAPIError) as error:
            await notes.attempt(wait)

    assert sqlstate(error.value) == "55P03"
    assert time.monotonic() - begun < 3


async def test_the_session_gives_up_locks_and_forgotten_transactions(
    notes: Database,
) -> None:
    async with notes.unit_of_work() as session:
        found = {
            name: await session.scalar(text(f"SHOW {name}"))
            for name in (
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "timezone",
                "application_name",
            )
        }

    assert found == {
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "15s",
        "timezone": "UTC",
        "application_name": "helpnest-write",
    }


async def test_writers_that_are_cancelled_leave_no_transaction_open(
    notes: Database, side: Callable[[str], Any]
) -> None:
    async def write(n: int) -> None:
        async with notes.unit_of_work() as session:
            await add(session, f"note {n}")
            await session.execute(text("SELECT pg_sleep(30)"))

    tasks = [asyncio.create_task(write(n)) for n in range(30)]
    await asyncio.sleep(0.4)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)

    assert {type(each) for each in ended} == {asyncio.CancelledError}
    await until_none(side, OPEN_WRITES)
    assert await ids(notes) == []
    async with notes.unit_of_work() as session:  # and the pool is whole
        await add(session, "after")
    assert await ids(notes) == ["after"]


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 5])
async def test_a_value_that_cannot_be_stored_is_the_callers_fault(
    notes: Database, value: Any
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        async with notes.unit_of_work() as session:
            await add(session, value)

    assert repr(value) not in str(refused.value)
