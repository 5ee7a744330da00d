import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest

from kit.errors import UnauthenticatedError
from kit.guard import GraphQLRequest
from kit.streams import over_socket
from kit.streams.mailbox import Ending
from kit.streams.over_socket import Single, Socket, SocketLimits
from kit.streams.stream import Stream, stream_of
from tests.support.streams import connected

left: list[str] = []


class Host:
    """Counts to what the query says, or waits for ever."""

    def connect(self, payload: Mapping[str, object]) -> None:
        if payload.get("wrong"):
            raise UnauthenticatedError("No")

    async def open(self, request: GraphQLRequest) -> Stream | Single:
        query = request.query or ""
        if query == "one":
            return Single(b'{"data":1}')
        if query == "expired":
            raise UnauthenticatedError("The token has expired")
        if query == "bug":
            raise KeyError

        async def events() -> AsyncGenerator[bytes]:
            try:
                if not query.isdigit():
                    await asyncio.Event().wait()
                for number in range(int(query)):
                    yield b"%d" % number
            finally:
                left.append(query)

        stream = stream_of(events(), lambda: None, ours="Ours.")
        if query == "reload":
            stream.mailbox.end(Ending("RELOAD", "Again.", 1012))
        return stream


def app(**limits: Any) -> Any:
    left.clear()

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        await Socket(Host(), receive, send, SocketLimits(**limits)).serve(scope)

    return serve


async def test_operations_run_beside_each_other_and_complete() -> None:
    async with connected(app()) as socket:
        assert socket.subprotocol == "graphql-transport-ws"
        await socket.begin()
        socket.subscribe("a", "2")
        assert await socket.hear() == {"id": "a", "type": "next", "payload": 0}
        assert await socket.hear() == {"id": "a", "type": "next", "payload": 1}
        assert await socket.hear() == {"id": "a", "type": "complete"}
        socket.subscribe("a", "one")  # its name is free again
        assert await socket.hear() == {
            "id": "a",
            "type": "next",
            "payload": {"data": 1},
        }


async def test_a_ping_is_answered_with_its_payload_before_anything_else() -> None:
    async with connected(app()) as socket:
        socket.say("ping", payload={"at": 1})
        assert await socket.hear() == {"type": "pong", "payload": {"at": 1}}
        socket.say("pong")
        socket.say("ping")
        assert await socket.hear() == {"type": "pong"}


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["no json"], 4400),
        (["[]"], 4400),
        (['{"type":"start"}'], 4400),
        (['{"type":"connection_init","payload":1}'], 4400),
        (["[" * 60 + "]" * 60], 4400),
        (['{"type":"connection_init"}'] * 2, 4429),
        (['{"type":"subscribe","id":"1","payload":{"query":"1"}}'], 4401),
        (['{"type":"connection_init","payload":{"wrong":1}}'], 4401),
        (['{"type":"ping","payload":{"a":"' + "x" * 3000 + '"}}'], 1009),
        (['{"type":"connection_init"}', '{"type":"subscribe","id":"1"}'], 4400),
        (['{"type":"connection_init"}', '{"type":"subscribe","payload":{}}'], 4400),
        (
            [
                '{"type":"connection_init"}',
                '{"type":"subscribe","id":"1","payload":{"query":["x"]}}',
            ],
            4400,
        ),
        (['{"type":"connection_init"}', '{"type":"complete"}'], 4400),
        (
            [
                '{"type":"connection_init"}',
                *['{"type":"subscribe","id":"1","payload":{"query":"wait"}}'] * 2,
            ],
            4409,
        ),
        (
            [
                '{"type":"connection_init"}',
                *[
                    f'{{"type":"subscribe","id":"{n}","payload":{{"query":"wait"}}}}'
                    for n in range(3)
                ],
            ],
            1013,
        ),
        (
            [
                '{"type":"connection_init"}',
                '{"type":"subscribe","id":"1","payload":{"query":"expired"}}',
            ],
            4401,
        ),
        (
            [
                '{"type":"connection_init"}',
                '{"type":"subscribe","id":"1","payload":{"query":"bug"}}',
            ],
            4500,
        ),
        (
            [
                '{"type":"connection_init"}',
                '{"type":"subscribe","id":"1","payload":{"query":"reload"}}',
            ],
            1012,
        ),
    ],
)
async def test_each_fault_closes_with_its_own_code(texts: list[str], code: int) -> None:
    async with connected(app(operations=2, largest_message=2000)) as socket:
        for text in texts:
            socket.say_text(text)
        heard = await socket.hear()
        while isinstance(heard, dict):
            assert heard == {"type": "connection_ack"}
            heard = await socket.hear()
        assert heard == code


async def test_bytes_are_no_message() -> None:
    async with connected(app()) as socket:
        socket.channel.to_app.put_nowait({"type": "websocket.receive", "bytes": b"{}"})
        assert await socket.hear() == 4400


async def test_who_does_not_initialise_in_time_is_closed() -> None:
    async with connected(app(init_seconds=0.01)) as socket:
        assert await socket.hear() == 4408


async def test_another_subprotocol_is_not_acceptable() -> None:
    async with connected(app(), subprotocols=["graphql-ws"]) as socket:
        assert await socket.hear() == 4406


async def test_who_does_not_answer_pings_is_closed() -> None:
    async with connected(app(ping_seconds=0.01)) as socket:
        await socket.begin()
        assert await socket.hear() == {"type": "ping"}
        socket.say("pong")
        assert await socket.hear() == {"type": "ping"}
        assert await socket.hear() == 1001


async def test_a_client_that_completes_or_leaves_ends_what_runs() -> None:
    before = asyncio.all_tasks()
    async with connected(app()) as socket:
        await socket.begin()
        socket.subscribe("a", "first")
        socket.subscribe("b", "second")
        socket.say("ping")
        assert await socket.hear() == {"type": "pong"}
        socket.say("complete", id="a")
        socket.say("complete", id="unknown")
        socket.say("ping")
        assert await socket.hear() == {"type": "pong"}
        await asyncio.sleep(0.01)
        assert left == ["first"]
    assert left == ["first", "second"]
    assert asyncio.all_tasks() == before


async def test_a_client_that_does_not_read_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(over_socket, "SLOW_SECONDS", 0.02)
    whole = app()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        async def stuck(message: Any) -> None:
            if "next" in message.get("text", ""):
                await asyncio.Event().wait()
            await send(message)

        await whole(scope, receive, stuck)

    async with connected(slow) as socket:
        await socket.begin()
        socket.subscribe("a", "1000")
        assert await socket.hear() == 1013
    assert left == ["1000"]
