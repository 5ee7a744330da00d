"""One HTTP/1.1 connection that is kept alive: a request at a time.

Written on asyncio's transports and httptools' parser (both C) because the clients
to be had cost two to seven times the CPU, and the fastest of them does not tell a
subgraph that its caller has gone. docs/decisions has the figures.
"""

import asyncio
from dataclasses import dataclass
from typing import cast

import httptools

from router.executor.transport.interface import (
    BrokenAnswerError,
    Headers,
    Reply,
    TooLargeError,
    TransportError,
    UnreachableError,
)

SUCCESS = 200
LENGTHS = {b"content-length", b"transfer-encoding"}


END = b"\r\n\r\n"

MOST_HEADS = 256
LARGEST_HEAD = 2048
"""Heads of answers that are kept for all connections to one subgraph."""


@dataclass(slots=True)
class Head:
    """An answer's head as it was read, and the length of the body behind it."""

    headers: Headers
    length: int


Heads = dict[bytes, Head]
"""By their bytes: an answer in one piece with a known head is not parsed again."""


class Connection(asyncio.Protocol):
    """Send one request, gather one answer, and say whether another may follow."""

    __slots__ = (
        "_bounded",
        "_chunks",
        "_headers",
        "_heads",
        "_keep",
        "_limit",
        "_parser",
        "_piece",
        "_room",
        "_started",
        "_transport",
        "_waiting",
        "idle_since",
    )

    def __init__(self, limit: int, heads: Heads | None = None) -> None:
        self._limit = limit
        self._heads: Heads = {} if heads is None else heads
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
        self._piece: bytes | None = None

    @property
    def reusable(self) -> bool:
        """Say whether the other side still listens and owes us nothing."""
        return self._keep and self._transport is not None

    def ask(self, request: bytes) -> "asyncio.Future[Reply]":
        """Write a whole request; the whole answer is to come.

        It fails with a `TransportError` if the connection ends first, or if the
        answer is none. Who gives it up must ``abort``.

        Raises:
            UnreachableError: nothing was written, the connection is closed.

        """
        if self._transport is None:
            raise UnreachableError("the connection was closed")
        if self._started:
            self._begin()
        waiting = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._transport.write(request)
        return waiting

    def abort(self) -> None:
        """Hang up at once: the caller has gone, or no longer trusts the stream."""
        self._keep = False
        self._waiting = None
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Feed the parser; what nobody asked for ends the connection."""
        waiting = self._waiting
        if waiting is None:
            self.abort()
            return
        if self._piece is None and not self._started:
            end = data.find(END) + len(END)
            known = self._heads.get(data[:end])
            if known is not None and known.length == len(data) - end:
                self._keep = True
                self._waiting = None
                if not waiting.done():
                    waiting.set_result(Reply(SUCCESS, data[end:], known.headers))
                return
            self._piece = data
        else:
            self._piece = b""
        try:
            self._parser.feed_data(data)
        except TooLargeError as error:
            self._fail(error)
        except httptools.HttpParserError as error:
            cause = error.__context__
            if not isinstance(cause, TransportError):
                cause = BrokenAnswerError(f"not HTTP: {error}")
            self._fail(cause)

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
            self._piece = b""
            return
        self._keep = self._parser.should_keep_alive()
        self._settle()

    def _settle(self) -> None:
        waiting, chunks = self._waiting, self._chunks
        self._waiting = None
        if waiting is not None and not waiting.done():
            body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
            status = self._parser.get_status_code()
            reply = Reply(status, body, tuple(self._headers))
            if status == SUCCESS and self._keep:
                self._learn(reply)
            waiting.set_result(reply)

    def _learn(self, reply: Reply) -> None:
        """Keep the head of an answer that was all of one piece, of a told length."""
        piece, length = self._piece or b"", b"%d" % len(reply.body)
        end = piece.find(END) + len(END)
        told = [v for name, v in reply.headers if name in LENGTHS]
        if told != [length] or end + len(reply.body) != len(piece):
            return
        if end > LARGEST_HEAD or piece.count(b"\n", 0, end) != piece.count(
            b"\r\n", 0, end
        ):
            return
        if len(self._heads) >= MOST_HEADS:
            self._heads.clear()
        self._heads[piece[:end]] = Head(reply.headers, len(reply.body))

    def _fail(self, error: BaseException) -> None:
        waiting = self._waiting
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)
        self.abort()
