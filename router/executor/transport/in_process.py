"""Subgraphs in this very process: an ASGI application called as a function."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, cast

from router.executor.transport.interface import (
    FIXED,
    LARGEST_ANSWER,
    BrokenAnswerError,
    Headers,
    Reply,
    TooLargeError,
    UnreachableError,
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]


class InProcessTransport:
    """One subgraph that lives here: no socket, no HTTP, no copy of the body.

    Whoever made the application also starts and stops it (ASGI lifespan).
    """

    def __init__(
        self,
        app: AsgiApp,
        *,
        path: str = "/graphql",
        largest_answer: int = LARGEST_ANSWER,
    ) -> None:
        self._app = app
        self._largest = largest_answer
        self._scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "client": ("127.0.0.1", 0),
            "server": ("in-process", 80),
        }

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """Call the application and gather what it sends."""
        raw = [
            *FIXED,
            (b"content-length", str(len(body)).encode()),
            *headers,
        ]
        scope = {**self._scope, "headers": raw, "state": {}}
        exchange = Exchange(body, self._largest)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except TooLargeError:
            raise
        except Exception as error:  # an application may raise anything
            raise UnreachableError(f"it raised {type(error).__name__}") from error
        return exchange.reply()

    async def close(self) -> None:
        """Leave the application alone: it is not ours to stop."""


class Exchange:
    """The two channels of one ASGI call, held in memory."""

    __slots__ = (
        "_asked",
        "_body",
        "_chunks",
        "_done",
        "_gone",
        "_headers",
        "_limit",
        "_room",
        "_status",
    )

    def __init__(self, body: bytes, largest_answer: int) -> None:
        self._body = body
        self._asked = False
        self._limit = self._room = largest_answer
        self._status = 0
        self._headers: Iterable[tuple[bytes, bytes]] = ()
        self._chunks: list[bytes] = []
        self._done = False
        self._gone: asyncio.Event | None = None

    async def receive(self) -> Message:
        """Hand over the body at once; the caller leaves when it has its answer."""
        if self._asked:
            if not self._done:
                self._gone = self._gone or asyncio.Event()
                await self._gone.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        """Keep the status, the headers and each piece of the body."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = message.get("headers") or ()
            return
        chunk = cast("bytes", message.get("body", b""))
        self._room -= len(chunk)
        if self._room < 0:
            raise TooLargeError(self._limit)
        self._chunks.append(chunk)
        self._done = not message.get("more_body", False)
        if self._done and self._gone:
            self._gone.set()

    def reply(self) -> Reply:
        """Put the pieces together."""
        if not self._status:
            raise UnreachableError("it returned without an answer")
        if not self._done:
            raise BrokenAnswerError("its answer stopped half way")
        body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        headers = tuple([(name.lower(), value) for name, value in self._headers])
        return Reply(self._status, body, headers)
