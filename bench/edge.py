"""``make bench-edge``: what the edge costs on a tiny query, against the bare pipeline.

CPU of this process, in microseconds a request, in one run: each round measures every
stage in turn, the least of all rounds counts. There is no socket and no subgraph's
work in it: requests are ASGI calls, the subgraph answers the same bytes at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import uvloop

from helpnest.supergraph import SUPERGRAPH, domains
from kit.garbage import look_seldom, settle
from kit.guard import GraphQLRequest
from kit.identity import ANONYMOUS
from router.app import create_app
from router.app.application import Application
from router.gateway.pipeline import Asked
from router.settings import load_settings, read_settings
from router.settings.model import Settings
from tests.support.tokens import sign, verifier

SHIPPED = Path(__file__).parents[1] / "router" / "router.yaml"
ROUNDS, REQUESTS = 15, 2_000

QUERY = 'query Tiny { ticket(number: "INC0000045") { id number } }'
ANSWER = b'{"data":{"ticket":{"id":"tkt_1","number":"INC0000045"}}}'
BODY = orjson.dumps({"query": QUERY, "operationName": "Tiny", "variables": {}})

BARE = """
apq: {enabled: false}
helpnest: {cache_control: false, compression: {enabled: false}}
headers: {all: {request: []}}
authorization: {directives: {enabled: false}}
"""

BROWSER = [
    (b"host", b"helpnest.example"),
    (b"content-length", b"%d" % len(BODY)),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"),
    (b"content-type", b"application/json"),
    (b"accept", b"application/graphql-response+json,application/json;q=0.9"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"accept-language", b"en,de;q=0.9"),
    (b"origin", b"https://helpnest.example"),
    (b"referer", b"https://helpnest.example/"),
    (b"apollographql-client-name", b"web"),
    (b"apollographql-client-version", b"1.0.0"),
]

Step = Callable[[], Awaitable[None]]


async def subgraph(_: Any, receive: Any, send: Any) -> None:
    """Answer at once, as every subgraph here does."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": ANSWER})


def application(settings: Settings) -> Application:
    """Make a router over subgraphs that do nothing."""
    targets = dict.fromkeys(domains(), subgraph)
    sdl = SUPERGRAPH.read_text(encoding="utf-8")
    return create_app(settings, sdl, transports=targets, verifier=verifier())


def pipeline(app: Application) -> Step:
    """Ask the pipeline itself, by a function call."""

    async def ask() -> None:
        outcome = await app.gateway.answer(Asked(GraphQLRequest(QUERY), ANONYMOUS))
        assert outcome.body == ANSWER  # noqa: S101 - what is measured must be right

    return ask


def endpoint(app: Application, headers: list[tuple[bytes, bytes]]) -> Step:
    """Ask as a server passes a client's request on."""
    sent: list[Any] = []
    message = {"type": "http.request", "body": BODY, "more_body": False}

    async def receive() -> Any:
        return message

    async def send(part: Any) -> None:
        sent.append(part)

    async def ask() -> None:
        sent.clear()
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [*headers],
            "client": ("192.0.2.1", 40_000),
        }
        await app(scope, receive, send)
        assert sent[1]["body"] == ANSWER, sent  # noqa: S101 - as above

    return ask


def steps() -> dict[str, Step]:
    """Name what is measured, from the bare pipeline to all that is shipped."""
    bare = application(read_settings(BARE, {}))
    shipped = application(load_settings(SHIPPED, {}))
    secret = {"HELPNEST_ROUTER_SECRET": "s" * 40}
    signed = application(load_settings(SHIPPED, secret))
    token = sign("usr_1", scopes=["tickets:read"], lifetime=3_600)
    known = [*BROWSER, (b"authorization", f"Bearer {token}".encode())]
    return {
        "the bare pipeline": pipeline(bare),
        "+ HTTP, metrics, trace context": endpoint(bare, BROWSER),
        "+ identity, limits, features as shipped": endpoint(shipped, known),
        "+ requests to subgraphs signed": endpoint(signed, known),
    }


async def measure(step: Step) -> float:
    """Take the CPU of one request, in microseconds."""
    began = time.process_time()
    for _ in range(REQUESTS):
        await step()
    return (time.process_time() - began) / REQUESTS * 1e6


async def main() -> None:
    """Measure every step in every round, and print what each adds."""
    found = steps()
    least = dict.fromkeys(found, float("inf"))
    for step in found.values():
        await measure(step)  # whatever is made on first use
    settle()
    for _ in range(ROUNDS):
        for name, step in found.items():
            least[name] = min(least[name], await measure(step))
    bare = next(iter(least.values()))
    for name, cost in least.items():
        print(f"{name:<42} {cost:6.1f} µs   edge {cost - bare:6.1f} µs")


if __name__ == "__main__":
    look_seldom()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
