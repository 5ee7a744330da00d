"""Connections that write, taken again without asking whether they still serve.

To ask costs three messages each time, a quarter of what a small unit of work sends. A
server that went away closed the connection, which is known here without a message; one
that could not say so is found out where the connection lay idle for a while.
"""

import time
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

ASKED_AFTER: Final = 30.0
"""Seconds; what lies between us and a server forgets connections later than that."""

GIVEN_BACK: Final = "given back"


def look_before_use(engine: AsyncEngine) -> None:
    """Have the pool replace a connection that was lost, before anybody gets it."""
    pool: Any = engine.sync_engine.pool

    @event.listens_for(pool, "checkin")
    def note(_connection: object, record: Any) -> None:
        record.info[GIVEN_BACK] = time.monotonic()

    @event.listens_for(pool, "checkout")
    def look(connection: Any, record: Any, _proxy: object) -> None:
        since = record.info.get(GIVEN_BACK)
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        if since is None or time.monotonic() - since < ASKED_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error
