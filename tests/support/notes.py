"""A table of notes, to be written and read in any way."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Integer,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, Query

NOTE = table("note", column("id", Text), column("n", Integer), column("more", JSONB))


ALL = Query(select(NOTE.c.id, NOTE.c.n, NOTE.c.more).order_by(NOTE.c.id))


BY_ID = Query(
    select(NOTE.c.id, NOTE.c.n).where(NOTE.c.id == bindparam("id", type_=Text()))
)


SLEEP = Query(select(func.pg_sleep(bindparam("seconds", type_=Integer()))))


PID = Query(select(func.pg_backend_pid().label("pid")))


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
