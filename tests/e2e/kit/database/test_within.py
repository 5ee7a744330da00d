"""Statements that go past the ORM are of the same unit of work."""

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import (
    Database,
    Query,
    row_within,
    rows_within,
    write_json,
    write_within,
)
from kit.database.faults import LOST_CONNECTION
from kit.errors import InvalidInputError
from tests.support.notes import ALL, BY_ID, NOTE, PID, add, ids

ADD = Query(
    insert(NOTE).values(
        id=bindparam("id"), n=bindparam("n"), more=bindparam("more", type_=JSONB)
    )
)
BEGUN = Query(select(func.pg_current_xact_id().label("id")))


async def note(session: AsyncSession, *found: str) -> None:
    given = [{"id": each, "n": 1, "more": write_json({"é": [1]})} for each in found]
    await write_within(session, ADD, given)


async def test_what_they_write_is_there_when_the_unit_of_work_has_ended(
    notes: Database,
) -> None:
    async with notes.unit_of_work() as session:
        await note(session, "a")
        assert await ids(notes) == []
        assert await row_within(session, BY_ID, id="nobody") is None

    assert [dict(row) for row in await notes.rows(ALL)] == [
        {"id": "a", "n": 1, "more": {"é": [1]}}
    ]


async def test_what_raises_takes_them_back(notes: Database) -> None:
    async def fail() -> None:
        async with notes.unit_of_work() as session:
            await note(session, "a", "b")
            await add(session, "c")
            raise KeyError("x")

    with pytest.raises(KeyError):
        await fail()
    assert await ids(notes) == []


async def test_they_share_a_transaction_with_the_orm_whoever_comes_first(
    notes: Database,
) -> None:
    async with notes.unit_of_work() as session:
        pid = await row_within(session, PID)
        first = await row_within(session, BEGUN)
        assert await session.scalar(BEGUN.statement) == (first and first["id"])
        assert await session.scalar(PID.statement) == (pid and pid["pid"])
    async with notes.unit_of_work() as session:
        second = await session.scalar(BEGUN.statement)
        row = await row_within(session, BEGUN)
        assert second == (row and row["id"])
    assert first is not None
    assert second != first["id"]


async def test_several_rows_go_in_one_statement_and_none_in_none(
    notes: Database,
) -> None:
    told: list[str] = []
    notes.observe = told.append
    async with notes.unit_of_work() as session:
        await note(session)
        await note(session, "a")
        await note(session, "b", "c")

    assert told == [ADD.sql, ADD.sql]
    assert await ids(notes) == ["a", "b", "c"]


async def test_json_is_read_as_its_value(notes: Database) -> None:
    async with notes.unit_of_work() as session:
        await add(session, "a", more={"b": None})

        [row] = await rows_within(session, ALL)

    assert row["more"] == {"b": None}


async def test_a_savepoint_takes_them_back_alone(notes: Database) -> None:
    async def fail(session: AsyncSession) -> None:
        async with session.begin_nested():
            await note(session, "b")
            raise KeyError("x")

    async with notes.unit_of_work() as session:
        await note(session, "a")
        with pytest.raises(KeyError):
            await fail(session)
        await note(session, "c")

    assert await ids(notes) == ["a", "c"]


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 5])
async def test_a_value_that_no_row_could_hold_is_the_callers_fault(
    notes: Database, value: Any
) -> None:
    with pytest.raises(InvalidInputError, match="A value given"):
        async with notes.unit_of_work() as session:
            await row_within(session, BY_ID, id=value)


async def test_a_broken_statement_is_ours(notes: Database) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with notes.unit_of_work() as session:
            await rows_within(session, Query(select(literal_column("1 / 0"))))
    async with notes.unit_of_work() as session:
        await note(session, "a")
    assert await ids(notes) == ["a"]


async def test_of_two_that_meet_in_a_deadlock_both_get_through(
    notes: Database,
) -> None:
    lock = Query(
        select(NOTE.c.id).where(NOTE.c.id == bindparam("id")).with_for_update()
    )
    async with notes.unit_of_work() as session:
        await note(session, "a", "b")
    tries: list[str] = []
    both = asyncio.Barrier(2)

    def work(first: str, second: str) -> Any:
        async def cross(session: AsyncSession) -> str:
            tries.append(first)
            await rows_within(session, lock, id=first)
            if len(tries) <= 2:
                await both.wait()
            await rows_within(session, lock, id=second)
            return first

        return cross

    done = await asyncio.gather(
        notes.attempt(work("a", "b")), notes.attempt(work("b", "a"))
    )

    assert done == ["a", "b"]
    assert len(tries) == 3


async def test_a_connection_that_was_lost_is_replaced(
    notes: Database, side: Any
) -> None:
    async def lose() -> None:
        async with notes.unit_of_work() as session:
            pid = await row_within(session, PID)
            assert pid is not None
            await side(f"SELECT pg_terminate_backend({pid['pid']})")
            await note(session, "a")

    with pytest.raises(LOST_CONNECTION):
        await lose()
    async with notes.unit_of_work() as session:
        await session.execute(text("SELECT 1"))
        await note(session, "b")
    assert await ids(notes) == ["b"]
