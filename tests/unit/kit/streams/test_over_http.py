import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from kit.streams import over_http
from kit.streams.framing import MultipartEvents, ServerSentEvents
from kit.streams.mailbox import COMPLETE, GONE, Ending
from kit.streams.over_http import SLOW, send_stream
from kit.streams.stream import Stream, stream_of
from tests.support.streams import Channel

closed: list[bool] = []


async def events(*given: bytes, forever: bool = False) -> AsyncGenerator[bytes]:
    try:
        for each in given:
            yield each
        if forever:
            await asyncio.Event().wait()
    finally:
        closed.append(True)


def stream(*given: bytes, forever: bool = False, capacity: int = 16) -> Stream:
    closed.clear()
    source = events(*given, forever=forever)
    return stream_of(source, lambda: None, capacity=capacity, ours="Ours.")


def written(channel: Channel) -> bytes:
    found = b""
    while not channel.from_app.empty():
        found += channel.from_app.get_nowait().get("body", b"")
    return found


async def test_multipart_is_written_to_the_letter() -> None:
    channel = Channel()
    ending = await send_stream(
        stream(b"1"), MultipartEvents(), channel.to_app.get, channel.send
    )
    assert ending == COMPLETE
    assert written(channel) == (
        b"\r\n--graphql\r\ncontent-type: application/json\r\n\r\n"
        b'{"payload":1}\r\n--graphql--\r\n'
    )


async def test_server_sent_events_are_written_to_the_letter() -> None:
    channel = Channel()
    await send_stream(
        stream(b"1"), ServerSentEvents(), channel.to_app.get, channel.send
    )
    assert written(channel) == (
        b":\n\nevent: next\ndata: 1\n\nevent: complete\ndata:\n\n"
    )


@pytest.mark.parametrize(
    ("framing", "beat"),
    [
        (
            MultipartEvents(),
            b"\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql",
        ),
        (ServerSentEvents(), b":\n\n"),
    ],
)
async def test_a_silent_stream_says_now_and_then_that_it_lives(
    framing: Any, beat: bytes
) -> None:
    channel = Channel()
    silent = stream(forever=True)
    call = asyncio.create_task(
        send_stream(silent, framing, channel.to_app.get, channel.send, heartbeat=0.01)
    )
    for _ in range(2):  # the head, and what stands before everything
        await channel.from_app.get()
    assert [(await channel.from_app.get())["body"] for _ in range(2)] == [beat] * 2
    channel.to_app.put_nowait({"type": "http.disconnect"})
    assert await call == GONE
    assert closed == [True]


async def test_a_reason_is_told_before_the_end() -> None:
    channel = Channel()
    silent = stream(forever=True)
    silent.mailbox.end(Ending("CODE", "Why."))
    await send_stream(silent, ServerSentEvents(), channel.to_app.get, channel.send)
    assert written(channel).endswith(
        b'data: {"errors":[{"message":"Why.","extensions":{"code":"CODE"}}]}\n\n'
        b"event: complete\ndata:\n\n"
    )


async def test_a_client_that_does_not_read_is_dropped_and_little_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(over_http, "SLOW_SECONDS", 0.02)
    channel, many = Channel(), [b"%d" % number for number in range(1000)]
    slow = stream(*many, capacity=4)

    async def send(message: Any) -> None:
        if b'"payload"' in message.get("body", b""):
            await asyncio.Event().wait()

    ending = await send_stream(slow, MultipartEvents(), channel.to_app.get, send)

    assert (ending, closed, len(slow.mailbox)) == (SLOW, [True], 0)
    assert slow.mailbox.ending == SLOW
