"""The short way to a subgraph's endpoint answers as ASGI does, byte for byte."""

import asyncio
import re
from typing import Any, cast

import httpx
import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kit.app import Service, Surroundings, create_service
from kit.connection.connection import Connection
from kit.connection.exchange import Exchange
from kit.graphql import Context, Schema
from kit.settings import ServiceSettings
from tests.support.execution import EXECUTION
from tests.support.raw_http import Answered, connected, post
from tests.support.served import served
from tests.support.tokens import bearer, verifier

WHO = b'{"query":"{ who }"}'
HEADER = b'{"query":"{ header(name: \\"x-mine\\") }"}'
SPOOF = b'{"query":"{ header(name: \\"x-helpnest-user\\") }"}'
TOKEN = b"authorization: " + bearer("usr_7")["authorization"].encode()

REQUESTS: dict[str, bytes] = {
    "a query": post(WHO, TOKEN),
    "a query that waits": post(b'{"query":"{ thing { name } }"}', TOKEN),
    "variables": post(
        b'{"query":"query($n: String!) { hello(name: $n) }","variables":{"n":"x"}}',
        TOKEN,
    ),
    "an error": post(b'{"query":"{ fail(how: \\"forbidden\\") }"}', TOKEN),
    "a bug": post(b'{"query":"{ fail(how: \\"bug\\") }"}', TOKEN),
    "headers of its own": post(HEADER, TOKEN, b"x-mine: yes"),
    "a header that only the router may send": post(
        SPOOF, TOKEN, b"x-helpnest-user: root"
    ),
    "a public field": post(b'{"query":"mutation { signIn(name: \\"a\\") }"}'),
    "by nobody": post(WHO),
    "by a forged token": post(WHO, TOKEN[:-3] + b"AAA"),
    "by what is no token": post(WHO, b"authorization: Basic YQ=="),
    "by two tokens": post(WHO, TOKEN, TOKEN),
    "an empty token": post(WHO, b"authorization: "),
    "a name of its own": post(WHO, TOKEN, b"x-request-id: mine.1"),
    "no JSON": post(b"{", TOKEN),
    "no body": post(b"", TOKEN),
    "a batch": post(b"[" + WHO + b"]", TOKEN),
    "a member of another type": post(b'{"query":1}', TOKEN),
    "no document": post(b"{}", TOKEN),
    "no GraphQL": post(b'{"query":"{ who"}', TOKEN),
    "not valid here": post(b'{"query":"{ nobody }"}', TOKEN),
    "many answers": post(WHO, TOKEN, b"accept: multipart/mixed"),
    "elsewhere": post(WHO, TOKEN, path=b"/nothing"),
    "with a query string": post(WHO, TOKEN, path=b"/graphql?a=b"),
    "compressed itself": post(WHO, TOKEN, b"content-encoding: gzip"),
}

BY_ASGI = {
    "by two tokens",
    "an empty token",
    "many answers",
    "elsewhere",
    "with a query string",
    "compressed itself",
}
"""What is not usual."""

NAMED = re.compile(rb'"requestId":"[^"]+"')


class Watched(Connection):
    """Counts what goes the short way."""

    taken = 0

    def _begin(self, exchange: Exchange, body: bytes) -> None:
        Watched.taken += 1
        super()._begin(exchange, body)


@pytest.fixture
def service(schema: Schema) -> Service:
    settings = ServiceSettings(
        domain="users", database_url="postgresql://nowhere/none", execution=EXECUTION
    )
    around = Surroundings(verifier(), cast("httpx.AsyncClient", None), poll=False)
    make: Any = Context
    return create_service(schema, settings, make, surroundings=around)


def told(answer: Answered) -> tuple[int, list[tuple[str, str]], bytes]:
    """Show an answer without what is different each time."""
    kept = [pair for pair in answer.headers if pair[0] != "date"]
    return answer.status, sorted(kept), NAMED.sub(b"", answer.body)


async def ask_thrice(service: Service, request: bytes, protocol: type) -> list[Any]:
    async with served(service, protocol) as url, connected(url) as raw:
        return [told(await raw.ask(request)) for _ in range(3)]


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_short_way_answers_as_asgi_does(service: Service, name: str) -> None:
    before = Watched.taken
    short = await ask_thrice(service, REQUESTS[name], Watched)
    assert Watched.taken - before == (0 if name in BY_ASGI else 3)
    assert short == await ask_thrice(service, REQUESTS[name], HttpToolsProtocol)
    assert short[0] == short[1] == short[2]


async def test_a_body_that_comes_in_pieces_is_left_to_asgi(service: Service) -> None:
    request, before = REQUESTS["a query"], Watched.taken
    async with served(service, Watched) as url, connected(url) as raw:
        answer = await raw.ask(request[:-3], request[-3:])
    assert answer.body == b'{"data":{"who":"usr_7"}}'
    assert Watched.taken == before


async def test_work_ends_when_its_client_hangs_up(service: Service) -> None:
    working = asyncio.Event()
    ended = asyncio.Event()

    async def work() -> None:
        working.set()
        try:
            await asyncio.sleep(30)
        finally:
            ended.set()

    class Slow(Context):
        async def prepare(self) -> None:
            await work()

    service.graphql.make_context = Slow
    async with served(service, Watched) as url:
        async with connected(url) as raw:
            await raw.send(REQUESTS["a query"])
            await working.wait()
            raw.writer.transport.abort()
        async with asyncio.timeout(10):
            await ended.wait()
