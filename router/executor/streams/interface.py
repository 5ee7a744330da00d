"""What every way to a subgraph's events promises."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from kit.streams.mailbox import Ending
from router.executor.transport.interface import Headers, Reply

EVENTS: Headers = (
    (b"content-type", b"application/json"),
    (b"accept", b"multipart/mixed;subscriptionSpec=1.0, application/json"),
    (b"user-agent", b"helpnest-router"),
)
"""What a request for events says of its body and of the answer."""

Events = AsyncIterator[bytes]
"""Execution results as JSON."""


class StreamEndedError(Exception):
    """The subgraph ended its stream with a reason."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.message)
        self.ending = ending


class StreamTransport(Protocol):
    """One subgraph, as something that events come from.

    Entering connects, or raises `TransportError`; what is entered is the events, or
    the subgraph's one answer where it will not stream. Leaving tells the subgraph
    that nobody listens. A stream that ends with a reason raises `StreamEndedError`,
    one that breaks `TransportError`.
    """

    def events(
        self, body: bytes, headers: Headers
    ) -> AbstractAsyncContextManager[Events | Reply]:
        """Ask for events."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...
