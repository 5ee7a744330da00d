"""Reads on a real server."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from kit.database import Database, Query
from kit.database.database import LIST_CONNECTIONS, READ_CONNECTIONS
from kit.errors import InvalidInputError
from tests.support.notes import (
    ALL,
    BY_ID,
    NOTE,
    PID,
    RUNNING_SLEEPS,
    SLEEP,
    add,
    until_none,
)


async def test_rows_are_read_by_name_with_json_as_values(notes: Database) -> None:
    more = {"a": [1, None, "é"]}
    async with notes.unit_of_work() as session:
        await add(session, "a", 1, more)

    row = await notes.row(ALL)

    assert row is not None
    assert dict(row) == {"id": "a", "n": 1, "more": more}
    assert await notes.row(BY_ID, id="nobody") is None


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO note VALUES ('x')",
        "UPDATE note SET n = 1",
        "DELETE FROM note",
        "TRUNCATE note",
        "DROP TABLE note",
        "CREATE TABLE other (n int)",
        "SELECT * FROM note FOR UPDATE",
        "SELECT nextval('s')",
    ],
)
async def test_a_reader_cannot_write(notes: Database, statement: str) -> None:
    async with notes.unit_of_work() as session:
        await session.execute(text("CREATE SEQUENCE s"))
        await add(session, "a")

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await notes._readers.fetch(statement, [])
    assert [dict(row) for row in await notes.rows(ALL)] == [
        {"id": "a", "n": 0, "more": None}
    ]


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 5, None.__class__])
async def test_a_value_that_no_row_could_hold_is_the_callers_fault(
    notes: Database, value: Any
) -> None:
    with pytest.raises(InvalidInputError, match="A value given"):
        await notes.rows(BY_ID, id=value)


async def test_a_number_out_of_range_is_the_callers_fault(notes: Database) -> None:
    query = Query(select(NOTE.c.id).where(NOTE.c.n == bindparam("n")))

    with pytest.raises(InvalidInputError):
        await notes.rows(query, n=2**40)


async def test_a_broken_statement_is_ours(notes: Database) -> None:
    with pytest.raises(asyncpg.UndefinedColumnError):
        await notes.rows(Query(select(literal_column("nope")).select_from(NOTE)))
    with pytest.raises(asyncpg.DivisionByZeroError):
        await notes.rows(Query(select(literal_column("1 / 0"))))


async def test_a_value_that_is_missing_is_ours(notes: Database) -> None:
    with pytest.raises(KeyError):
        await notes.rows(BY_ID)


async def test_literals_of_a_statement_need_no_value(notes: Database) -> None:
    query = Query(select(NOTE.c.id).where(NOTE.c.n.in_([7, 8])).limit(1))
    async with notes.unit_of_work() as session:
        await add(session, "a", 7)

    assert [row["id"] for row in await notes.rows(query)] == ["a"]


async def test_spaces_inside_a_literal_stay(notes: Database) -> None:
    query = Query(select(literal_column("'a  b\n c'").label("x")))

    assert (await notes.rows(query))[0]["x"] == "a  b\n c"


async def test_more_readers_than_connections_take_turns(
    database: Database, side: Callable[[str], Any]
) -> None:
    found = await asyncio.gather(*(database.rows(PID) for _ in range(100)))

    pids = {rows[0]["pid"] for rows in found}
    assert 1 < len(pids) <= READ_CONNECTIONS
    assert (
        await side(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE application_name = 'helpnest-read' "
            "AND datname = current_database()"
        )
        == READ_CONNECTIONS
    )


async def test_reads_one_after_the_other_share_a_connection(database: Database) -> None:
    pids = {(await database.rows(PID))[0]["pid"] for _ in range(20)}

    assert len(pids) == 1


async def test_a_read_that_is_cancelled_stops_on_the_server_too(
    database: Database, side: Callable[[str], Any]
) -> None:
    tasks = [
        asyncio.create_task(database.rows(SLEEP, seconds=30))
        for _ in range(3 * READ_CONNECTIONS)
    ]
    await asyncio.sleep(0.4)
    assert await side(RUNNING_SLEEPS) == READ_CONNECTIONS
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    await until_none(side, RUNNING_SLEEPS)
    begun = time.monotonic()
    answers = await asyncio.gather(*(database.rows(PID) for _ in range(50)))
    assert len(answers) == 50
    assert time.monotonic() - begun < 3


async def test_a_statement_prepared_before_a_migration_still_runs_after_it(
    notes: Database,
) -> None:
    star = Query(select(literal_column("*")).select_from(NOTE))
    async with notes.unit_of_work() as session:
        await add(session, "a")
    await notes.rows(star)
    async with notes.unit_of_work() as session:
        await session.execute(text("ALTER TABLE note ADD COLUMN late int"))

    assert dict((await notes.rows(star))[0])["late"] is None


async def test_every_statement_is_told_to_the_observer(notes: Database) -> None:
    told: list[str] = []
    notes.observe = told.append
    await notes.rows(ALL)
    async with notes.unit_of_work() as session:
        await add(session, "a")
    notes.observe = None
    await notes.rows(ALL)

    assert len(told) == 2
    assert told[0] == ALL.sql
    assert told[1].startswith("INSERT INTO note")


async def test_what_is_planned_by_its_values_is_planned_anew_each_time(
    database: Database,
) -> None:
    mode = select(func.current_setting("plan_cache_mode").label("mode"))

    once = await database.rows(Query(mode))
    anew = await database.rows(Query(mode, by_values=True))

    assert once[0]["mode"] == "auto"
    assert anew[0]["mode"] == "force_custom_plan"


async def test_lists_leave_connections_to_what_is_found_by_its_key(
    database: Database,
) -> None:
    listing = Query(SLEEP.statement, by_values=True)
    tasks = [
        asyncio.create_task(database.rows(listing, seconds=30))
        for _ in range(READ_CONNECTIONS + LIST_CONNECTIONS)
    ]

    found = await asyncio.wait_for(database.rows(PID), 20)

    assert len(found) == 1
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
