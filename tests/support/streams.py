"""ASGI as a streaming client sees it: parts of an answer, and WebSocket messages."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

Json = dict[str, Any]
Message = dict[str, Any]
RawHeaders = list[tuple[bytes, bytes]]

PATIENCE = 10.0
"""Seconds after which a test that waits has failed."""

MULTIPART = (b"accept", b"multipart/mixed;subscriptionSpec=1.0, application/json")


async def soon(what: Any) -> Any:
    """Wait for something that must come."""
    async with asyncio.timeout(PATIENCE):
        return await what


async def until(what: Callable[[], Awaitable[Any]], seconds: float = PATIENCE) -> None:
    """Ask again and again for something that must become true."""
    async with asyncio.timeout(seconds):
        while not await what():  # noqa: ASYNC110 - another process may make it true
            await asyncio.sleep(0.02)


@dataclass
class Channel:
    """The two directions of one ASGI call."""

    to_app: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue[Message])
    from_app: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue[Message])

    async def send(self, message: Any) -> None:
        """Take what the application sends."""
        self.from_app.put_nowait(message)


@dataclass
class Parts:
    """A multipart or SSE answer, as it comes."""

    channel: Channel
    status: int
    headers: dict[bytes, bytes]
    buffer: bytes = b""
    whole: bool = False

    async def raw(self, until: bytes) -> bytes | None:
        """Give what comes before the next ``until``; None when all has come."""
        while until not in self.buffer:
            if self.whole:
                return None
            message = await soon(self.channel.from_app.get())
            self.buffer += message.get("body", b"")
            self.whole = not message.get("more_body", False)
        found, _, self.buffer = self.buffer.partition(until)
        return found

    async def part(self) -> Any:
        """Give the next part's JSON; None after the last."""
        while True:
            found = await self.raw(b"\r\n--graphql")
            if found is None:
                return None
            _, blank, body = found.partition(b"\r\n\r\n")
            if blank:
                return orjson.loads(body)

    async def payload(self) -> Any:
        """Give the next part that is no heartbeat; None after the last."""
        while True:
            found = await self.part()
            if found != {}:
                return found

    async def body(self) -> Any:
        """Give the whole answer's JSON: it was no stream."""
        while not self.whole:
            message = await soon(self.channel.from_app.get())
            self.buffer += message.get("body", b"")
            self.whole = not message.get("more_body", False)
        return orjson.loads(self.buffer)

    def leave(self) -> None:
        """Hang up."""
        self.channel.to_app.put_nowait({"type": "http.disconnect"})


@asynccontextmanager
async def streaming(
    app: Any,
    request: Json,
    headers: Iterable[tuple[bytes, bytes]] = (),
    *,
    accept: tuple[bytes, bytes] = MULTIPART,
    stay: bool = False,
    **scope: Any,
) -> AsyncGenerator[Parts]:
    """POST a request and read its answer as it comes; hang up at the block's end."""
    channel = Channel()
    body = orjson.dumps(request)
    channel.to_app.put_nowait({"type": "http.request", "body": body})
    call = asyncio.create_task(
        app(
            {
                "type": "http",
                "method": "POST",
                "path": "/graphql",
                "query_string": b"",
                "client": ("127.0.0.1", 1),
                "headers": [(b"content-type", b"application/json"), accept, *headers],
                **scope,
            },
            channel.to_app.get,
            channel.send,
        )
    )
    try:
        start = await soon(channel.from_app.get())
        parts = Parts(channel, start["status"], dict(start["headers"]))
        yield parts
        if not stay:
            parts.leave()
        await soon(call)
    finally:
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)


@dataclass
class SocketClient:
    """A WebSocket as its client has it."""

    channel: Channel
    subprotocol: str | None = None

    def say(self, kind: str, **more: Any) -> None:
        """Send one message."""
        text = orjson.dumps({"type": kind, **more}).decode()
        self.say_text(text)

    def say_text(self, text: str) -> None:
        """Send a text as it is."""
        self.channel.to_app.put_nowait({"type": "websocket.receive", "text": text})

    async def begin(self, **payload: Any) -> None:
        """Initialise the connection."""
        self.say("connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    def subscribe(self, name: str, query: str, **variables: Any) -> None:
        """Begin an operation."""
        payload = {"query": query, "variables": variables}
        self.say("subscribe", id=name, payload=payload)

    async def hear(self) -> Any:
        """Give the next message: JSON, or the code with which it was closed."""
        message = await soon(self.channel.from_app.get())
        if message["type"] == "websocket.close":
            self.channel.to_app.put_nowait({"type": "websocket.disconnect"})
            return message["code"]
        return orjson.loads(message["text"])

    def leave(self) -> None:
        """Hang up."""
        self.channel.to_app.put_nowait({"type": "websocket.disconnect", "code": 1001})


@asynccontextmanager
async def connected(
    app: Any,
    headers: RawHeaders | None = None,
    subprotocols: Iterable[str] = ("graphql-transport-ws",),
    path: str = "/graphql",
) -> AsyncGenerator[SocketClient]:
    """Open a WebSocket; hang up at the block's end."""
    channel = Channel()
    channel.to_app.put_nowait({"type": "websocket.connect"})
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": headers or [],
        "subprotocols": list(subprotocols),
    }
    call = asyncio.create_task(app(scope, channel.to_app.get, channel.send))
    try:
        client = SocketClient(channel)
        first = await soon(channel.from_app.get())
        if first["type"] == "websocket.accept":
            client.subprotocol = first["subprotocol"]
        else:
            channel.from_app.put_nowait(first)
        yield client
        client.leave()
        await soon(call)
    finally:
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
