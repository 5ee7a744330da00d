"""What PostgreSQL and the way to it can refuse, and what becomes of it."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError

from kit.errors import InvalidInputError

LOST_CONNECTION: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell was not read to its end yet
    ConnectionError,
    FileNotFoundError,  # the server's socket, while it starts anew
)

SERVER_ERRORS: Final = (DBAPIError, asyncpg.PostgresError)
"""What the server refuses: told by SQLAlchemy, or by asyncpg where that is asked."""

TRY_AGAIN: Final = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock."""

REFUSED_VALUES: Final = frozenset(
    {
        "22000",  # asyncpg could not write the value for its parameter's type
        "22001",  # too long
        "22003",  # a number out of range
        "22007",  # no instant
        "22008",  # an instant out of range
        "22021",  # NUL, which no text of PostgreSQL holds
        "22P02",  # not of that type
        "22P05",  # not of the database's character set
    }
)
"""SQLSTATE of a value that cannot be stored or compared: it came from a caller."""


def sqlstate(error: BaseException) -> str | None:
    """Read PostgreSQL's five characters off an error, wrapped by SQLAlchemy or not."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    return getattr(inner, "sqlstate", None)


def is_lost(error: BaseException) -> bool:
    """Say whether the connection went away, and all that was done on it."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, LOST_CONNECTION)
    told = error.orig and error.orig.__cause__
    return error.connection_invalidated or isinstance(told, LOST_CONNECTION)


def refused_value(error: BaseException) -> bool:
    """Say whether a value was at fault, and not the server or the statement."""
    return sqlstate(error) in REFUSED_VALUES


def value_refusal() -> InvalidInputError:
    """Tell the caller, without the value: it may be someone's secret."""
    return InvalidInputError("A value given cannot be stored or compared.")
