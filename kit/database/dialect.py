"""SQLAlchemy's way to PostgreSQL by asyncpg, with transactions that begin at once.

asyncpg's dialect begins one with the first statement that SQLAlchemy sends. Statements
that go past it (`kit.database.within`) have to be in it as well.
"""

from typing import Any, Final

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.util import await_only

DRIVER: Final = "postgresql+helpnest"


class Dialect(PGDialect_asyncpg):
    """asyncpg's, but for when a transaction begins."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Send ``BEGIN`` now."""
        adapted = dbapi_connection.dbapi_connection
        await_only(adapted._start_transaction())  # noqa: SLF001 - what it calls itself, a statement later


registry.register("postgresql.helpnest", __name__, Dialect.__name__)
