"""Events of subgraphs in this very process: handed over as they are."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from kit.proof import sign
from kit.streams.mailbox import Ending
from kit.streams.stream import HANDED_OVER, Stream
from router.executor.streams.interface import EVENTS, Events, StreamEndedError
from router.executor.transport.in_process import AsgiApp, Exchange, Message
from router.executor.transport.interface import Headers, Reply, UnreachableError

LOOK_SECONDS = 60.0


class InProcessStreams:
    """One subgraph that lives here: no socket, no HTTP, no framing."""

    def __init__(
        self,
        app: AsgiApp,
        *,
        path: str,
        largest_answer: int,
        secret: bytes | None = None,
    ) -> None:
        self._app = app
        self._largest = largest_answer
        self._secret = secret
        self._path = path
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

    @asynccontextmanager
    async def events(
        self, body: bytes, headers: Headers
    ) -> AsyncGenerator[Events | Reply]:
        """Call the application, which hands a stream over or answers."""
        length = (b"content-length", b"%d" % len(body))
        sent = [*EVENTS, length, *headers]
        if self._secret is not None:
            token = next((v for k, v in headers if k == b"authorization"), b"")
            sent.append(sign(self._secret, self._path, body, token))
        scope = {
            **self._scope,
            "headers": sent,
            "extensions": {HANDED_OVER: {}},
            "state": {},
        }
        call = Handing(body, self._largest)
        try:
            await self._app(scope, call.receive, call.send)
        except Exception as error:  # an application may raise anything
            raise UnreachableError(f"it raised {type(error).__name__}") from error
        if call.stream is None:
            yield call.reply()
            return
        try:
            yield read(call.stream)
        finally:
            await call.stream.close()

    async def close(self) -> None:
        """Leave the application alone: it is not ours to stop."""


class Handing(Exchange):
    """One ASGI call in which a stream may be handed over."""

    __slots__ = ("stream",)

    def __init__(self, body: bytes, largest_answer: int) -> None:
        super().__init__(body, largest_answer)
        self.stream: Stream | None = None

    async def send(self, message: Message) -> None:
        """Take a stream, or what is sent instead of one."""
        if message["type"] == HANDED_OVER:
            found: Any = message["stream"]
            self.stream = found
            return
        await super().send(message)


async def read(stream: Stream) -> AsyncGenerator[bytes]:
    """Give a stream's events to its end."""
    while True:
        found = await stream.next(LOOK_SECONDS)
        if isinstance(found, Ending):
            if found.code is None:
                return
            raise StreamEndedError(found)
        if found is not None:
            yield found
