"""Streams to clients: which framing they want, how many they may have, how they end."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from kit.streams.framing import Framing, MultipartParts, ServerSentEvents
from kit.streams.mailbox import GOING_AWAY, Ending, Mailbox
from kit.streams.over_http import send_stream
from kit.streams.over_socket import Host, Socket, SocketLimits
from kit.streams.stream import Confirm, Stream
from router.app.asgi import RawHeaders, Receive, Scope, Send
from router.app.crowd import Crowd
from router.app.negotiation import Wanted, wanted
from router.app.requests import Head
from router.auth.identify import Authenticator
from router.gateway.asked import Answer, Streaming
from router.gateway.refusals import refuse
from router.settings.model import Settings
from router.telemetry.observer import Observer
from router.telemetry.record import Record
from router.telemetry.trace_context import TraceContext, trace_context

log = structlog.get_logger(__name__)

OK: Final = 200
TOO_MANY: Final = 429

RESTART: Final = 1012
"""WebSocket: come again; clients that retry do so by themselves."""

SCHEMA_RELOAD: Final = Ending(
    "SUBSCRIPTION_SCHEMA_RELOAD",
    "The subscription has been closed due to a schema reload; subscribe again.",
    RESTART,
)
CONFIG_RELOAD: Final = Ending(
    "SUBSCRIPTION_CONFIG_RELOAD",
    "The subscription has been closed due to a configuration reload; subscribe again.",
    RESTART,
)
STOPPING: Final = Ending(
    "SUBSCRIPTION_SERVER_STOPPED", "The router is stopping; ask again.", GOING_AWAY
)


@dataclass(slots=True, eq=False)
class Open:
    """One stream that a client reads."""

    stream: Stream
    who: str
    operation: str | None
    protocol: str
    began: float = field(default_factory=time.monotonic)
    events: int = 0


class Streams:
    """Every stream and WebSocket of one pipeline."""

    def __init__(self, settings: Settings, observer: Observer, crowd: Crowd) -> None:
        self._crowd = crowd
        self._observer = observer
        clients = settings.helpnest.subscriptions
        self._most = clients.max_per_identity
        self._heartbeat = clients.heartbeat
        self._metrics = observer.metrics
        self._told = settings.helpnest.access_log
        self._limits = SocketLimits(
            init_seconds=clients.init_timeout,
            ping_seconds=clients.heartbeat,
            operations=clients.max_per_connection,
            largest_message=clients.max_message_bytes,
        )
        self._open: set[Open] = set()
        self._by_identity: dict[str, int] = {}
        self._sockets: set[Socket] = set()
        self._ended: Ending | None = None

    def __len__(self) -> int:
        return len(self._open)

    def offer(self, head: Head, authenticator: Authenticator) -> Offer | None:
        """Let a client that accepts more than one answer have them."""
        wants = wanted(head.accept)
        if wants is None:
            return None
        head.streaming = Streaming(
            lambda: authenticator.identify(head.pairs),
            self,
            type(wants.events).__name__,
            subscriptions=wants.events is not None,
            defer=wants.defer,
        )
        return Offer(self, wants, head.streaming)

    def enter(self, who: str) -> None:
        """Let a caller have so many streams, and no more.

        Raises:
            RefusedError: 429, it has them already.

        """
        taken = self._by_identity.get(who, 0)
        if taken >= self._most:
            raise refuse(
                f"At most {self._most} subscriptions are open for one caller.",
                "SUBSCRIPTION_MAX_LIMIT",
                status=TOO_MANY,
            )
        self._by_identity[who] = taken + 1

    def leave(self, who: str) -> None:
        """Give a caller's place back."""
        left = self._by_identity.pop(who) - 1
        if left:
            self._by_identity[who] = left

    def keep(
        self,
        stream: Stream,
        answer: Answer,
        who: str,
        operation: str | None,
        protocol: str,
    ) -> Stream:
        """Count a stream for as long as it is open, and answer its events."""
        kept = Open(stream, who, operation, protocol)
        self._open.add(kept)
        self._metrics.subscriptions.value += 1
        self._metrics.subscriptions_opened.add((protocol,))
        release, context = stream.release, trace_context.get()
        name = f"event {operation or ''}".strip()

        async def answered(event: bytes) -> bytes:
            kept.events += 1
            self._metrics.subscription_events.add(())
            async with self.at_work(context, name) as record:
                return await answer(event, record)

        async def forget() -> None:
            self._forget(kept)
            await release()

        if self._ended is not None:  # while its subgraph was asked for it
            stream.mailbox.end(self._ended)
        stream.release, stream.transform = forget, answered
        return stream

    @asynccontextmanager
    async def at_work(
        self, context: TraceContext | None, name: str
    ) -> AsyncGenerator[Record]:
        """Count one answer of a stream among requests, and take note of it."""
        async with self._crowd.at_work():
            with self._observer.part(context, name) as record:
                yield record

    def _forget(self, kept: Open) -> None:
        if kept not in self._open:
            return
        self._open.remove(kept)
        self.leave(kept.who)
        self._metrics.subscriptions.value -= 1
        ending = kept.stream.mailbox.ending
        code = None if ending is None else ending.code
        if code is not None:
            self._metrics.errors.add((code,))
        if self._told:
            log.info(
                "subscription.closed",
                operation=kept.operation,
                subject=kept.who,
                protocol=kept.protocol,
                events=kept.events,
                code=code,
                seconds=round(time.monotonic() - kept.began, 3),
            )

    async def carry(
        self,
        stream: Stream,
        framing: Framing,
        receive: Receive,
        send: Send,
        headers: RawHeaders,
    ) -> None:
        """Send a stream to an HTTP client to its end."""
        await send_stream(
            stream,
            framing,
            receive,
            send,
            headers=headers,
            heartbeat=self._heartbeat,
        )

    async def talk(
        self, host: Host, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve one WebSocket to its end."""
        socket = Socket(host, receive, send, self._limits)
        self._sockets.add(socket)
        if self._ended is not None:
            close(socket, self._ended)
        try:
            await socket.serve(scope)
        finally:
            self._sockets.discard(socket)

    def end(self, ending: Ending = STOPPING) -> None:
        """End every stream with the reason, and hang up; those to come as well."""
        self._ended = self._ended or ending
        for each in list(self._open):
            each.stream.mailbox.end(ending)
        for socket in list(self._sockets):
            close(socket, ending)


def close(socket: Socket, ending: Ending) -> None:
    """Hang up a WebSocket, and say why."""
    socket.close(ending.close or GOING_AWAY, f"{ending.code}: {ending.message}")


class Offer:
    """One request whose sender accepts more than one answer."""

    def __init__(self, streams: Streams, wants: Wanted, streaming: Streaming) -> None:
        self._streams = streams
        self._wants = wants
        self._streaming = streaming
        self._headers: RawHeaders | None = None
        self._body = b""

    def takes(self, status: int) -> bool:
        """Say whether the answer goes this way: a stream, or a result as an event."""
        if self._streaming.opened is not None:
            return True
        events = isinstance(self._wants.events, ServerSentEvents)
        return status == OK and self._wants.only and events

    def begin(self, body: bytes, headers: RawHeaders) -> None:
        """Take what is to be sent once the request itself is done with."""
        self._body, self._headers = body, headers

    async def carry(self, receive: Receive, send: Send) -> None:
        """Send what was taken, if anything was."""
        stream, framing = self._streaming.opened, self._wants.events
        if self._streaming.deferred:
            framing = MultipartParts()
        if self._headers is None or framing is None:
            if stream is not None:
                await stream.close()
            return
        if stream is None:
            stream = one(self._body, self._streaming.confirm)
        await self._streams.carry(stream, framing, receive, send, self._headers)


def one(body: bytes, confirm: Confirm) -> Stream:
    """Make a stream of one answer."""
    mailbox = Mailbox(1)
    mailbox.offer(body)
    mailbox.end()

    async def release() -> None:
        """Let nothing go: nobody brings any more."""

    return Stream(mailbox, confirm, release)
