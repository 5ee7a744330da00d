from collections.abc import AsyncGenerator, Callable

import pytest

from subgraphs.node.app import create_app
from tests.support.office import Office, opened
from tests.support.stack import Graph, running_graph, trusting_verifier
from tests.support.subgraph import Subgraph, running_subgraph


@pytest.fixture
async def nest(database_url: Callable[[str], str]) -> AsyncGenerator[Graph]:
    """The whole stack, where subgraphs answer the router alone."""
    trust = trusting_verifier()
    async with running_graph(database_url, trust=trust, proven=True) as running:
        yield running


@pytest.fixture
async def office(nest: Graph) -> Office:
    return await opened(nest)


@pytest.fixture
async def alone(database_url: Callable[[str], str]) -> AsyncGenerator[Subgraph]:
    """The node subgraph alone; its graph does not answer."""
    starting = running_subgraph("node", create_app, database_url)
    async with starting as running:
        yield running
