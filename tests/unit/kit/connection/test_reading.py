"""Clients that begin and do not end, and those that would rather speak otherwise."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from kit.connection.connection import Connection
from kit.connection.reading import LATE
from tests.support.raw_http import Raw, connected, post
from tests.support.routers import running_router
from tests.support.served import served
from tests.unit.kit.connection.test_connection import (
    END,
    HEALTH,
    IDS,
    IDS_ANSWER,
    REQUEST,
    TITLES,
    TITLES_ANSWER,
    Hanging,
)

CHUNKED = (
    b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)


class Hasty(Connection):
    """Waits no longer than a test does."""

    read_seconds = 0.3


@asynccontextmanager
async def dripping(raw: Raw, byte: bytes) -> AsyncGenerator[None]:
    """Send a byte now and then."""

    async def drip() -> None:
        while True:
            raw.writer.write(byte)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(drip())
    try:
        yield
    finally:
        task.cancel()


@pytest.mark.parametrize(
    ("begin", "byte"),
    [
        (b"POST /gra", b""),
        (b"POST /graphql HTTP/1.1\r\nx-a: ", b"a"),
        (REQUEST[:END], b""),
        (REQUEST[: END + 3], b""),
        (REQUEST[:END].replace(b": 33", b": 900"), b" "),
        (REQUEST[:END].replace(b": 33", b": 90000"), b" "),
        (CHUNKED, b"1\r\n \r\n"),
        (HEALTH[:-2], b"a: b\r\n"),
    ],
    ids=range(8),
)
@pytest.mark.parametrize(
    "before", [b"", REQUEST, HEALTH], ids=["first", "after one", "after another way"]
)
async def test_a_request_that_does_not_come_to_its_end_is_given_up(
    begin: bytes, byte: bytes, before: bytes
) -> None:
    assert b": 33\r\n" in REQUEST
    async with (
        running_router() as client,
        served(client.app, Hasty) as url,
        connected(url) as raw,
    ):
        if before:
            assert (await raw.ask(before)).status == 200
        await raw.send(begin)
        async with dripping(raw, byte):
            answer = await raw.read()
        with suppress(ConnectionError):  # what it dripped meanwhile was not read
            assert await raw.is_over()
    assert (answer.status, answer.body) == (408, LATE)
    assert answer.header("connection") == "close"
    assert len(client.subgraphs["tickets"].asked) == (before == REQUEST)


@pytest.mark.parametrize("said", [b"", b"\r\n"])
async def test_who_connects_and_says_nothing_is_hung_up_on(said: bytes) -> None:
    async with (
        running_router() as client,
        served(client.app, Hasty) as url,
        connected(url) as raw,
    ):
        await raw.send(said)
        assert await raw.is_over()


async def test_line_ends_do_not_keep_a_connection_that_was_answered() -> None:
    async with (
        running_router() as client,
        served(client.app, Hasty) as url,
        connected(url) as raw,
    ):
        await raw.ask(REQUEST)
        await raw.send(b"\r\n")
        assert await raw.is_over()


async def test_what_comes_while_an_answer_is_made_has_its_time_afterwards() -> None:
    async with (
        running_router() as client,
        served(client.app, Hasty) as url,
        connected(url) as raw,
    ):
        hanging = Hanging(client)
        await raw.send(REQUEST + post(IDS)[:-1])
        await hanging.started.wait()
        await asyncio.sleep(3 * Hasty.read_seconds)  # it is we who are slow
        hanging.let.set()
        assert (await raw.read()).body == TITLES_ANSWER
        assert (await raw.ask(post(IDS)[-1:])).body == IDS_ANSWER


async def test_a_body_that_is_refused_before_its_end_is_not_read_for_ever() -> None:
    async with (
        running_router() as client,
        served(client.app, Hasty) as url,
        connected(url) as raw,
    ):
        head = REQUEST[:END].replace(b": 33", b": 99999999")
        assert (await raw.ask(head)).status == 413
        async with dripping(raw, b" "):
            with suppress(ConnectionError):
                assert await raw.is_over()  # without a second answer


OFFERS = [
    (b"upgrade: h2c", b"connection: Upgrade, HTTP2-Settings", b"http2-settings: AA"),
    (b"upgrade: websocket", b"connection: upgrade"),
    (b"upgrade: TLS/1.0", b"connection: upgrade"),
]


@pytest.mark.parametrize("offer", OFFERS)
async def test_a_request_that_offers_another_protocol_is_answered_in_this_one(
    offer: tuple[bytes, ...],
) -> None:
    lines = b"\r\n".join(offer) + b"\r\n"
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(IDS), IDS)
    asked = post(TITLES, *offer)
    at = asked.index(b"\r\n\r\n") + 10
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        for _ in range(2):
            assert (await raw.ask(asked)).body == TITLES_ANSWER
            assert (await raw.ask(asked[:at], asked[at:])).body == TITLES_ANSWER
            whole = CHUNKED.replace(b"host", lines + b"host") + chunks
            assert (await raw.ask(whole)).body == IDS_ANSWER
            await raw.send(asked + post(IDS) + HEALTH)
            bodies = [(await raw.read()).body for _ in range(3)]
            assert bodies == [TITLES_ANSWER, IDS_ANSWER, b'{"status":"UP"}']


async def test_blanks_behind_a_header_are_not_part_of_it() -> None:
    asked = post(TITLES, b"x-request-id:  mine \t ", b"accept: application/json  ")
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        for _ in range(2):
            answer = await raw.ask(asked)
            assert answer.header("x-request-id") == "mine"
            assert answer.body == TITLES_ANSWER


async def test_nobody_is_connected_to_elsewhere() -> None:
    async with (
        running_router() as client,
        served(client.app) as url,
        connected(url) as raw,
    ):
        assert (await raw.ask(b"CONNECT x:80 HTTP/1.1\r\n\r\n")).status == 400
        assert await raw.is_over()
