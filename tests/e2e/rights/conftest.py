from collections.abc import AsyncGenerator, Callable

import pytest

from tests.support.office import Office, opened
from tests.support.stack import running_graph, trusting_verifier


@pytest.fixture
async def office(database_url: Callable[[str], str]) -> AsyncGenerator[Office]:
    """The whole stack as in production, with one of everything in it."""
    trust = trusting_verifier()
    async with running_graph(database_url, trust=trust, proven=True) as running:
        yield await opened(running)
