"""A domain's PostgreSQL: units of work for writes, a fast path for reads.

Writes go through SQLAlchemy sessions, where rules and transactions matter more
than microseconds. Reads are SQLAlchemy Core statements too, but compiled to SQL
once and run by asyncpg on read-only connections (`kit.database.readers`).
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Final, Self, TypeVar

import asyncpg
import orjson
import structlog
from sqlalchemy import event, literal, make_url, select
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from kit.database.dialect import DRIVER
from kit.database.faults import (
    LOST_CONNECTION,
    SERVER_ERRORS,
    TRY_AGAIN,
    is_lost,
    refused_value,
    sqlstate,
    value_refusal,
)
from kit.database.query import Query
from kit.database.readers import Connection, Readers
from kit.database.within import OBSERVE, write_json
from kit.database.writers import look_before_use
from kit.errors import RejectedError

log = structlog.get_logger(__name__)

READ_CONNECTIONS: Final = 8
LIST_CONNECTIONS: Final = 4
"""Beside them: those of statements that are planned anew each time."""
WRITE_CONNECTIONS: Final = 8
CONNECT_SECONDS: Final = 10.0
COMMAND_SECONDS: Final = 10.0
PREPARED_STATEMENTS: Final = 512

LOCK_TIMEOUT: Final = "5s"
"""A write that waits longer for a row gives up, before its caller does."""

IDLE_TIMEOUT: Final = "15s"
"""A transaction that does nothing for so long was forgotten: its locks must go."""

SESSION: Final = {"jit": "off", "timezone": "UTC", "random_page_cost": "1.1"}
"""Compiling costs more than a short query takes; and pages lie in memory, or where any
is as near as the next, so that an index is worth its while sooner."""

PAUSES: Final = (0.05, 0.2, 0.7)
"""Seconds before each further try of a read whose connection was lost."""

TRIES: Final = (0.01, 0.05)
"""Seconds, or up to twice as many, before a unit of work is run again."""

Result = TypeVar("Result")


class Database:
    """One domain's database: open it once, read and write until it is closed.

    ``observe`` is told the text of every statement, reads and writes alike; the
    tests that count statements use it.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql")
        self.observe: Callable[[str], None] | None = None
        self._begin_reading()

    def _begin_reading(self) -> None:
        """Have connections of either kind, none of which is open yet."""
        self._readers = Readers(self._connect_reader, READ_CONNECTIONS)
        self._listers = Readers(self._connect_lister, LIST_CONNECTIONS)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect for the first time, so that the first request finds it done.

        A database that does not answer yet is no reason not to start: requests try
        again, and ``/health`` tells.
        """
        await self._end_reading()  # another service may have asked before we opened
        self._begin_reading()
        if not await reachable(self):
            log.warning("database.unreachable", database=self.url.database)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._end_reading()
        await self.engine.dispose()

    async def _end_reading(self) -> None:
        await self._readers.close()
        await self._listers.close()

    async def _connect_lister(self) -> Connection:
        return await self._connect_reader("force_custom_plan")

    async def _connect_reader(self, plans: str = "auto") -> Connection:
        connection = await asyncpg.connect(
            self.url.render_as_string(hide_password=False),
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            statement_cache_size=PREPARED_STATEMENTS,
            max_cached_statement_lifetime=0,
            server_settings={
                **SESSION,
                "default_transaction_read_only": "on",
                "plan_cache_mode": plans,
                "application_name": "helpnest-read",
            },
        )
        try:
            for kind in ("json", "jsonb"):
                await connection.set_type_codec(
                    kind,
                    schema="pg_catalog",
                    encoder=write_json,
                    decoder=orjson.loads,
                )
        except BaseException:  # whoever waited for it has gone, and nobody has it
            connection.terminate()
            raise
        return connection

    async def rows(self, query: Query, **values: object) -> list[asyncpg.Record]:
        """Run a read and return all its rows.

        A connection that was lost (the server restarted) is replaced and the read
        sent again, for about a second: a read has no effect that could happen twice.

        Raises:
            InvalidInputError: a value that no row could hold, such as NUL in a text.

        """
        sql, arguments = query.sql, query.arguments(values)
        if self.observe is not None:
            self.observe(sql)
        readers = self._listers if query.by_values else self._readers
        try:
            return await readers.fetch(sql, arguments)
        except LOST_CONNECTION:
            return await self._read_again(readers, sql, arguments)
        except asyncpg.DataError as error:
            if not refused_value(error):
                raise
            log.warning("database.value_refused", sqlstate=error.sqlstate, sql=sql)
            raise value_refusal() from error

    async def _read_again(
        self, readers: Readers, sql: str, arguments: list[object]
    ) -> list[asyncpg.Record]:
        for pause in PAUSES[:-1]:
            await asyncio.sleep(pause)
            with contextlib.suppress(*LOST_CONNECTION):
                return await readers.fetch(sql, arguments)
        await asyncio.sleep(PAUSES[-1])
        return await readers.fetch(sql, arguments)

    async def row(self, query: Query, **values: object) -> asyncpg.Record | None:
        """Run a read and return its first row, or None."""
        found = await self.rows(query, **values)
        return found[0] if found else None

    @cached_property
    def engine(self) -> AsyncEngine:
        """SQLAlchemy's engine over this database, for units of work."""
        engine = create_async_engine(
            self.url.set(drivername=DRIVER),
            pool_size=WRITE_CONNECTIONS,
            max_overflow=0,
            hide_parameters=True,  # an error is logged, and values may be secrets
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": COMMAND_SECONDS,
                "server_settings": {
                    **SESSION,
                    "application_name": "helpnest-write",
                    "lock_timeout": LOCK_TIMEOUT,
                    "idle_in_transaction_session_timeout": IDLE_TIMEOUT,
                },
            },
            json_serializer=write_json,
            json_deserializer=orjson.loads,
        )
        look_before_use(engine)
        _observe_writes(engine, self)
        return engine

    @cached_property
    def _sessions(self) -> async_sessionmaker[AsyncSession]:
        return async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncGenerator[AsyncSession]:
        """Open a transaction that commits when the block ends and not if it raises.

        Raises:
            InvalidInputError: a value that no column could hold, such as NUL.

        """
        try:
            async with self._sessions() as session, session.begin():
                if self.observe is not None:
                    session.info[OBSERVE] = self.observe
                yield session
        except SERVER_ERRORS as error:
            if not refused_value(error):
                raise
            log.warning("database.value_refused", sqlstate=sqlstate(error))
            raise value_refusal() from error

    async def attempt(
        self, work: Callable[[AsyncSession], Awaitable[Result]]
    ) -> Result | RejectedError:
        """Run one unit of work; what a rule rejected is returned, not raised.

        A rejected unit of work leaves nothing behind. One that met a deadlock, or lost
        its connection before it was to commit, is run again, a few times, from its
        beginning.
        """
        for pause in (*TRIES, None):
            committing = False
            try:
                async with self.unit_of_work() as session:
                    result = await work(session)
                    committing = True
            except RejectedError as rejected:
                return rejected
            except (*SERVER_ERRORS, *LOST_CONNECTION) as error:
                undone = is_lost(error) and not committing
                if pause is None or not (undone or sqlstate(error) in TRY_AGAIN):
                    raise
                await asyncio.sleep(pause * (1 + random.random()))  # noqa: S311 - so that two who met do not meet again
            else:
                return result
        raise AssertionError("unreachable: the last try returns or raises")


def _observe_writes(engine: AsyncEngine, database: Database) -> None:
    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def tell(
        _connection: object,
        _cursor: object,
        statement: str,
        _parameters: object,
        _context: object,
        _many: bool,
    ) -> None:
        if database.observe is not None:
            database.observe(statement)


_PING = Query(select(literal(1)))


async def reachable(database: Database) -> bool:
    """Say whether the database answers at this moment."""
    try:
        await asyncio.wait_for(database.rows(_PING), timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
