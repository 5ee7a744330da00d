"""Connections to write on: those that were lost are replaced, idle ones asked."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.pool import QueuePool

from kit.database import writers
from kit.database.writers import look_before_use


class Connection:
    """A driver's connection, as the pool and the look see it."""

    def __init__(self) -> None:
        self.driver_connection = self
        self.closed = self.deaf = False
        self.asked = 0

    def is_closed(self) -> bool:
        return self.closed

    def rollback(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class DriverError(Exception):
    """The driver found nobody at the other end."""


def ping(connection: Connection) -> None:
    connection.asked += 1
    if connection.deaf:
        raise DriverError


@pytest.fixture
def made() -> list[Connection]:
    return []


@pytest.fixture
def pool(made: list[Connection]) -> Iterator[QueuePool]:
    def make() -> Any:
        made.append(Connection())
        return made[-1]

    pool = QueuePool(make, pool_size=1, max_overflow=0)
    dialect = SimpleNamespace(
        do_ping=ping, loaded_dbapi=SimpleNamespace(Error=DriverError)
    )
    engine: Any = SimpleNamespace(
        sync_engine=SimpleNamespace(pool=pool), dialect=dialect
    )
    look_before_use(engine)
    yield pool
    pool.dispose()


def test_a_connection_that_was_just_used_is_taken_without_asking(
    pool: QueuePool, made: list[Connection]
) -> None:
    for _ in range(3):
        pool.connect().close()
    assert [each.asked for each in made] == [0]


def test_a_connection_that_was_closed_from_afar_is_replaced(
    pool: QueuePool, made: list[Connection]
) -> None:
    pool.connect().close()
    made[0].closed = True
    again = pool.connect()
    assert again.dbapi_connection is made[1]
    assert not made[1].closed
    again.close()


def test_a_connection_that_lay_idle_is_asked_and_replaced_where_nobody_answers(
    pool: QueuePool, made: list[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "ASKED_AFTER", 0.0)
    pool.connect().close()
    pool.connect().close()
    assert [each.asked for each in made] == [1]
    made[0].deaf = True
    pool.connect().close()
    assert [each.asked for each in made] == [2, 0]
