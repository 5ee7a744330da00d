"""What every test may ask for.

The imports wait inside the fixtures: a unit test pays for no database driver.
"""

from collections.abc import AsyncGenerator, Callable, Generator
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.support.postgres import Databases
    from tests.support.stack import Graph


# A machine that does other things too is no reason to fail.
settings.register_profile(
    "calm", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("calm")


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Write exceptions as Python does: with all local values they take a second."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for news so often that no test waits for it."""
    from kit.outbox import watch  # noqa: PLC0415 - see above

    monkeypatch.setattr(watch, "LOOK_EVERY", 0.02)


@pytest.fixture(scope="session")
def databases() -> Generator["Databases"]:
    """One PostgreSQL for the session (one for each worker of pytest-xdist)."""
    from tests.support.postgres import running_databases  # noqa: PLC0415 - see above

    with running_databases() as running:
        yield running


@pytest.fixture
def database_url(databases: "Databases") -> Generator[Callable[[str], str]]:
    """Give a domain's migrated database by its name; it is emptied after the test.

    ``database_url("tickets")``. Close your own connections before the test ends.
    """
    yield databases.url
    databases.clean()


@pytest.fixture
def empty_database_url(databases: "Databases") -> Callable[[str], str]:
    """Make a new database without a table, for the role of the domain named."""
    return databases.empty


@pytest.fixture
def own_database_url(databases: "Databases") -> Callable[[str], str]:
    """Make a new migrated database for this test alone (about 40 ms)."""
    return databases.copy


@pytest.fixture
async def graph(database_url: Callable[[str], str]) -> "AsyncGenerator[Graph]":
    """The whole stack over ASGI.

    It believes tokens of ``tests.support.tokens``, beside those of its own auth.
    """
    from tests.support.stack import (  # noqa: PLC0415 - see above
        running_graph,
        trusting_verifier,
    )

    async with running_graph(database_url, trust=trusting_verifier()) as running:
        yield running


@pytest.fixture
async def own_graph(database_url: Callable[[str], str]) -> "AsyncGenerator[Graph]":
    """The whole stack over ASGI, which believes only what its own auth has signed."""
    from tests.support.stack import running_graph  # noqa: PLC0415 - see above

    async with running_graph(database_url, trust=None) as running:
        yield running
