"""One HTTP/1.1 connection that is kept alive: a request at a time.

Written on asyncio's transports and httptools' parser (both C) because the clients
to be had cost two to seven times the CPU, and the fastest of them does not tell a
subgraph that its caller has gone. docs/decisions has the figures.
"""

import asyncio
from typing import cast

import httptools

from router.executor.transport.interface import (
    BrokenAnswerError,
    Reply,
    TooLargeError,
    TransportError,
    UnreachableError,
)

SUCCESS = 200


class Connection(asyncio.Protocol):
    """Send one request, gather one answer, and say whether another may follow."""

    __slots__ = (
        "_bounded",
        "_chunks",
        "_headers",
        "_keep",
        "_limit",
        "_parser",
        "_room",
        "_started",
        "_transport",
        "_waiting",
        "idle_since",
    )

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self.idle_since = 0.0
        self._begin()

    def _begin(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._chunks: list[bytes] = []
        self._room = self._limit
        self._started = False
        self._bounded = False
        self._keep = False

    @property
    def reusable(self) -> bool:
        """Say whether the other side still listens and owes us nothing."""
        return self._keep and self._transport is not None

    async def exchange(self, request: bytes) -> Reply:
        """Write a whole request and wait for the whole answer.

        Raises:
            TransportError: the connection ended first, or the answer is none.

        """
        if self._transport is None:
            raise UnreachableError("the connection was closed")
        self._begin()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._waiting
        finally:
            self._waiting = None

    def abort(self) -> None:
        """Hang up at once: the caller has gone, or no longer trusts the stream."""
        self._keep = False
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Feed the parser; what nobody asked for ends the connection."""
        if self._waiting is None:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except TooLargeError as error:
            self._fail(error)
        except httptools.HttpParserError as error:
            cause = error.__context__
            known = isinstance(cause, TransportError)
            self._fail(cause if known else BrokenAnswerError(f"not HTTP: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle whoever waits: an answer without length ends here, and is whole."""
        self._transport = None
        self._keep = False
        if self._waiting is None:
            return
        if not self._started:
            self._fail(UnreachableError(str(exc or "it hung up without an answer")))
        elif self._bounded or exc:
            self._fail(BrokenAnswerError("the answer stopped half way"))
        else:
            self._settle()

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, and note whether the body says where it ends."""
        name = name.lower()
        self._headers.append((name, value))
        if name == b"content-length":
            self._bounded = True
            if int(value) > self._limit:
                raise TooLargeError(self._limit)
        elif name == b"transfer-encoding":
            self._bounded = True

    def on_headers_complete(self) -> None:
        """Note that an answer has begun."""
        self._started = True

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, up to the limit."""
        self._room -= len(body)
        if self._room < 0:
            raise TooLargeError(self._limit)
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        """Hand over the answer; an interim one (1xx) is passed over."""
        if self._parser.get_status_code() < SUCCESS:
            self._begin()
            return
        self._keep = self._parser.should_keep_alive()
        self._settle()

    def _settle(self) -> None:
        waiting, chunks = self._waiting, self._chunks
        if waiting is not None and not waiting.done():
            body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
            status = self._parser.get_status_code()
            waiting.set_result(Reply(status, body, tuple(self._headers)))

    def _fail(self, error: BaseException) -> None:
        waiting = self._waiting
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)
        self.abort()
