"""Subgraphs take requests of the router's alone: a token that leaked opens none."""

import json
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpnest.lifespan import Message, Receive, Send
from helpnest.settings import StackSettings
from helpnest.stack import Stack, running_stack
from helpnest.supergraph import domains
from kit.proof import sign
from tests.support.processes import PARTS, HelpNest
from tests.support.stack import trusting_verifier
from tests.support.tokens import bearer

SECRET = "only the router and its subgraphs know this"
ASK = json.dumps({"query": "{ __typename }"}).encode()
JSON = {"content-type": "application/json"}


@pytest.fixture
async def stack(database_url: Callable[[str], str]) -> AsyncGenerator[Stack]:
    """The whole stack in one process, with a secret."""
    urls = {domain: database_url(domain) for domain in domains()}
    settings = StackSettings(
        secrets={
            "HELPNEST_AUTH_KEY_SECRET": "only for the tests",
            "HELPNEST_ROUTER_SECRET": SECRET,
        }
    )
    async with running_stack(urls, settings, trusting_verifier()) as running:
        yield running


def client_of(app: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType] - any ASGI app
    return httpx.AsyncClient(transport=transport, base_url="http://tests")


async def test_in_one_process_only_the_router_passes(stack: Stack) -> None:
    token = bearer(subject="usr_1", scopes=["users:read", "tickets:read"])
    async with client_of(stack.app) as router:
        answer = await router.post(
            "/graphql",
            json={"query": "{ viewer { id } tickets { totalCount } }"},
            headers=token,
        )
    assert answer.status_code == 200
    assert answer.json()["data"]["tickets"] == {"totalCount": 0}
    for service in stack.services.values():
        async with client_of(service) as direct:
            refused = await direct.post(
                "/graphql", content=ASK, headers={**token, **JSON}
            )
        assert refused.status_code == 403
        assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize("path", ["/graphql", "/auth/token"])
async def test_what_a_client_says_in_the_routers_name_goes_nowhere(
    stack: Stack, path: str
) -> None:
    seen: list[set[bytes]] = []

    async def look(scope: Message, _: Receive, send: Send) -> None:
        seen.append({name for name, _ in scope["headers"]})
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    auth: Any = stack.services["auth"]
    auth.rest = auth.graphql = look
    forged = {"x-helpnest-proof": "v1 1 2 3", "x-helpnest-user": "usr_admin"}
    async with client_of(stack.app) as router:
        await router.post(
            path, json={"query": "{ authProviders { __typename } }"}, headers=forged
        )
    assert seen
    said = ("proof", "client-address", "client-agent")
    ours = {f"x-helpnest-{each}".encode() for each in said}
    for headers in seen:
        assert {each for each in headers if each.startswith(b"x-helpnest")} <= (
            ours if path == "/graphql" else set[bytes]()
        )


@pytest.fixture(scope="module")
def apart() -> Generator[HelpNest]:
    """HelpNest as ``helpnest up --separate`` starts it, with a secret of its own."""
    home = Path(tempfile.mkdtemp(prefix="helpnest-test-"))
    home.chmod(0o755)
    nest = HelpNest(home, separate=True)
    try:
        nest.up()
        nest.settle()
        yield nest
        nest.stop()
    finally:
        nest.end()
        shutil.rmtree(home, ignore_errors=True)


def test_at_the_ports_of_processes_tokens_alone_are_refused(apart: HelpNest) -> None:
    secret = (apart.home / ".helpnest/router-secret").read_text().encode()
    with apart.client() as known:
        token = known.headers["authorization"]
        assert known.post("/graphql", json={"query": "{ viewer { id } }"}).is_success
    for part in PARTS:
        url = f"http://127.0.0.1:{apart.ports[part]}/graphql"

        def ask(proof: tuple[bytes, bytes] | None, url: str = url) -> httpx.Response:
            headers = {**JSON, "authorization": token}
            if proof is not None:
                headers[proof[0].decode()] = proof[1].decode()
            return httpx.post(url, content=ASK, headers=headers)

        good = sign(secret, "/graphql", ASK, token.encode())
        forged = sign(b"f" * 40, "/graphql", ASK, token.encode())
        elsewhere = sign(secret, "/graphql", b"{}", token.encode())
        strangers = sign(secret, "/graphql", ASK, b"Bearer another")
        for refused in (None, forged, elsewhere, strangers):
            assert ask(refused).status_code == 403
        assert ask(good).status_code == 200
        again = ask(good)
        assert again.status_code == 403
        assert "was used before" in again.json()["errors"][0]["message"]
