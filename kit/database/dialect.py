"""SQLAlchemy's way to PostgreSQL by asyncpg, with transactions that begin at once.

asyncpg's dialect begins one with the first statement that SQLAlchemy sends. Statements
that go past it (`kit.database.within`) have to be in it as well. And JSON is read by
orjson without a step of Python's for each value.
"""

from typing import Any, Final

import asyncpg
import orjson
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.util import await_only

DRIVER: Final = "postgresql+helpnest"


class Dialect(PGDialect_asyncpg):
    """asyncpg's, but for when a transaction begins, and how JSON is read."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Send ``BEGIN`` now."""
        adapted = dbapi_connection.dbapi_connection
        await_only(adapted._start_transaction())  # noqa: SLF001 - what it calls itself, a statement later

    async def setup_asyncpg_jsonb_codec(self, conn: Any) -> None:
        """Have values go in as texts that are written already."""
        driver: asyncpg.Connection[Any] = conn.driver_connection
        await driver.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=str, decoder=orjson.loads
        )


registry.register("postgresql.helpnest", __name__, Dialect.__name__)
