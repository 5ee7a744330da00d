from collections.abc import Callable
from pathlib import Path

import pytest

from kit.migrations import check

ROOT = Path(__file__).parents[2]
DOMAINS = sorted(env.parent.name for env in ROOT.glob("migrations/*/env.py"))


@pytest.mark.parametrize("domain", DOMAINS)
async def test_the_migrations_make_what_the_models_say(
    domain: str, own_database_url: Callable[[str], str]
) -> None:
    assert await check(domain, own_database_url(domain)) == []
