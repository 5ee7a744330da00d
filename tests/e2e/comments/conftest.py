from collections.abc import AsyncGenerator, Callable

import pytest

from subgraphs.comments.app import create_app
from tests.support.subgraph import Subgraph, running_subgraph


@pytest.fixture
async def alone(database_url: Callable[[str], str]) -> AsyncGenerator[Subgraph]:
    """The comments subgraph alone."""
    starting = running_subgraph("comments", create_app, database_url)
    async with starting as running:
        yield running
