from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from kit.database import sqlstate
from kit.database.faults import (
    LOST_CONNECTION,
    REFUSED_VALUES,
    TRY_AGAIN,
    is_lost,
    refused_value,
    value_refusal,
)
from kit.errors import InvalidInputError


def wrapped(error: Exception) -> DBAPIError:
    return DBAPIError("INSERT …", {"password": "hunter2"}, error)


def test_the_state_is_read_through_sqlalchemys_wrapping() -> None:
    deadlock = asyncpg.DeadlockDetectedError("x")

    assert sqlstate(deadlock) == sqlstate(wrapped(deadlock)) == "40P01"
    assert sqlstate(KeyError("x")) is None
    assert sqlstate(wrapped(ValueError("x"))) is None


@pytest.mark.parametrize(
    "kind",
    [
        asyncpg.DataError,
        asyncpg.CharacterNotInRepertoireError,
        asyncpg.NumericValueOutOfRangeError,
        asyncpg.StringDataRightTruncationError,
        asyncpg.InvalidDatetimeFormatError,
        asyncpg.DatetimeFieldOverflowError,
        asyncpg.InvalidTextRepresentationError,
        asyncpg.UntranslatableCharacterError,
    ],
)
def test_a_value_that_fits_nowhere_came_from_the_caller(kind: Any) -> None:
    assert refused_value(kind("x"))
    assert refused_value(wrapped(kind("x")))


@pytest.mark.parametrize(
    "kind",
    [
        asyncpg.DivisionByZeroError,
        asyncpg.UndefinedColumnError,
        asyncpg.UniqueViolationError,
        asyncpg.CheckViolationError,
        asyncpg.DeadlockDetectedError,
        ConnectionError,
    ],
)
def test_anything_else_is_not_the_callers_fault(kind: Any) -> None:
    assert not refused_value(kind("x"))


def test_the_refusal_does_not_repeat_the_value() -> None:
    assert isinstance(value_refusal(), InvalidInputError)
    assert "hunter2" not in str(value_refusal())


def test_what_may_be_tried_again_is_never_a_refused_value() -> None:
    assert not TRY_AGAIN & REFUSED_VALUES


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ConnectionDoesNotExistError("x"),
        asyncpg.ConnectionFailureError("x"),
        asyncpg.AdminShutdownError("x"),
        asyncpg.CrashShutdownError("x"),
        asyncpg.CannotConnectNowError("x"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("x"),
        ConnectionRefusedError(),
        ConnectionResetError(),
        FileNotFoundError(),
    ],
    ids=repr,
)
def test_a_connection_is_lost_in_many_ways(error: Exception) -> None:
    told = Exception("what SQLAlchemy makes of it")
    told.__cause__ = error
    assert isinstance(error, LOST_CONNECTION)
    assert is_lost(error)
    assert is_lost(wrapped(told))
    assert not is_lost(wrapped(Exception("x")))


@pytest.mark.parametrize(
    "error",
    [asyncpg.DataError("x"), asyncpg.QueryCanceledError("x"), TimeoutError()],
    ids=repr,
)
def test_a_read_that_was_refused_or_too_slow_is_not_sent_again(
    error: Exception,
) -> None:
    assert not isinstance(error, LOST_CONNECTION)
