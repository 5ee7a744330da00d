"""One domain's migrations on a real server: together, in the way, half done."""

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from kit import migrations

ENV = """
from sqlalchemy import Column, Integer, MetaData, Table
from kit.migrations import run_environment

metadata = MetaData()
Table("note", metadata, Column("n", Integer, primary_key=True))
run_environment(metadata)
"""

FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

def upgrade():
    op.create_table("note", sa.Column("n", sa.Integer, primary_key=True))
    op.execute("SELECT pg_sleep(0.3)")

def downgrade():
    op.drop_table("note")
"""

SECOND = """
from alembic import op

revision, down_revision = "0002", "0001"

def upgrade():
    op.execute("ALTER TABLE note ADD COLUMN IF NOT EXISTS late int")
    op.execute("ALTER TABLE note DROP COLUMN late")
    {more}

def downgrade():
    pass
"""


class Folder:
    """A domain's migrations, written for a test."""

    def __init__(self, path: Path) -> None:
        self.versions = path / "diary" / "versions"
        self.versions.mkdir(parents=True)
        (path / "diary" / "env.py").write_text(ENV)
        (self.versions / "0001_first.py").write_text(FIRST)

    def add_second(self, more: str = "pass") -> None:
        (self.versions / "0002_second.py").write_text(SECOND.format(more=more))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setattr(migrations, "migrations_folder", lambda: tmp_path)
    return Folder(tmp_path)


@pytest.fixture
async def side(url: str) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


Side: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
VERSION = "SELECT version_num FROM alembic_version"


async def test_a_database_is_brought_to_the_newest_revision(
    folder: Folder, url: str, side: Side
) -> None:
    folder.add_second()
    await migrations.upgrade("diary", url)

    assert await side.fetchval(VERSION) == "0002"
    assert await migrations.check("diary", url) == []


async def test_a_database_is_brought_to_the_revision_named(
    folder: Folder, url: str, side: Side
) -> None:
    folder.add_second()
    await migrations.upgrade("diary", url, "0001")

    assert await side.fetchval(VERSION) == "0001"


@pytest.mark.usefixtures("folder")
async def test_to_migrate_again_changes_nothing(url: str, side: Side) -> None:
    await migrations.upgrade("diary", url)
    await side.execute("INSERT INTO note VALUES (1)")
    await migrations.upgrade("diary", url)

    assert await side.fetchval("SELECT count(*) FROM note") == 1


@pytest.mark.usefixtures("folder")
async def test_of_several_that_start_together_one_migrates(
    url: str, side: Side
) -> None:
    begun = time.monotonic()
    await asyncio.gather(*(migrations.upgrade("diary", url) for _ in range(4)))

    assert await side.fetchval(VERSION) == "0001"
    assert time.monotonic() - begun < 4 * 0.3 + 3


@pytest.mark.usefixtures("folder")
async def test_the_second_waits_until_the_first_has_ended(url: str, side: Side) -> None:
    await side.execute("SELECT pg_advisory_lock($1)", migrations.ADVISORY_LOCK)
    waiting = asyncio.create_task(migrations.upgrade("diary", url))
    await asyncio.sleep(0.5)

    assert not waiting.done()
    assert await side.fetchval("SELECT to_regclass('note')") is None
    await side.execute("SELECT pg_advisory_unlock($1)", migrations.ADVISORY_LOCK)
    await waiting
    assert await side.fetchval(VERSION) == "0001"


async def test_a_migration_gives_up_behind_a_long_transaction(
    folder: Folder, url: str, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT", "200ms")
    await migrations.upgrade("diary", url)
    folder.add_second()
    async with side.transaction():
        await side.execute("SELECT * FROM note")
        with pytest.raises(DBAPIError, match="lock timeout"):
            await migrations.upgrade("diary", url)

    assert await side.fetchval(VERSION) == "0001"
    await migrations.upgrade("diary", url)  # and the lock is free again
    assert await side.fetchval(VERSION) == "0002"


async def test_a_migration_that_fails_leaves_nothing_of_itself(
    folder: Folder, url: str, side: Side
) -> None:
    folder.add_second('op.execute("CREATE TABLE half (n int); SELECT 1 / 0")')
    with pytest.raises(DBAPIError):
        await migrations.upgrade("diary", url)

    assert await side.fetchval(VERSION) == "0001"
    assert await side.fetchval("SELECT to_regclass('half')") is None


async def test_a_server_that_dies_under_a_migration_is_what_is_told(
    folder: Folder, url: str
) -> None:
    folder.add_second('op.execute("SELECT pg_terminate_backend(pg_backend_pid())")')
    with pytest.raises(DBAPIError, match=r"terminat|closed"):
        await migrations.upgrade("diary", url)


@pytest.mark.usefixtures("folder")
async def test_a_database_that_differs_from_the_models_is_told(
    url: str, side: Side
) -> None:
    await migrations.upgrade("diary", url)
    await side.execute("ALTER TABLE note ADD COLUMN stray int")

    (told,) = await migrations.check("diary", url)
    assert "stray" in told


@pytest.mark.usefixtures("folder")
async def test_a_revision_that_does_not_exist_is_told(url: str) -> None:
    with pytest.raises(CommandError, match="9999"):
        await migrations.upgrade("diary", url, "9999")
