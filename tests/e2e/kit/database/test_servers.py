"""Servers that end sessions, end themselves, or are not there."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    text,
)

from helpnest.postgres import EmbeddedPostgres
from kit.database import Database, reachable
from kit.database.database import READ_CONNECTIONS
from tests.support.notes import (
    PID,
    RUNNING_SLEEPS,
    SLEEP,
    add,
    ids,
    until_none,
)


@pytest.fixture
def server() -> Generator[EmbeddedPostgres]:
    """A server of the test's own, to be killed."""
    home = Path(tempfile.mkdtemp(prefix="helpnest-test-"))
    home.chmod(0o711)
    with EmbeddedPostgres(home, ["users"], durable=False) as running:
        yield running
    shutil.rmtree(home, ignore_errors=True)


async def test_it_serves_again_when_its_server_does(server: EmbeddedPostgres) -> None:
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
    notes: Database, side: Callable[[str], Any]
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
    database: Database, side: Callable[[str], Any]
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


async def test_a_database_that_is_not_there_is_no_reason_not_to_start() -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
    async with nowhere:
        assert not await reachable(nowhere)
        with pytest.raises(OSError, match=r"refused|Connect"):
            await nowhere.rows(PID)


async def test_what_is_closed_has_no_connection_left(
    url: str, side: Callable[[str], Any]
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
