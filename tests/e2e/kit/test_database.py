"""Units of work, reads, and what a real server does to them."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Generator
from enum import Enum
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    Integer,
    Text,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from helpnest.postgres import EmbeddedPostgres
from kit.database import Database, Query, reachable, sqlstate
from kit.database.database import READ_CONNECTIONS
from kit.errors import InvalidInputError, RejectedError

NOTE = table("note", column("id", Text), column("n", Integer), column("more", JSONB))
ALL = Query(select(NOTE.c.id, NOTE.c.n, NOTE.c.more).order_by(NOTE.c.id))
BY_ID = Query(
    select(NOTE.c.id, NOTE.c.n).where(NOTE.c.id == bindparam("id", type_=Text()))
)
SLEEP = Query(select(func.pg_sleep(bindparam("seconds", type_=Integer()))))
PID = Query(select(func.pg_backend_pid().label("pid")))


class Code(Enum):
    TAKEN = "TAKEN"


@pytest.fixture
async def notes(database: Database) -> Database:
    async with database.unit_of_work() as session:
        await session.execute(
            text("CREATE TABLE note (id text PRIMARY KEY, n int, more jsonb)")
        )
    return database


@pytest.fixture
async def side(url: str) -> AsyncGenerator[Callable[[str], Any]]:
    """Ask the same database on a connection of the test's own."""
    connection = await asyncpg.connect(url)
    yield connection.fetchval
    await connection.close()


async def add(session: AsyncSession, id_: str, n: int = 0, more: Any = None) -> None:
    await session.execute(insert(NOTE).values(id=id_, n=n, more=more))


async def ids(database: Database) -> list[str]:
    return [row["id"] for row in await database.rows(ALL)]


async def until_none(side: Callable[[str], Any], count: str) -> None:
    """Wait until a count is zero, five seconds at most."""
    deadline = time.monotonic() + 5
    while left := await side(count):
        assert time.monotonic() < deadline, f"{left} left"
        await asyncio.sleep(0.05)


OPEN_WRITES = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'helpnest-write' "
    "AND datname = current_database() AND state <> 'idle'"
)
RUNNING_SLEEPS = (
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' "
    "AND pid <> pg_backend_pid() AND datname = current_database() "
    "AND state = 'active'"
)


class TestUnitOfWork:
    async def test_it_commits_when_it_ends(self, notes: Database) -> None:
        async with notes.unit_of_work() as session:
            await add(session, "a")
            assert await ids(notes) == []

        assert await ids(notes) == ["a"]

    async def test_what_raises_leaves_nothing_behind(self, notes: Database) -> None:
        async def fail() -> None:
            async with notes.unit_of_work() as session:
                await add(session, "a")
                raise KeyError("x")

        with pytest.raises(KeyError):
            await fail()
        assert await ids(notes) == []

    async def test_a_rejection_is_returned_and_leaves_nothing_behind(
        self, notes: Database
    ) -> None:
        async def work(session: AsyncSession) -> str:
            await add(session, "a")
            raise RejectedError(Code.TAKEN, "Taken.")

        outcome = await notes.attempt(work)

        assert isinstance(outcome, RejectedError)
        assert await ids(notes) == []

    async def test_its_result_is_returned_after_the_commit(
        self, notes: Database
    ) -> None:
        async def work(session: AsyncSession) -> str:
            await add(session, "a")
            return "done"

        assert await notes.attempt(work) == "done"
        assert await ids(notes) == ["a"]

    async def test_an_error_of_the_database_is_raised_without_values(
        self, notes: Database
    ) -> None:
        async def work(session: AsyncSession) -> None:
            await add(session, "hunter2")

        await notes.attempt(work)
        with pytest.raises(DBAPIError) as error:
            await notes.attempt(work)

        assert sqlstate(error.value) == "23505"
        assert "[parameters" not in str(error.value)

    async def test_units_that_deadlock_both_succeed(self, notes: Database) -> None:
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

    async def test_a_deadlock_without_end_is_given_up(self, notes: Database) -> None:
        tries: list[int] = []

        async def work(session: AsyncSession) -> None:
            tries.append(1)
            await session.execute(
                text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
            )

        with pytest.raises(DBAPIError):
            await notes.attempt(work)
        assert len(tries) == 3

    async def test_a_row_that_stays_locked_is_not_waited_for_for_ever(
        self, notes: Database
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
        self, notes: Database
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
        self, notes: Database, side: Callable[[str], Any]
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
        self, notes: Database, value: Any
    ) -> None:
        with pytest.raises(InvalidInputError) as refused:
            async with notes.unit_of_work() as session:
                await add(session, value)

        assert repr(value) not in str(refused.value)


