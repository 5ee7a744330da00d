"""Whose turn it is: of the processes that could do something, one does it.

An advisory lock of PostgreSQL says it. It goes with the connection that holds it, so
when that process dies, the next one has its turn at once. It spares the others work;
that nothing is done twice is for transactions to see to.
"""

import asyncio
import hashlib
from typing import Final

import asyncpg

from kit.database import Database

CLASS: Final = 20_260
"""Tells these locks from every other use of advisory locks in a domain's database."""

CONNECT_SECONDS: Final = 5.0


class Turn:
    """One thing to do, by its name, that one process at a time does."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._key = key_of(name)
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._held = False

    @property
    def held(self) -> bool:
        """Whether it was this process's turn when it last looked."""
        return self._held

    async def mine(self) -> bool:
        """Say whether it is this process's turn; once it is, it stays so.

        Raises:
            OSError, asyncpg.PostgresError: the database does not answer.

        """
        connection = await self._connected()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if self._held:  # does the server know of it still?
                    await connection.execute("SELECT 1")
                else:
                    self._held = await connection.fetchval(
                        "SELECT pg_try_advisory_lock($1, $2)", CLASS, self._key
                    )
        except BaseException:
            self.over()
            raise
        return self._held

    async def _connected(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._held = False
            self._connection = await asyncpg.connect(
                self._database.url.render_as_string(hide_password=False),
                timeout=CONNECT_SECONDS,
                server_settings={"application_name": "helpnest-turn"},
            )
        return self._connection

    def over(self) -> None:
        """Let another process have its turn."""
        self._held = False
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


def key_of(name: str) -> int:
    """Make a number of a name, as `pg_try_advisory_lock` takes it.

    >>> key_of("tickets.groups") == key_of("tickets.groups")
    True
    """
    digest = hashlib.blake2b(name.encode(), digest_size=4).digest()
    return int.from_bytes(digest, signed=True)
