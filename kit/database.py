"""A domain's PostgreSQL: units of work for writes, a fast path for reads.

Writes go through SQLAlchemy sessions, where rules and transactions matter more
than microseconds. Reads are SQLAlchemy Core statements too, but compiled to SQL
once and run by asyncpg on a pool of read-only sessions that hold no state, so
releasing one needs no reset query (70 of the 97 microseconds of a one-row read).
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Final, Self, TypeVar

import asyncpg
import orjson
from sqlalchemy import Executable, MetaData, Text, event, literal, make_url, select
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.compiler import SQLCompiler

from kit.errors import RejectedError

IdText: Final = Text(collation="C")
"""The column type of ids: compared byte by byte, so that their order is their age."""

READ_CONNECTIONS: Final = 8
WRITE_CONNECTIONS: Final = 8
CONNECT_SECONDS: Final = 10.0
COMMAND_SECONDS: Final = 10.0

LOST_CONNECTION: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    ConnectionError,
)


def naming_metadata() -> MetaData:
    """Give a domain's tables a catalogue in which every constraint has a name."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


TRY_AGAIN: Final = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock."""

Result = TypeVar("Result")


class Query:
    """One read, written as a Core statement and compiled to SQL the first time.

    Values go in by the names of the statement's ``bindparam``s, as PostgreSQL knows
    them (an enum by its stored text, a JSON column as the value itself). Make
    queries once, at import or in a cache keyed by shape, never per request.

    >>> from sqlalchemy import bindparam, column, select, table
    >>> by_id = Query(
    ...     select(column("n")).select_from(table("t"))
    ...     .where(column("id") == bindparam("id", type_=Text()))
    ... )
    >>> by_id.sql
    'SELECT n FROM t WHERE id = $1::VARCHAR'
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement

    @cached_property
    def _compiled(self) -> tuple[str, tuple[str, ...], dict[str, object]]:
        # SQLAlchemy's own name for the style that asyncpg wants: $1, $2.
        dialect = asyncpg_dialect(paramstyle="numeric_dollar")
        compiled = self.statement.compile(  # pyright: ignore[reportAttributeAccessIssue] - Executable is typed too narrowly
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        if not isinstance(compiled, SQLCompiler) or isinstance(
            self.statement, ExecutableDDLElement
        ):
            raise TypeError("A Query takes a statement that reads rows.")
        names = tuple(compiled.positiontup or ())
        fixed = {n: v for n, v in compiled.params.items() if v is not None}
        return " ".join(str(compiled).split("\n")).replace("  ", " "), names, fixed

    @property
    def sql(self) -> str:
        """The text that PostgreSQL gets."""
        return self._compiled[0]

    def arguments(self, values: dict[str, object]) -> list[object]:
        """Put the values into the order of ``$1, $2, …``.

        Raises:
            KeyError: the statement has a parameter that was given no value.

        """
        _, names, fixed = self._compiled
        return [values[n] if n in values else fixed[n] for n in names]


class Database:
    """One domain's database: open it once, read and write until it is closed.

    ``observe`` is told the text of every statement, reads and writes alike; the
    tests that count statements use it.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql")
        self.observe: Callable[[str], None] | None = None
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect; a database that is not there yet is waited for by the callers."""
        await self._readers()

    async def close(self) -> None:
        """Let go of every connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()
        await self.engine.dispose()

    async def _readers(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await asyncpg.create_pool(
                        self.url.render_as_string(hide_password=False),
                        min_size=1,
                        max_size=READ_CONNECTIONS,
                        init=_prepare_reader,
                        reset=_keep,
                        timeout=CONNECT_SECONDS,
                        command_timeout=COMMAND_SECONDS,
                        statement_cache_size=512,
                        max_cached_statement_lifetime=0,
                        server_settings={
                            "default_transaction_read_only": "on",
                            "application_name": "helpnest-read",
                            "jit": "off",
                            "timezone": "UTC",
                        },
                    )
        return self._pool

    async def rows(self, query: Query, **values: object) -> list[asyncpg.Record]:
        """Run a read and return all its rows.

        A connection that was lost (the server restarted) is replaced and the read
        sent once more: a read has no effect that could happen twice.
        """
        arguments = query.arguments(values)
        if self.observe is not None:
            self.observe(query.sql)
        pool = self._pool or await self._readers()
        try:
            return await pool.fetch(query.sql, *arguments)
        except LOST_CONNECTION:
            await asyncio.sleep(0.05)
            return await pool.fetch(query.sql, *arguments)

    async def row(self, query: Query, **values: object) -> asyncpg.Record | None:
        """Run a read and return its first row, or None."""
        found = await self.rows(query, **values)
        return found[0] if found else None

    @cached_property
    def engine(self) -> AsyncEngine:
        """SQLAlchemy's engine over this database, for units of work."""
        engine = create_async_engine(
            self.url.set(drivername="postgresql+asyncpg"),
            pool_size=WRITE_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,  # an error is logged, and values may be secrets
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": COMMAND_SECONDS,
                "server_settings": {
                    "application_name": "helpnest-write",
                    "jit": "off",
                    "timezone": "UTC",
                },
            },
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
        )
        _observe_writes(engine, self)
        return engine

    @cached_property
    def _sessions(self) -> async_sessionmaker[AsyncSession]:
        return async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncGenerator[AsyncSession]:
        """Open a transaction that commits when the block ends and not if it raises."""
        async with self._sessions() as session, session.begin():
            yield session

    async def attempt(
        self, work: Callable[[AsyncSession], Awaitable[Result]]
    ) -> Result | RejectedError:
        """Run one unit of work; what a rule rejected is returned, not raised.

        A rejected unit of work leaves nothing behind. One that met a deadlock is run
        again, a few times, from its beginning.
        """
        for last_try in (False, False, True):
            try:
                async with self.unit_of_work() as session:
                    return await work(session)
            except RejectedError as rejected:
                return rejected
            except DBAPIError as error:
                if last_try or sqlstate(error) not in TRY_AGAIN:
                    raise
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


async def _keep(_connection: object) -> None:
    """Leave a released connection as it is: read-only sessions hold no state."""


async def _prepare_reader(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind,
            schema="pg_catalog",
            encoder=lambda value: orjson.dumps(value).decode(),
            decoder=orjson.loads,
        )


def sqlstate(error: DBAPIError) -> str | None:
    """Read PostgreSQL's five characters off an error that SQLAlchemy wrapped."""
    return getattr(error.orig, "sqlstate", None)


_PING = Query(select(literal(1)))


async def reachable(database: Database) -> bool:
    """Say whether the database answers at this moment."""
    try:
        await asyncio.wait_for(database.rows(_PING), timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