class TestReads:
    async def test_rows_are_read_by_name_with_json_as_values(
        self, notes: Database
    ) -> None:
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
    async def test_a_reader_cannot_write(self, notes: Database, statement: str) -> None:
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
        self, notes: Database, value: Any
    ) -> None:
        with pytest.raises(InvalidInputError, match="A value given"):
            await notes.rows(BY_ID, id=value)

    async def test_a_number_out_of_range_is_the_callers_fault(
        self, notes: Database
    ) -> None:
        query = Query(select(NOTE.c.id).where(NOTE.c.n == bindparam("n")))

        with pytest.raises(InvalidInputError):
            await notes.rows(query, n=2**40)

    async def test_a_broken_statement_is_ours(self, notes: Database) -> None:
        with pytest.raises(asyncpg.UndefinedColumnError):
            await notes.rows(Query(select(literal_column("nope")).select_from(NOTE)))
        with pytest.raises(asyncpg.DivisionByZeroError):
            await notes.rows(Query(select(literal_column("1 / 0"))))

    async def test_a_value_that_is_missing_is_ours(self, notes: Database) -> None:
        with pytest.raises(KeyError):
            await notes.rows(BY_ID)

    async def test_literals_of_a_statement_need_no_value(self, notes: Database) -> None:
        query = Query(select(NOTE.c.id).where(NOTE.c.n.in_([7, 8])).limit(1))
        async with notes.unit_of_work() as session:
            await add(session, "a", 7)

        assert [row["id"] for row in await notes.rows(query)] == ["a"]

    async def test_spaces_inside_a_literal_stay(self, notes: Database) -> None:
        query = Query(select(literal_column("'a  b\n c'").label("x")))

        assert (await notes.rows(query))[0]["x"] == "a  b\n c"

    async def test_more_readers_than_connections_take_turns(
        self, database: Database, side: Callable[[str], Any]
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

    async def test_reads_one_after_the_other_share_a_connection(
        self, database: Database
    ) -> None:
        pids = {(await database.rows(PID))[0]["pid"] for _ in range(20)}

        assert len(pids) == 1

    async def test_a_read_that_is_cancelled_stops_on_the_server_too(
        self, database: Database, side: Callable[[str], Any]
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
        self, notes: Database
    ) -> None:
        star = Query(select(literal_column("*")).select_from(NOTE))
        async with notes.unit_of_work() as session:
            await add(session, "a")
        await notes.rows(star)
        async with notes.unit_of_work() as session:
            await session.execute(text("ALTER TABLE note ADD COLUMN late int"))

        assert dict((await notes.rows(star))[0])["late"] is None

    async def test_every_statement_is_told_to_the_observer(
        self, notes: Database
    ) -> None:
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


class TestServer:
    """Servers that end sessions, end themselves, or are not there."""

    @pytest.fixture
    def server(self) -> Generator[EmbeddedPostgres]:
        """A server of the test's own, to be killed."""
        home = Path(tempfile.mkdtemp(prefix="helpnest-test-"))
        home.chmod(0o711)
        with EmbeddedPostgres(home, ["users"], durable=False) as running:
            yield running
        shutil.rmtree(home, ignore_errors=True)

    async def test_it_serves_again_when_its_server_does(
        self, server: EmbeddedPostgres
    ) -> None:
        async with Database(server.url("users")) as database:
            before = await asyncio.gather(*(database.rows(PID) for _ in range(30)))
            os.kill(server.pid, signal.SIGKILL)
            during = asyncio.create_task(database.rows(PID))
            await asyncio.sleep(0.1)
            server.clear()
            server.start()
            after = await asyncio.gather(*(database.rows(PID) for _ in range(30)))
            assert len(await during) == 1  # by the old one's last breath, or the new
            async with database.unit_of_work() as session:
                await session.execute(text("CREATE TABLE note (n int)"))

        pids = {rows[0]["pid"] for rows in before}
        assert pids.isdisjoint({rows[0]["pid"] for rows in after})

    async def test_reads_and_writes_go_on_after_the_server_killed_their_sessions(
        self, notes: Database, side: Callable[[str], Any]
    ) -> None:
        await asyncio.gather(*(notes.rows(PID) for _ in range(50)))
        async with notes.unit_of_work() as session:
            await add(session, "a")
        killed = await side(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

        assert killed > READ_CONNECTIONS
        found = await asyncio.gather(*(ids(notes) for _ in range(20)))
        assert found == [["a"]] * 20
        async with notes.unit_of_work() as session:
            await add(session, "b")
        assert await ids(notes) == ["a", "b"]

    async def test_a_read_whose_session_is_killed_under_it_is_read_again(
        self, database: Database, side: Callable[[str], Any]
    ) -> None:
        reading = asyncio.create_task(database.rows(SLEEP, seconds=1))
        await asyncio.sleep(0.3)
        assert await side(RUNNING_SLEEPS) == 1
        await side(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'helpnest-read' "
            "AND datname = current_database()"
        )

        assert len(await reading) == 1

    async def test_a_database_that_is_not_there_is_no_reason_not_to_start(self) -> None:
        nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
        async with nowhere:
            assert not await reachable(nowhere)
            with pytest.raises(OSError, match=r"refused|Connect"):
                await nowhere.rows(PID)

    async def test_what_is_closed_has_no_connection_left(
        self, url: str, side: Callable[[str], Any]
    ) -> None:
        async with Database(url) as database:
            assert await reachable(database)
            await asyncio.gather(*(database.rows(PID) for _ in range(20)))
            async with database.unit_of_work() as session:
                await session.execute(text("SELECT 1"))

        await until_none(
            side,
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
