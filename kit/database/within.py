"""Statements of a unit of work that need nothing of the ORM, run by asyncpg itself.

The ORM is worth its time where rules change rows. To note, to look up and to add takes
a tenth of that time so: the statement is compiled once, and neither a result nor a
row of SQLAlchemy's is made. Errors are asyncpg's own.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database.faults import LOST_CONNECTION
from kit.database.query import Query

_DRIVER: Final = "driver"
OBSERVE: Final = "observe"
"""Where a session has who is told of statements."""

Observe = Callable[[str], None]


async def rows_within(
    session: AsyncSession, query: Query, **values: object
) -> list[asyncpg.Record]:
    """Run a statement in a unit of work's transaction, and return all its rows.

    As the ORM does, it writes first what the session holds, unless that is told not
    to. Enums go in and come out as their texts; JSON goes in by `write_json`, and
    comes out as the value.
    """
    async with _driver(session, query) as driver:
        return await driver.fetch(query.sql, *query.arguments(values))


async def row_within(
    session: AsyncSession, query: Query, **values: object
) -> asyncpg.Record | None:
    """Run a statement so, and return its first row, or None."""
    found = await rows_within(session, query, **values)
    return found[0] if found else None


async def write_within(
    session: AsyncSession, query: Query, several: Sequence[Mapping[str, object]]
) -> None:
    """Run a statement so for each of several sets of values, in one go."""
    if not several:
        return
    first, *more = (query.arguments(values) for values in several)
    async with _driver(session, query) as driver:
        if more:
            await driver.executemany(query.sql, [first, *more])
        else:
            await driver.fetch(query.sql, *first)


def write_json(value: object) -> str:
    """Write a value for a JSON column."""
    return orjson.dumps(value).decode()


@asynccontextmanager
async def _driver(session: AsyncSession, query: Query) -> AsyncGenerator[Any]:
    """Give the connection of a session's transaction, which has what it held."""
    if session.autoflush and (session.new or session.dirty or session.deleted):
        await session.flush()
    # A savepoint is set when the session is asked for its connection inside it.
    inside = session.sync_session.get_nested_transaction()
    known, driver = session.info.get(_DRIVER, (None, None))
    if driver is None or known is not inside:
        pooled = await (await session.connection()).get_raw_connection()
        driver = pooled.driver_connection
        session.info[_DRIVER] = inside, driver
    observe: Observe | None = session.info.get(OBSERVE)
    if observe is not None:
        observe(query.sql)
    try:
        yield driver
    except LOST_CONNECTION as error:
        await (await session.connection()).invalidate(error)
        raise
