"""``python -m router serve``, as an operator runs it: a process, files, signals."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process, create_subprocess_exec
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from tests.support.following import FORWARD, SCHEMAS, SDL, happenings, subgraph
from tests.support.processes import free_ports
from tests.support.served import served
from tests.support.tokens import bearer, jwks, verifier

CHANGED = 'subscription { ticketChanged(id: "1") { title who assignee { name } } }'
PATIENCE = 60


@dataclass
class Served:
    """A router that runs as a process of its own, and the file of its supergraph."""

    url: str
    process: Process
    supergraph: Path


@asynccontextmanager
async def running(folder: Path) -> AsyncGenerator[Served]:
    """Run the command over the two subgraphs of `tests.support.following`."""
    happenings.__init__()
    trust = verifier()
    apps = {name: subgraph(name, trust) for name in SCHEMAS}
    file, keys = folder / "supergraph.graphql", folder / "jwks.json"
    file.write_text(SDL)
    keys.write_bytes(orjson.dumps(jwks()))
    [port] = free_ports(1)
    async with served(apps["tickets"]) as tickets, served(apps["users"]) as users:
        issuer = f"{{url: {keys.as_uri()}, issuers: [helpnest], audiences: [helpnest]}}"
        config = folder / "router.yaml"
        config.write_text(
            f"{FORWARD}authentication: {{router: {{jwt: {{jwks: [{issuer}]}}}}}}\n"
            f"override_subgraph_url: {{tickets: {tickets}, users: {users}}}\n"
        )
        given = ("-s", str(file), "-c", str(config), "--port", str(port))
        process = await create_subprocess_exec(
            *(sys.executable, "-u", "-m", "router", "serve", *given),
            stdout=PIPE,
            stderr=STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            await ready(url)
            yield Served(f"{url}/graphql", process, file)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"{url}/health?ready") as answer:
                    assert await answer.json() == {"status": "UP"}
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def subscribed(url: str) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
    """Follow what happens over a WebSocket."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(url, protocols=["graphql-transport-ws"]) as socket,
    ):
        await socket.send_json({"type": "connection_init", "payload": bearer("usr_7")})
        assert await receive(socket) == {"type": "connection_ack"}
        start = {"id": "1", "type": "subscribe", "payload": {"query": CHANGED}}
        await socket.send_json(start)
        await heard(1)
        yield socket


async def heard(count: int) -> None:
    """Wait until so many listen to what happens."""
    async with asyncio.timeout(PATIENCE):
        while len(happenings.listeners) != count:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def receive(socket: aiohttp.ClientWebSocketResponse) -> Any:
    while (message := await socket.receive_json(timeout=PATIENCE))["type"] == "ping":
        await socket.send_json({"type": "pong"})
    return message


async def closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    async with asyncio.timeout(PATIENCE):
        async for _ in socket:
            pass
    return socket.close_code


async def test_events_come_over_a_websocket_until_a_reload_and_again_until_the_end(
    tmp_path: Path,
) -> None:
    event = {"title": "now", "who": "usr_7", "assignee": {"name": "name of u-1"}}
    told = {"id": "1", "type": "next", "payload": {"data": {"ticketChanged": event}}}
    async with running(tmp_path) as router:
        async with subscribed(router.url) as socket:
            happenings.happen("now")
            assert await receive(socket) == told
            router.supergraph.write_text(f"{SDL}# changed")
            router.process.send_signal(signal.SIGHUP)
            assert await closed(socket) == 1012
        await heard(0)
        async with subscribed(router.url) as socket:
            happenings.happen("now")
            assert await receive(socket) == told
            router.process.send_signal(signal.SIGTERM)
            assert await closed(socket) == 1001
        async with asyncio.timeout(PATIENCE):
            out, _ = await router.process.communicate()
        assert b"Traceback" not in out
        assert router.process.returncode in {0, -signal.SIGTERM}


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        ("multipart/mixed;subscriptionSpec=1.0", b"--graphql"),
        ("text/event-stream", b"event: next"),
    ],
)
async def test_events_come_by_http_too(
    tmp_path: Path, accept: str, first: bytes
) -> None:
    async with running(tmp_path) as router, aiohttp.ClientSession() as http:
        headers = {"accept": accept, **bearer("usr_7")}
        body = {"query": CHANGED}
        async with http.post(router.url, json=body, headers=headers) as answer:
            assert answer.status == 200
            await heard(1)
            happenings.happen("now")
            found = b""
            async with asyncio.timeout(PATIENCE):
                while b"name of u-1" not in found:
                    found += await answer.content.readany()
            assert first in found
            router.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                last = await answer.content.read()
            assert b"SUBSCRIPTION_SERVER_STOPPED" in last
