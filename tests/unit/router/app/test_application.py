"""What stands beside the endpoint: health, a page, mounts, and starting up."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import orjson
import pytest

from router.app.application import create_app
from router.app.asgi import Receive, Scope, Send, respond
from router.errors import ConfigurationError, SupergraphError
from router.settings import read_settings
from tests.support.routers import SDL, running_router, subgraphs


async def test_health_says_that_it_runs() -> None:
    async with running_router() as client:
        for path in ("/health", "/health?live", "/health?ready"):
            answer = await client.http.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": "UP"})


async def test_health_and_endpoint_move_where_settings_say() -> None:
    yaml = "{supergraph: {path: /api}, health_check: {path: /alive}}"
    async with running_router(yaml) as client:
        assert (await client.http.get("/alive")).status_code == 200
        assert (await client.http.get("/health")).status_code == 404
        body, kind = b'{"query":"{__typename}"}', {"content-type": "application/json"}
        answer = await client.http.post("/api", content=body, headers=kind)
        assert answer.json() == {"data": {"__typename": "Query"}}


async def test_the_page_at_the_root_brings_no_script() -> None:
    async with running_router() as client:
        answer = await client.http.get("/")
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_nothing_else_is_here() -> None:
    async with running_router("homepage: {enabled: false}") as client:
        for path in ("/", "/graphql/", "/graphqlx", "/admin"):
            answer = await client.http.get(path)
            assert answer.status_code == 404
            assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_everything_below_a_mount_is_the_mounted_applications() -> None:
    async def auth(scope: Scope, _: Receive, send: Send) -> None:
        await respond(send, 200, orjson.dumps(scope["path"]), [])

    async def keys(_: Scope, __: Receive, send: Send) -> None:
        await respond(send, 200, b'"keys"', [])

    async with running_router(mounts={"/auth": auth, "/auth/keys": keys}) as client:
        found = [
            (await client.http.get(path)).json()
            for path in ("/auth/token", "/auth", "/auth/keys/1")
        ]
        assert found == ["/auth/token", "/auth", "keys"]
        assert (await client.http.get("/authority")).status_code == 404


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("override_subgraph_url: {userz: http://x}", "no subgraph 'userz'"),
        ("traffic_shaping: {subgraphs: {x: {timeout: 1s}}}", "no subgraph 'x'"),
        ("override_subgraph_url: {users: ftp://x}", "no transport speaks"),
        ("headers: {all: {request: [{insert: {name: Host, value: x}}]}}", "own to set"),
    ],
)
def test_settings_that_do_not_fit_the_supergraph_refuse_to_start(
    yaml: str, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        create_app(read_settings(yaml, {}), SDL)


def test_a_subgraph_without_an_address_refuses_to_start() -> None:
    nowhere = SDL.replace('url: "http://users.invalid/graphql"', 'url: ""')
    with pytest.raises(ConfigurationError, match="'users' has no URL"):
        create_app(read_settings("", {}), nowhere)


def test_what_is_no_supergraph_refuses_to_start() -> None:
    with pytest.raises(SupergraphError, match="line 1"):
        create_app(read_settings("", {}), "type Query { a: Int }")


async def lived(yaml: str) -> list[MutableMapping[str, Any]]:
    app = create_app(read_settings(yaml, {}), SDL, transports=subgraphs())
    asked = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    told: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(0)
        return asked.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    await app({"type": "lifespan"}, receive, send)
    return told


async def test_it_starts_and_stops() -> None:
    assert [each["type"] for each in await lived("")] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


KEYS = """
authentication: {router: {jwt: {jwks: [
  {url: "file:/nowhere/keys.json", issuers: [a], audiences: [b]}]}}}
"""


async def test_keys_that_cannot_be_read_are_said_at_the_start() -> None:
    (told,) = await lived(KEYS)
    assert told["type"] == "lifespan.startup.failed"
    assert "/nowhere/keys.json" in told["message"]


async def test_figures_stand_beside_the_graph_only_where_settings_put_them() -> None:
    on = "enabled: true, listen: '127.0.0.1:4000'"
    yaml = f"telemetry: {{exporters: {{metrics: {{prometheus: {{{on}}}}}}}}}"
    async with running_router(yaml) as client:
        answer = await client.http.get("/metrics")
        assert answer.status_code == 200
        assert "helpnest_router_requests_in_flight 0.0" in answer.text
    async with running_router() as client:
        assert (await client.http.get("/metrics")).status_code == 404
