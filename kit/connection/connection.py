"""One client's connection: POSTs to the endpoint go a short way, the rest by ASGI.

The short way is for a whole request with a plain head. It costs a third of what the
same costs by ASGI's messages. Everything else, and everything that is not usual, is
uvicorn's: other paths and methods, WebSockets, streams, chunks, large bodies,
`Expect`, requests sent before the answer to the one before.

A client sends the same head again and again, so what was worked out of it is kept:
a request that comes in one piece, and whose head is byte for byte one that this
connection has seen, is not parsed again.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle
from uvicorn.server import ServerState

from kit.connection.exchange import Exchange, ShortWay, Written
from kit.connection.heads import RawHeaders, header_lines
from kit.connection.reading import Reading

END = b"\r\n\r\n"

MOST_HEADS = 8
LARGEST_HEAD = 4096
"""Heads kept for one connection: those of a browser, or of one that many share."""

LARGEST_BODY = 64 * 1024
"""What arrives before anybody has to be asked to wait."""

SMALL = 16 * 1024
"""Bytes that are cheaper to copy behind the head than to be written apart."""

Find = Callable[[bytes, RawHeaders, tuple[str, int] | None], ShortWay | None]


class Connection(Reading):
    """uvicorn's protocol, with a short way to an application that has one."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        find: Find | None = getattr(self.app, "short_way", None)
        if self.root_path or self.limit_concurrency is not None:
            find = None
        self._find = find
        self._ways: dict[bytes, ShortWay] = {}
        self._taken: Exchange | None = None
        self._under_way: Exchange | None = None
        self._parts: list[bytes] = []
        self._piece = b""
        self._idle_since: float | None = None
        self._said: list[tuple[bytes, bytes]] = []
        self._said_lines = b""

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        """Take a request whose head is known at once; give the rest to the parser."""
        self._idle_since = None
        if self._find is not None and self._between and self._is_free():
            end = data.find(END) + len(END)
            way, length = self._ways.get(data[:end]), len(data) - end
            if way is not None and way.length == length and way.serving.current:
                self._due = None
                self._begin(Exchange(self, way), data[end:])
                return
            self._piece = data
        else:
            self._piece = b""
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is under way for a client that has gone."""
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        gone, self._under_way = self._under_way, None
        if gone is not None:
            gone.leave()
        self._taken = None
        if isinstance(self.cycle, Exchange):
            self.cycle = None  # pyright: ignore[reportAttributeAccessIssue] - so it is at first; neither keeps the other

    # What the parser calls.

    def on_headers_complete(self) -> None:
        """Choose the way."""
        way = self._way()
        if way is None or not (way.in_pieces or self._is_whole(way)):
            super().on_headers_complete()
            return
        self._parts = []
        self._taken = Exchange(self, way)
        self.cycle = cast("RequestResponseCycle", self._taken)

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        if self._taken is None:
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Begin to answer a request that is whole."""
        taken = self._taken
        if taken is None:
            super().on_message_complete()
            return
        self._between, self._due = True, None
        body, self._taken, self._parts = b"".join(self._parts), None, []
        self._learn(taken.way)
        self._begin(taken, body)

    # The short way.

    def _way(self) -> ShortWay | None:
        parser = self.parser
        if (
            self._find is None
            or not self._is_free()
            or parser.get_method() != b"POST"
            or parser.get_http_version() != "1.1"
            or parser.should_upgrade()
            or self.expect_100_continue
            or not parser.should_keep_alive()
        ):
            return None
        way = self._find(self.url, self.headers, self.client)
        return way if way is not None and way.length <= LARGEST_BODY else None

    def _is_whole(self, way: ShortWay) -> bool:
        """Say whether all of a request came in one piece."""
        end = self._piece.find(END) + len(END)
        return len(self._piece) == end + way.length

    def _learn(self, way: ShortWay) -> None:
        """Keep a head, if the request was all of what came in one piece."""
        piece, self._piece = self._piece, b""
        end = piece.find(END) + len(END)
        if end > LARGEST_HEAD or end + way.length != len(piece):
            return
        if piece.count(b"\n", 0, end) != piece.count(b"\r\n", 0, end):
            return  # its lines end in another way: so may its head
        if len(self._ways) >= MOST_HEADS:
            self._ways.clear()
        self._ways[piece[:end]] = way

    def _begin(self, exchange: Exchange, body: bytes) -> None:
        self.cycle = cast("RequestResponseCycle", exchange)
        self._under_way = exchange
        exchange.begin(body)

    def is_full(self) -> bool:
        """Say whether the client reads more slowly than it is answered."""
        return self.flow.write_paused

    async def room(self) -> None:
        """Wait until the client has read enough of what was written before."""
        await self.flow.drain()

    def answer(self, exchange: Exchange, written: Written) -> None:
        """Write a whole answer, unless nobody is there to read it."""
        if exchange.disconnected:
            return
        said = self.server_state.default_headers
        if said is not self._said:
            self._said, self._said_lines = said, header_lines(tuple(said))
        status, lines, body = written
        head = b"%s%s%scontent-length: %d\r\n%s\r\n" % (
            STATUS_LINE[status],
            self._said_lines,
            lines,
            len(body),
            b"" if exchange.keep_alive else b"connection: close\r\n",
        )
        if len(body) < SMALL:
            self.transport.write(head + body)
        else:
            self.transport.write(head)
            self.transport.write(body)
        exchange.response_complete = True
        if not exchange.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def hang_up(self, exchange: Exchange) -> None:
        """End a connection whose request was given up."""
        if not exchange.disconnected:
            self.transport.close()

    # Idle connections: one timer that is looked at, not one for each request.

    def on_response_complete(self) -> None:
        """Go on with what was sent meanwhile, or begin to be idle."""
        waits = bool(self.pipeline)
        timer, self.timeout_keep_alive_task = self.timeout_keep_alive_task, None
        if not waits and timer is not None and not self.transport.is_closing():
            self.server_state.total_requests += 1
            self.flow.resume_reading()
            self.timeout_keep_alive_task = timer
        else:
            if timer is not None:
                timer.cancel()
            super().on_response_complete()
        if not waits and self._between:
            self._idle_since = self.loop.time()

    def _unset_keepalive_if_required(self) -> None:
        """Leave the timer alone: whoever is busy is not found idle."""

    def timeout_keep_alive_handler(self) -> None:
        """Hang up if it has been idle for so long; else look again."""
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left <= 0:
            super().timeout_keep_alive_handler()
            return
        self.timeout_keep_alive_task = self.loop.call_later(
            left, self.timeout_keep_alive_handler
        )
