"""Statements of a unit of work that need nothing of the ORM, run by asyncpg itself.

The ORM is worth its time where rules change rows. To note, to look up and to add takes
a tenth of that time so: the statement is compiled once, and neither a result nor a
row of SQLAlchemy's is made. Errors are asyncpg's own.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from kit.database.faults import LOST_CONNECTION
from kit.database.query import Query

_DRIVER: Final = "driver"
OBSERVE: Final = "observe"
"""Where a session has who is told of statements."""

Observe = Callable[[str], None]
Result = TypeVar("Result")


async def rows_within(
    session: AsyncSession, query: Query, **values: object
) -> list[asyncpg.Record]:
    """Run a statement in a unit of work's transaction, and return all its rows.

    As the ORM does, it writes first what the session holds, unless that is told not
    to. Enums go in and come out as their texts; JSON goes in by `write_json`, and
    comes out as the value.
    """
    arguments = query.arguments(values)
    return await _run(session, query, lambda to: to.fetch(query.sql, *arguments))


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
    all_of_them = [query.arguments(values) for values in several]
    await _run(session, query, lambda to: _send(to, query, all_of_them))


def write_in_flush(
    session: Session, query: Query, several: Sequence[Mapping[str, object]]
) -> None:
    """Do as `write_within` does, for who listens to the ORM while it writes."""
    if not several:
        return
    all_of_them = [query.arguments(values) for values in several]
    connection = session.connection()
    _tell(session.info, query)
    try:
        await_only(_send(connection.connection.driver_connection, query, all_of_them))
    except LOST_CONNECTION as error:
        connection.invalidate(error)
        raise


def _send(
    driver: Any, query: Query, several: Sequence[Sequence[object]]
) -> Awaitable[Any]:
    """Send a statement for each of several lists of arguments."""
    if len(several) > 1:
        return driver.executemany(query.sql, several)
    return driver.fetch(query.sql, *several[0])


def _tell(info: Mapping[Any, Any], query: Query) -> None:
    observe: Observe | None = info.get(OBSERVE)
    if observe is not None:
        observe(query.sql)


def write_json(value: object) -> str:
    """Write a value for a JSON column."""
    return orjson.dumps(value).decode()


async def _run(
    session: AsyncSession, query: Query, send: Callable[[Any], Awaitable[Result]]
) -> Result:
    """Send on the connection of a session's transaction, after what that holds."""
    if session.autoflush and (session.new or session.dirty or session.deleted):
        await session.flush()
    # A savepoint is set when the session is asked for its connection inside it.
    inside = session.sync_session.get_nested_transaction()
    known, driver = session.info.get(_DRIVER, (None, None))
    if driver is None or known is not inside:
        pooled = await (await session.connection()).get_raw_connection()
        driver = pooled.driver_connection
        session.info[_DRIVER] = inside, driver
    _tell(session.info, query)
    try:
        return await send(driver)
    except LOST_CONNECTION as error:
        await (await session.connection()).invalidate(error)
        raise
