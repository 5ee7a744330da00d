"""A service asks in its own name, with a token that it gets when it needs one."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from kit.own_graph import GraphRefusedError, OwnGraph, own_graph
from kit.public_graph import GraphUnavailableError
from kit.settings import ServiceSettings

SECRET = "what services prove to be ours by"


@dataclass
class World:
    """Auth and the graph, as a service sees them."""

    lasts: int = 600
    good: set[str] = field(default_factory=set[str])
    given: int = 0
    auth_down: bool = False
    answer: Any = field(default_factory=lambda: {"data": {"n": 1}})
    asked: list[str] = field(default_factory=list[str])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/auth/token":
            return self.token(request)
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.asked.append(token)
        if token not in self.good:
            error = {"message": "", "extensions": {"code": "UNAUTHENTICATED"}}
            return httpx.Response(401, json={"errors": [error]})
        return httpx.Response(200, json=self.answer)

    def token(self, request: httpx.Request) -> httpx.Response:
        if self.auth_down:
            return httpx.Response(503)
        basic = httpx.BasicAuth("svc_tickets", SECRET)
        proof = next(basic.auth_flow(httpx.Request("POST", "http://x")))
        assert request.headers["authorization"] == proof.headers["authorization"]
        form = parse_qs(request.content.decode())
        assert form == {"grant_type": ["client_credentials"]}
        self.given += 1
        self.good.add(f"token-{self.given}")
        body = {"access_token": f"token-{self.given}", "expires_in": self.lasts}
        return httpx.Response(200, json=body)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def own(world: World) -> AsyncGenerator[OwnGraph]:
    settings = ServiceSettings(
        domain="tickets", database_url="postgresql://x", service_secret=SECRET
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(world)) as http:
        made = own_graph(settings, http)
        assert made is not None
        yield made


async def test_one_token_serves_until_it_is_old(own: OwnGraph, world: World) -> None:
    for _ in range(3):
        assert await own.ask("{ n }", {}) == {"n": 1}
    assert world.asked == ["token-1"] * 3
    world.lasts = 20  # shorter than what a token is replaced ahead of
    own._until = 0.0
    for _ in range(2):
        await own.ask("{ n }", {})
    assert world.asked[3:] == ["token-2", "token-3"]


async def test_a_token_that_was_taken_back_is_replaced_once(
    own: OwnGraph, world: World
) -> None:
    await own.ask("{ n }", {})
    world.good.clear()
    assert await own.ask("{ n }", {}) == {"n": 1}
    assert world.asked == ["token-1", "token-1", "token-2"]


async def test_what_the_graph_refuses_is_told_by_its_codes(
    own: OwnGraph, world: World
) -> None:
    codes = [{"extensions": {"code": "CURSOR_LOST"}}, {"message": "?"}, "odd"]
    world.answer = {"data": None, "errors": codes}
    with pytest.raises(GraphRefusedError) as refused:
        await own.ask("{ n }", {})
    assert refused.value.codes == {"CURSOR_LOST", "None"}


async def test_auth_that_is_away_is_told_apart(own: OwnGraph, world: World) -> None:
    world.auth_down = True
    with pytest.raises(GraphUnavailableError, match="no token"):
        await own.ask("{ n }", {})
    assert world.asked == []


async def test_without_a_secret_a_service_has_no_name_of_its_own() -> None:
    async with httpx.AsyncClient() as http:
        settings = ServiceSettings(domain="tickets", database_url="postgresql://x")
        assert own_graph(settings, http) is None
