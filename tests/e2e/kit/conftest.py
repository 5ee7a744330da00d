"""An empty database of a domain's, and the kit's Database over it."""

from collections.abc import AsyncGenerator, Callable

import pytest

from kit.database import Database


@pytest.fixture
def url(empty_database_url: Callable[[str], str]) -> str:
    """A new database without a table."""
    return empty_database_url("users")


@pytest.fixture
async def database(url: str) -> AsyncGenerator[Database]:
    """The database, opened."""
    async with Database(url) as opened:
        yield opened
