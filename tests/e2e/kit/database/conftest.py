"""The table of notes, and a connection beside it."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    text,
)

from kit.database import Database


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
