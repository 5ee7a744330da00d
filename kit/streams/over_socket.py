"""graphql-transport-ws over ASGI: one connection, its operations, and its end.

Source: "GraphQL over WebSocket Protocol" (graphql-transport-ws).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import structlog

from kit.errors import UnauthenticatedError
from kit.guard import GraphQLRequest, RefusedRequestError
from kit.patience import Alarm, Receive, in_time
from kit.streams import messages
from kit.streams.framing import errors_of
from kit.streams.mailbox import GOING_AWAY, TRY_LATER, UNAUTHORIZED, Ending
from kit.streams.messages import ClosedError, Message, quote
from kit.streams.over_http import SLOW, SLOW_SECONDS
from kit.streams.stream import Stream

log = structlog.get_logger(__name__)

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """What one connection may take: seconds, operations at a time, bytes."""

    init_seconds: float = 5.0
    ping_seconds: float = 15.0
    operations: int = 50
    largest_message: int = 262_144


@dataclass(frozen=True, slots=True)
class Single:
    """One result, and no more; ``refused`` holds nothing but errors."""

    body: bytes
    refused: bool = False


class Host(Protocol):
    """Who answers on a connection. One is made for each."""

    def connect(self, payload: Mapping[str, object]) -> None:
        """Take what the client says of itself in ``connection_init``.

        Raises:
            UnauthenticatedError: its token proves nothing.
            RefusedRequestError: it may not connect.

        """
        ...

    async def open(self, request: GraphQLRequest) -> Stream | Single:
        """Begin one operation."""
        ...


class Socket:
    """One connection: reads what the client sends, runs what it subscribes to."""

    def __init__(
        self, host: Host, receive: Receive, send: Send, limits: SocketLimits
    ) -> None:
        self._host = host
        self._receive = receive
        self._send = send
        self._limits = limits
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ready = False
        self._initiated = False
        self._heard = True
        self._closing: tuple[int, str] | None = None
        self._alarm: Alarm | None = None

    async def serve(self, scope: Mapping[str, Any]) -> None:
        """Talk until one side hangs up; nothing runs on afterwards."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        offered = messages.SUBPROTOCOL in scope.get("subprotocols", ())
        agreed = messages.SUBPROTOCOL if offered else None
        await self._send({"type": "websocket.accept", "subprotocol": agreed})
        if not offered:
            self._closing = (messages.NOT_ACCEPTABLE, "Subprotocol not acceptable")
        self._alarm = Alarm()
        loop = asyncio.get_running_loop()
        init = loop.call_later(self._limits.init_seconds, self._init_late)
        pinging = asyncio.create_task(self._ping())
        try:
            if self._closing is None:
                await self._listen()
        except ClosedError as end:
            self._closing = self._closing or (end.code, end.reason)
        except asyncio.CancelledError:
            if not self._alarm.was_it():
                raise
        finally:
            init.cancel()
            await self._stop([*self._running.values(), pinging])

    async def _stop(self, tasks: "list[asyncio.Task[None]]") -> None:
        """Let nothing go on, and tell the client why."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._hang_up()

    def close(self, code: int, reason: str) -> None:
        """Hang up from outside; the first reason counts."""
        if self._closing is None:
            self._closing = (code, reason)
            if self._alarm is not None:
                self._alarm.ring()

    async def _hang_up(self) -> None:
        if self._closing is None:
            return
        code, reason = self._closing
        cut = reason.encode()[: messages.LONGEST_REASON].decode("utf-8", "ignore")
        # A client that has left, or takes nothing, need not be told.
        with suppress(Exception):
            async with asyncio.timeout(SLOW_SECONDS):
                await self._send(
                    {"type": "websocket.close", "code": code, "reason": cut}
                )

    def _init_late(self) -> None:
        if not self._ready:
            self.close(messages.INIT_TIMEOUT, "Connection initialisation timeout")

    async def _listen(self) -> None:
        while True:
            got = await self._receive()
            if got["type"] == "websocket.disconnect":
                return
            self._heard = True
            message = messages.read_message(
                got.get("text"), self._limits.largest_message
            )
            await self._take(message)

    async def _take(self, message: Message) -> None:
        match message.kind:
            case "connection_init":
                await self._init(message.payload or {})
            case "subscribe":
                self._subscribe(message)
            case "complete":
                task = self._running.get(message.id)
                if task is not None:
                    task.cancel()
            case "ping":
                await self._write(messages.pong(message.payload))
            case _:
                pass

    async def _init(self, payload: Mapping[str, object]) -> None:
        if self._initiated:
            raise ClosedError(
                messages.TOO_MANY_INITS, "Too many initialisation requests"
            )
        self._initiated = True
        try:
            self._host.connect(payload)
        except UnauthenticatedError as error:
            raise ClosedError(UNAUTHORIZED, f"Unauthorized: {error}.") from None
        except RefusedRequestError as error:
            raise ClosedError(messages.FORBIDDEN, error.message) from None
        self._ready = True
        await self._write(messages.acknowledged())

    def _subscribe(self, message: Message) -> None:
        request, name = message.request, message.id
        if not self._ready:
            raise ClosedError(UNAUTHORIZED, "Unauthorized: not initialised.")
        if request is None or not (request.query or request.extensions):
            raise ClosedError(messages.BAD_REQUEST, "'payload.query' is missing.")
        if name in self._running:
            raise ClosedError(
                messages.ALREADY_EXISTS, f"Subscriber for {name} already exists"
            )
        if len(self._running) >= self._limits.operations:
            most = self._limits.operations
            raise ClosedError(
                TRY_LATER, f"At most {most} operations run on one connection."
            )
        task = asyncio.create_task(self._run(quote(name), request))
        self._running[name] = task
        task.add_done_callback(lambda done: self._done(name, done))

    def _done(self, name: str, task: "asyncio.Task[None]") -> None:
        if self._running.get(name) is task:
            del self._running[name]
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, UnauthenticatedError):
            self.close(UNAUTHORIZED, f"Unauthorized: {error}.")
        elif isinstance(error, ClosedError):
            self.close(error.code, error.reason)
        elif error is not None:
            log.error("socket.failed", exc_info=error)
            self.close(messages.INTERNAL, "Something went wrong on our side.")

    async def _run(self, name: str, request: GraphQLRequest) -> None:
        opened = await self._host.open(request)
        if isinstance(opened, Single):
            await self._single(name, opened)
            return
        try:
            while True:
                # Between events the connection's own pings say that we are here.
                found = await opened.next(self._limits.ping_seconds)
                if isinstance(found, Ending):
                    await self._end(name, found)
                    return
                if found is not None:
                    await self._write(messages.next_of(name, found))
        except ClosedError as end:
            if end.code == TRY_LATER:
                opened.mailbox.drop(SLOW)
            raise
        finally:
            await opened.close()

    async def _single(self, name: str, result: Single) -> None:
        if result.refused:
            errors = orjson.dumps(orjson.loads(result.body)["errors"])
            await self._write(messages.error_of(name, errors))
            return
        await self._write(messages.next_of(name, result.body))
        await self._write(messages.complete_of(name))

    async def _end(self, name: str, ending: Ending) -> None:
        if ending.silent:
            return
        if ending.close is not None:
            raise ClosedError(ending.close, f"{ending.code}: {ending.message}")
        if ending.code is not None:
            await self._write(messages.error_of(name, errors_of(ending)))
        else:
            await self._write(messages.complete_of(name))

    async def _ping(self) -> None:
        """Ask now and then whether the client is there; hang up if it is not."""
        while True:
            await asyncio.sleep(self._limits.ping_seconds)
            if not self._heard:
                self.close(GOING_AWAY, "No answer to a ping")
                return
            self._heard = False
            try:
                await self._write(messages.ping())
            except ClosedError as end:
                self.close(end.code, end.reason)
                return

    async def _write(self, text: str) -> None:
        try:
            message = {"type": "websocket.send", "text": text}
            await in_time(SLOW_SECONDS, self._send(message))
        except TimeoutError:
            raise ClosedError(TRY_LATER, "Messages were not read in time.") from None
        except OSError:
            raise ClosedError(GOING_AWAY, "The client has gone.") from None
