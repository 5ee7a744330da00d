from collections.abc import AsyncGenerator, Callable

import httpx
import orjson
import pytest

from subgraphs.users.app import create_app
from tests.support.house import GROUP, SILENT, House, settled
from tests.support.subgraph import Subgraph, running_subgraph


def groups(request: httpx.Request) -> httpx.Response:
    """Play the public graph's groups: there is `GROUP`, and sometimes no answer."""
    asked = orjson.loads(request.content)["variables"]["id"]
    if asked == SILENT:
        raise httpx.ConnectError("nobody there")
    group = {"id": GROUP} if asked == GROUP else None
    return httpx.Response(200, json={"data": {"group": group}})


@pytest.fixture
async def users(database_url: Callable[[str], str]) -> AsyncGenerator[Subgraph]:
    """The users subgraph alone."""
    starting = running_subgraph("users", create_app, database_url, groups)
    async with starting as running:
        yield running


@pytest.fixture
async def house(users: Subgraph) -> House:
    """A small company: see `tests.support.house`."""
    return await settled(users.service.database)
