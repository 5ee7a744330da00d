"""The short way answers as ASGI does, byte for byte."""

import re
import sys
import time
from types import ModuleType

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kit.connection.connection import Connection
from kit.connection.exchange import Exchange
from router.hooks.model import Request
from tests.support.raw_http import Answered, connected, post
from tests.support.routers import running_router
from tests.support.served import served
from tests.support.tokens import bearer, verifier

TITLES = b'{"query":"{ tickets { title } }"}'
NOTES = b'{"query":"{ tickets { title notes } }"}'
VIEWER = b'{"query":"{ viewer { name } }"}'
CLOSE = b'{"query":"mutation { close(id: \\"1\\") { title } }"}'
TOKEN = b"authorization: " + bearer()["authorization"].encode()

HEAD = [(b"content-type", b"application/json"), (b"content-length", b"9")]

YAML = """
helpnest: {cache_control: true, compression: {enabled: true, smallest: 60}}
batching: {enabled: true, mode: batch_http_link}
cors: {origins: ["https://help.example"]}
headers: {all: {request: [{propagate: {named: x-mine}}]}}
limits: {http_max_request_bytes: 2000}
"""

REQUESTS: dict[str, bytes] = {
    "a query": post(TITLES),
    "with variables": post(
        b'{"query":"query Q($n: Int) { tickets(first: $n) { id } }",'
        b'"operationName":"Q","variables":{"n":1}}'
    ),
    "a mutation": post(CLOSE),
    "by a token": post(NOTES, TOKEN),
    "by nobody": post(NOTES),
    "by nobody, all of it hidden": post(VIEWER),
    "by a forged token": post(VIEWER, TOKEN[:-3] + b"AAA"),
    "by what is no token": post(VIEWER, b"authorization: Basic YQ=="),
    "by two tokens": post(VIEWER, TOKEN, TOKEN),
    "a name of its own": post(b'{"query":"{"}', b"x-request-id: mine.1"),
    "a name that is none": post(TITLES, b"x-request-id: a b"),
    "a trace": post(
        TITLES, b"traceparent: 00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"
    ),
    "what goes on": post(TITLES, b"x-mine: 1", b"x-mine: 2"),
    "a plan beside it": post(TITLES, b"apollo-expose-query-plan: true"),
    "a page that may": post(TITLES, b"origin: https://help.example"),
    "a page that may not": post(TITLES, b"origin: https://other.example"),
    "the other media type": post(TITLES, b"accept: application/graphql-response+json"),
    "one of two media types": post(
        b'{"query":"{ nothing }"}', b"accept: application/json", b"accept: text/html"
    ),
    "no media type of ours": post(TITLES, b"accept: text/html"),
    "compressed": post(b"[%s,%s,%s]" % ((TITLES,) * 3), b"accept-encoding: gzip"),
    "events": post(b'{"query":"{"}', b"accept: text/event-stream;q=0.5, */*"),
    "no JSON": post(b"{"),
    "no body": post(b""),
    "no object": post(b'"text"'),
    "a member of another type": post(b'{"query":1}'),
    "no GraphQL": post(b'{"query":"{ tickets"}'),
    "not valid here": post(b'{"query":"{ nothing }"}'),
    "no document": post(b"{}"),
    "a batch": post(b"[" + TITLES + b"," + CLOSE + b"]"),
    "a batch in which one fails": post(b"[" + TITLES + b',{"query":"{"}]'),
    "an empty batch": post(b"[]"),
    "too large": post(b'{"query":"' + b" " * 2000 + b'"}'),
    "a subscription": post(b'{"query":"subscription { x }"}'),
    "elsewhere": post(TITLES, path=b"/nothing"),
    "with a query string": post(TITLES, path=b"/graphql?a=b"),
    "compressed itself": post(TITLES, b"content-encoding: gzip"),
}

OWN = re.compile(rb'"requestId":"[^"]+"')
"""The name of a request is another each time, unless its sender chose it."""


def told(answer: Answered) -> tuple[int, list[tuple[str, str]], bytes]:
    """Show an answer without what is different each time."""
    own = {"date", "x-request-id"}
    kept = [pair for pair in answer.headers if pair[0] not in own]
    given = answer.header("x-request-id")
    if given == "mine.1":
        kept.append(("x-request-id", given))
    return answer.status, sorted(kept), OWN.sub(b"", answer.body)


async def ask_thrice(request: bytes, protocol: type) -> tuple[list[object], object]:
    """Ask on one connection; tell the answers, and what the subgraphs were sent."""
    async with running_router(YAML, verifier=verifier()) as client:
        async with served(client.app, protocol) as url, connected(url) as raw:
            answers = [told(await raw.ask(request)) for _ in range(3)]
        named = {"x-request-id", "traceparent"}
        sent = [
            {k: v for k, v in headers.items() if k not in named or v.endswith("-01")}
            for each in client.subgraphs.values()
            for headers in each.headers
        ]
        counted = dict(client.app.observer.metrics.requests.values)
        assert client.app.observer.metrics.in_flight.value == 0
        assert client.app.serving.under_way == 0
    return [*answers], (sent, counted)


class Watched(Connection):
    """Counts what goes the short way."""

    taken = 0

    def _begin(self, exchange: Exchange, body: bytes) -> None:
        Watched.taken += 1
        super()._begin(exchange, body)


BY_ASGI = {
    "by what is no token",
    "by two tokens",
    "no media type of ours",
    "events",
    "too large",
    "elsewhere",
    "with a query string",
    "compressed itself",
}
"""What is not usual."""


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_short_way_answers_as_asgi_does(name: str) -> None:
    before = Watched.taken
    short = await ask_thrice(REQUESTS[name], Watched)
    assert Watched.taken - before == (0 if name in BY_ASGI else 3)
    assert short == await ask_thrice(REQUESTS[name], HttpToolsProtocol)
    assert short[0][0] == short[0][1] == short[0][2]


async def test_each_request_has_a_name_of_its_own() -> None:
    async with running_router() as client:
        async with served(client.app) as url, connected(url) as raw:
            answers = [await raw.ask(post(TITLES)) for _ in range(3)]
        sent = [each["x-request-id"] for each in client.subgraphs["tickets"].headers]
    names = [answer.header("x-request-id") for answer in answers]
    assert len(set(names)) == 3
    assert names == sent


async def test_a_token_that_was_taken_back_is_believed_no_longer() -> None:
    believing = verifier()
    async with (
        running_router(verifier=believing) as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        first = await raw.ask(post(VIEWER, TOKEN))
        believing.revocations.add("ses_1", int(time.time()) + 60)
        second = await raw.ask(post(VIEWER, TOKEN))
    assert (first.status, second.status) == (200, 401)


async def test_hooks_see_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async def on_request(_: Request) -> None:
        """Change nothing."""

    module = ModuleType("hooks_of_a_test")
    module.on_request = on_request  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hooks_of_a_test", module)
    async with running_router("hooks: {module: hooks_of_a_test}") as client:
        assert client.app.short_way(b"/graphql", HEAD, None) is None
    async with running_router() as client:
        assert client.app.short_way(b"/graphql", HEAD, None) is not None
