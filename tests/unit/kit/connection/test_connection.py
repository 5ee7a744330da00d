"""What clients do with a connection: pieces, haste, patience, and hanging up."""

import asyncio
import gc
import weakref
from functools import partial
from typing import Any

import pytest

from kit.connection.connection import MOST_HEADS
from kit.connection.exchange import Exchange
from tests.support.raw_http import connected, post
from tests.support.routers import Client, running_router
from tests.support.served import served
from tests.support.streams import until

TITLES = b'{"query":"{ tickets { title } }"}'
IDS = b'{"query":"{ tickets { id } }"}'
TITLES_ANSWER = b'{"data":{"tickets":[{"title":"Printer"},{"title":"Screen"}]}}'
IDS_ANSWER = b'{"data":{"tickets":[{"id":"1"},{"id":"2"}]}}'

REQUEST = post(TITLES)
END = REQUEST.index(b"\r\n\r\n") + 4

HEALTH = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.mark.parametrize("at", [1, 20, END - 3, END, END + 1, len(REQUEST) - 1])
async def test_a_request_may_come_in_pieces(at: int) -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        for _ in range(2):
            whole = await raw.ask(REQUEST)
            pieces = await raw.ask(REQUEST[:at], REQUEST[at:])
            assert whole.body == pieces.body == TITLES_ANSWER


async def test_what_is_sent_ahead_is_answered_in_order() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        for _ in range(2):
            await raw.send(REQUEST + post(IDS) + HEALTH + REQUEST)
            bodies = [(await raw.read()).body for _ in range(4)]
            assert bodies == [
                TITLES_ANSWER,
                IDS_ANSWER,
                b'{"status":"UP"}',
                TITLES_ANSWER,
            ]


async def test_what_is_sent_while_an_answer_is_made_waits_for_it() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        await raw.send(REQUEST, post(IDS), REQUEST[:END], REQUEST[END:])
        bodies = [(await raw.read()).body for _ in range(3)]
    assert bodies == [TITLES_ANSWER, IDS_ANSWER, TITLES_ANSWER]


async def test_a_known_head_with_half_a_body_waits_for_the_rest() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        await raw.ask(REQUEST)
        await raw.send(REQUEST + REQUEST[: END + 5])
        assert (await raw.read()).body == TITLES_ANSWER
        assert (await raw.ask(REQUEST[END + 5 :])).body == TITLES_ANSWER


async def test_many_heads_are_forgotten_and_answered_all_the_same() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        for number in range(3 * MOST_HEADS):
            asked = post(TITLES, b"x-request-id: r%d" % number)
            first, again = await raw.ask(asked), await raw.ask(asked)
            assert first.header("x-request-id") == f"r{number}"
            assert again.header("x-request-id") == f"r{number}"


async def test_a_client_that_wants_no_more_is_hung_up_on() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        answer = await raw.ask(post(TITLES, b"connection: close"))
        assert answer.header("connection") == "close"
        assert await raw.is_over()


async def test_chunks_old_versions_and_whoever_asks_first_are_answered() -> None:
    head = b"host: x\r\ncontent-type: application/json\r\n"
    length = b"content-length: %d\r\n" % len(TITLES)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(TITLES), TITLES)
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        start = b"POST /graphql HTTP/1.1\r\n" + head
        answer = await raw.ask(start + b"transfer-encoding: chunked\r\n\r\n" + chunked)
        assert answer.body == TITLES_ANSWER
        await raw.send(start + length + b"expect: 100-continue\r\n\r\n")
        assert await raw.reader.readuntil(b"\r\n\r\n") == (
            b"HTTP/1.1 100 Continue\r\n\r\n"
        )
        assert (await raw.ask(TITLES)).body == TITLES_ANSWER
        old = b"POST /graphql HTTP/1.0\r\n" + head + length + b"\r\n" + TITLES
        assert (await raw.ask(old)).body == TITLES_ANSWER
        assert await raw.is_over()


async def test_what_is_no_http_is_refused_after_a_good_request_too() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        await raw.ask(REQUEST)
        assert (await raw.ask(b"nonsense\r\n\r\n")).status == 400
        assert await raw.is_over()


