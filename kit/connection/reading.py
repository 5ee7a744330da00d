"""One client's requests as they come in: whole in time, and in no other protocol.

uvicorn waits for a request for as long as its client likes; here it has
`READ_SECONDS` from its first byte to its last, and so has whoever connects and says
nothing. Other protocols than WebSocket are passed over, as HTTP has it: clients that
would rather speak HTTP/2 (Java's, `curl --http2`) offer that with a request that is
to be answered.

Source: RFC 9110, section "Upgrade", and "408 Request Timeout".
"""

import asyncio
from typing import Any, Final

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from kit.guard import error_body
from kit.patience import BODY_SECONDS

READ_SECONDS: Final = BODY_SECONDS

LATE: Final = error_body("The request took too long to come.", "BAD_REQUEST")


class Reading(HttpToolsProtocol):
    """uvicorn's protocol, which does not wait for ever."""

    read_seconds = READ_SECONDS

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._between = True
        self._declined = False
        self._due: float | None = None
        self._watch: asyncio.TimerHandle | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as uvicorn's
        """Wait for the first request."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        self._stop()

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        self._unset_keepalive_if_required()
        self._feed(data)
        if self._between and not self._is_free():
            self._due = None
        else:
            self._expect()

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except HttpParserError:
            message = "Invalid HTTP request received."
            self.logger.warning(message)
            self.send_400_response(message)
        except HttpParserUpgrade as offer:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self._go_on(data[offer.args[0] :])

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Note that a message is being read."""
        self._between = self._declined = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; blanks behind it are not part of it."""
        super().on_header(name, value.rstrip(b" \t"))

    def on_headers_complete(self) -> None:
        """Begin to answer, but for an offer to speak something else."""
        self._declined = self.parser.should_upgrade() and not self._should_upgrade()
        if not self._declined:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that a message was read."""
        self._between, self._due = True, None
        if not self._declined:
            super().on_message_complete()

    # Other protocols.

    def _should_upgrade(self) -> bool:
        """Take up WebSockets where they may be offered, and nothing else."""
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over."""
        self._stop()
        super().handle_websocket_upgrade()

    def _go_on(self, rest: bytes) -> None:
        """Read a request once more, without the offer that the parser stopped at."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("There is nothing to connect to.")
            return
        version = self.parser.get_http_version().encode("ascii")
        lines = [b"%s: %s\r\n" % pair for pair in self.headers if pair[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(
            lenient_data_after_close=True
        )  # as uvicorn
        head = b"%s %s HTTP/%s\r\n%s\r\n" % (method, self.url, version, b"".join(lines))
        self._feed(head + rest)

    # Requests that do not come to their end.

    def _is_free(self) -> bool:
        """Say whether no request is being answered, or waits to be."""
        cycle = self.cycle
        return (cycle is None or cycle.response_complete) and not self.pipeline  # pyright: ignore[reportUnnecessaryComparison] - it is None before the first request

    def _expect(self) -> None:
        """Wait for the end of a request from now on, if that is not waited for yet."""
        if self._due is not None or self.transport.is_closing():
            return
        self._due = self.loop.time() + self.read_seconds
        if self._watch is None:
            self._watch = self.loop.call_at(self._due, self._look)

    def _stop(self) -> None:
        self._due = None
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _look(self) -> None:
        """Give up a request that is late; look again for one that began since."""
        self._watch = None
        if self._due is None or self.transport.is_closing():
            return
        if self._due > self.loop.time():
            self._watch = self.loop.call_at(self._due, self._look)
            return
        self._due = None
        if self._keeps_it_waiting():
            self._expect()
        else:
            self._give_up()

    def _keeps_it_waiting(self) -> bool:
        """Say whether we do not read on, or are busy with one before it."""
        if self.flow.read_paused or self.pipeline:
            return True
        return not self._is_free() and (self._between or not self.cycle.more_body)

    def _give_up(self) -> None:
        """Hang up; who has begun a request that was not answered yet is told why."""
        cycle = self.cycle
        began = cycle is not None and cycle.more_body  # pyright: ignore[reportUnnecessaryComparison] - as above
        if not self._between and not (began and cycle.response_started):
            head = (
                b"%scontent-type: application/json\r\ncontent-length: %d\r\n"
                b"connection: close\r\n\r\n"
            )
            self.transport.write(head % (STATUS_LINE[408], len(LATE)) + LATE)
        self.transport.close()
