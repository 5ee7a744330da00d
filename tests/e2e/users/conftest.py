from collections.abc import AsyncGenerator, Callable

import pytest

from subgraphs.users.app import create_app
from tests.support.house import House, settled
from tests.support.subgraph import Subgraph, running_subgraph


@pytest.fixture
async def users(database_url: Callable[[str], str]) -> AsyncGenerator[Subgraph]:
    """The users subgraph alone."""
    async with running_subgraph("users", create_app, database_url) as running:
        yield running


@pytest.fixture
async def house(users: Subgraph) -> House:
    """A small company: see `tests.support.house`."""
    return await settled(users.service.database)
