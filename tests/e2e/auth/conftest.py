from collections.abc import AsyncGenerator, Callable

import pytest

from tests.support.identity import Desk, running_auth


@pytest.fixture
async def desk(database_url: Callable[[str], str]) -> AsyncGenerator[Desk]:
    """Auth alone, on its own database, its clock in the test's hand."""
    async with running_auth(database_url("auth")) as desk:
        yield desk