async def test_an_idle_connection_is_closed_and_a_busy_one_is_not() -> None:
    async with (
        running_router() as client,
        served(client.app, keep_alive=1) as url,
        connected(url) as idle,
        connected(url) as busy,
    ):
        await idle.ask(REQUEST)
        for _ in range(5):
            assert (await busy.ask(REQUEST)).status == 200
            await asyncio.sleep(0.3)
        assert await idle.is_over()
        assert (await busy.ask(REQUEST)).status == 200


class Hanging:
    """A subgraph that answers when it is let."""

    def __init__(self, client: Client) -> None:
        self.started, self.ended = asyncio.Event(), asyncio.Event()
        self.let = asyncio.Event()
        transport: Any = client.app.gateway.subgraphs["tickets"].transport
        self._answer = transport._app
        transport._app = self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.started.set()
        try:
            await self.let.wait()
        finally:
            self.ended.set()
        await self._answer(scope, receive, send)


async def is_idle(client: Client) -> bool:
    """Say whether nothing is under way any more."""
    return not client.app.serving.under_way


async def is_asked(client: Client) -> bool:
    """Say whether the tickets' subgraph was asked."""
    return bool(client.subgraphs["tickets"].asked)


@pytest.mark.parametrize("known", [False, True])
async def test_work_ends_when_its_client_hangs_up(known: bool) -> None:
    async with running_router() as client, served(client.app) as url:
        async with connected(url) as raw:
            if known:
                await raw.ask(REQUEST)
            hanging = Hanging(client)
            await raw.send(REQUEST)
            await hanging.started.wait()
            raw.writer.transport.abort()
            await until(partial(is_idle, client))
            assert hanging.ended.is_set()
        counted = client.app.observer.metrics.requests.values
        assert counted.get(("499",)) == 1
        assert client.app.observer.metrics.in_flight.value == 0


async def test_a_connection_that_ends_leaves_nothing_to_the_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        async with running_router() as client, served(client.app) as url:
            async with connected(url) as raw:
                await raw.ask(REQUEST)
                await raw.ask(REQUEST)
            [kept] = [each for each in gc.get_objects() if type(each) is Exchange]
            seen = weakref.ref(kept._connection)
            del kept
            raw.writer.transport.abort()
            await until(partial(is_gone, seen))
    finally:
        gc.enable()


async def is_gone(seen: "weakref.ref[Any]") -> bool:
    """Say whether an object is no more."""
    return seen() is None


async def test_a_mutation_goes_on_when_its_client_hangs_up() -> None:
    close = post(b'{"query":"mutation { close(id: \\"1\\") { title } }"}')
    async with running_router() as client, served(client.app) as url:
        hanging = Hanging(client)
        async with connected(url) as raw:
            await raw.send(close)
            await hanging.started.wait()
            raw.writer.transport.abort()
            await until(partial(is_idle, client))
            assert not hanging.ended.is_set()
            hanging.let.set()
            await until(partial(is_asked, client))


async def test_a_server_that_stops_answers_what_it_has() -> None:
    async with running_router() as client:
        hanging = Hanging(client)
        async with served(client.app, drain=10) as url:
            raw = connected(url)
            connection = await raw.__aenter__()
            await connection.send(REQUEST)
            await hanging.started.wait()
            asyncio.get_running_loop().call_later(0.2, hanging.let.set)
        answer = await connection.read()
        assert (answer.body, answer.header("connection")) == (TITLES_ANSWER, "close")
        assert await connection.is_over()
        await raw.__aexit__(None, None, None)


async def test_what_served_before_a_change_serves_no_more() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        await raw.ask(REQUEST)
        before = client.app.serving
        documents = before.gateway.documents.most_used(1)
        await client.app.succession.change(before.settings, before.sdl)
        assert (await raw.ask(REQUEST)).body == TITLES_ANSWER
        assert client.app.serving is not before
        documents += client.app.serving.gateway.documents.most_used(1)
        # Warming it up was the first time.
        assert [each.used for each in documents] == [1, 2]
