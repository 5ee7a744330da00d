from collections.abc import Callable

import pytest

from helpnest.demo.graph import Graph as Client
from helpnest.errors import CannotStartError
from helpnest.first_admin import make_admin, nobody_lives_here
from helpnest.supergraph import domains
from tests.support.stack import Graph

ADA = "ada@example.com"


@pytest.fixture
def urls(database_url: Callable[[str], str]) -> dict[str, str]:
    return {domain: database_url(domain) for domain in domains()}


async def test_the_first_administrator_signs_in_and_lets_others_in(
    own_graph: Graph, urls: dict[str, str]
) -> None:
    assert await nobody_lives_here(urls["users"])
    user_id, password = await make_admin(urls, "Ada@Example.com", {"name": "Ada"})
    assert not await nobody_lives_here(urls["users"])
    client = Client(own_graph.http)
    await client.sign_in(ADA, password)
    seen = await client.ask("{ viewer { id name roles { role { key } } } }", {})
    roles = [{"role": {"key": key}} for key in ("admin", "requester")]
    assert seen == {"viewer": {"id": user_id, "name": "Ada", "roles": roles}}
    given = {"email": "ben@example.com", "name": "Ben"}
    await client.write("createUser", given, "user { id }", None)


async def test_asked_again_the_same_person_gets_a_new_password_and_is_there_once(
    own_graph: Graph, urls: dict[str, str]
) -> None:
    first, old = await make_admin(urls, ADA, {"name": "Ada"})
    second, new = await make_admin(urls, ADA, {"name": "Ada"})
    assert first == second
    client = Client(own_graph.http)
    await client.sign_in(ADA, new)
    with pytest.raises(CannotStartError, match="Cannot sign in"):
        await client.sign_in(ADA, old)


@pytest.mark.parametrize(
    ("email", "name", "says"),
    [
        ("mallory@example.com", "Mallory", "an administrator already: ada@example.com"),
        ("nonsense", "X", "not an e-mail address"),
    ],
)
async def test_who_comes_later_or_cannot_be_kept_is_told(
    urls: dict[str, str], email: str, name: str, says: str
) -> None:
    await make_admin(urls, ADA, {"name": "Ada"})
    with pytest.raises(CannotStartError, match=says):
        await make_admin(urls, email, {"name": name})


async def test_a_name_that_cannot_be_kept_leaves_nobody_behind(
    urls: dict[str, str],
) -> None:
    with pytest.raises(CannotStartError, match="empty"):
        await make_admin(urls, ADA, {"name": " "})
    assert await nobody_lives_here(urls["users"])
