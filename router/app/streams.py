"""Streams to clients: which framing they want, how many they may have, how they end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import structlog

from kit.streams.framing import Framing, MultipartEvents, ServerSentEvents
from kit.streams.mailbox import GOING_AWAY, Ending
from kit.streams.over_http import send_stream
from kit.streams.over_socket import Host, Socket, SocketLimits
from kit.streams.stream import Stream
from router.app.asgi import RawHeaders, Receive, Scope, Send
from router.gateway.refusals import refuse
from router.settings.model import Settings
from router.telemetry.observer import Observer

log = structlog.get_logger(__name__)

TOO_MANY: Final = 429

RESTART: Final = 1012
"""WebSocket: come again, to the same address; clients that retry do so by themselves."""

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client that accepts more than one answer accepts: as events, as parts."""

    events: Framing | None
    defer: bool
    only: bool


@lru_cache(maxsize=256)
def wanted(accept: bytes) -> Wanted | None:
    """Read from an Accept header whether a client can take more than one answer.

    ``only`` says that it takes nothing else.

    >>> wanted(b"application/json") is None
    True
    >>> type(wanted(b"text/event-stream").events).__name__
    'ServerSentEvents'
    """
    if b"multipart/mixed" not in accept and b"text/event-stream" not in accept:
        return None
    events: Framing | None = None
    defer, plain = False, False
    for entry in accept.lower().split(b","):
        media, _, parameters = entry.strip().partition(b";")
        told = {each.strip().replace(b'"', b"") for each in parameters.split(b";")}
        if media.strip() == b"text/event-stream":
            events = events or ServerSentEvents()
        elif media.strip() != b"multipart/mixed":
            plain = True
        elif any(each.startswith(b"deferspec=") for each in told):
            defer = defer or b"deferspec=20220824" in told
        elif b"subscriptionspec=1.0" in told:
            events = MultipartEvents()
    return Wanted(events, defer, only=not plain)


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

    def __init__(self, settings: Settings, observer: Observer) -> None:
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

    def __len__(self) -> int:
        return len(self._open)

    def refuse_excess(self, who: str) -> None:
        """Let a caller have so many streams, and no more.

        Raises:
            RefusedError: 429, it has them already.

        """
        if self._by_identity.get(who, 0) >= self._most:
            raise refuse(
                f"At most {self._most} subscriptions are open for one caller.",
                "SUBSCRIPTION_MAX_LIMIT",
                status=TOO_MANY,
            )

    def keep(
        self, stream: Stream, who: str, operation: str | None, protocol: str
    ) -> Stream:
        """Count a stream for as long as it is open, and its events."""
        kept = Open(stream, who, operation, protocol)
        self._open.add(kept)
        self._by_identity[who] = self._by_identity.get(who, 0) + 1
        self._metrics.subscriptions.value += 1
        self._metrics.subscriptions_opened.add((protocol,))
        release, transform = stream.release, stream.transform

        async def counted(event: bytes) -> bytes:
            kept.events += 1
            self._metrics.subscription_events.add(())
            return event if transform is None else await transform(event)

        async def forget() -> None:
            self._forget(kept)
            await release()

        stream.release, stream.transform = forget, counted
        return stream

    def _forget(self, kept: Open) -> None:
        if kept not in self._open:
            return
        self._open.remove(kept)
        left = self._by_identity.pop(kept.who) - 1
        if left:
            self._by_identity[kept.who] = left
        self._metrics.subscriptions.value -= 1
        if self._told:
            log.info(
                "subscription.closed",
                operation=kept.operation,
                subject=kept.who,
                protocol=kept.protocol,
                events=kept.events,
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
        try:
            await socket.serve(scope)
        finally:
            self._sockets.discard(socket)

    def end(self, ending: Ending = STOPPING) -> None:
        """End every stream with the reason, and hang up."""
        for each in list(self._open):
            each.stream.mailbox.end(ending)
        for socket in list(self._sockets):
            socket.close(ending.close or GOING_AWAY, f"{ending.code}: {ending.message}")
