"""Events on their way to one reader: a few may wait, never without bound."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

GOING_AWAY: Final = 1001
TRY_LATER: Final = 1013
UNAUTHORIZED: Final = 4401


@dataclass(frozen=True, slots=True)
class Ending:
    """Why no more events come.

    Without a ``code`` there are simply no more; ``close`` is the WebSocket close code
    where it is the connection that ends, and not this stream alone. With ``silent``
    nobody is there to be told.
    """

    code: str | None = None
    message: str = ""
    close: int | None = None
    silent: bool = False


COMPLETE: Final = Ending()
GONE: Final = Ending(silent=True)
"""The reader has left."""


class Mailbox:
    """Keep events for one reader, in order.

    Who produces for one reader alone waits for room (`put`); who produces for many
    does not (`offer`), and ends the reader that is too slow.
    """

    __slots__ = ("_capacity", "_ending", "_events", "_room", "_wake")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._events: deque[bytes] = deque()
        self._ending: Ending | None = None
        self._wake: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._events)

    @property
    def ended(self) -> bool:
        """Say whether no more events are taken."""
        return self._ending is not None

    @property
    def ending(self) -> Ending | None:
        """Say why no more events come; None while more may."""
        return self._ending

    def offer(self, event: bytes) -> bool:
        """Keep an event if there is room; say whether there was."""
        if self._ending is not None:
            return True  # nobody waits for it, and nobody is too slow
        if len(self._events) >= self._capacity:
            return False
        self._events.append(event)
        _ring(self._wake)
        return True

    async def put(self, event: bytes) -> None:
        """Keep an event, as soon as there is room."""
        while not self.offer(event):
            self._room = asyncio.get_running_loop().create_future()
            await self._room

    def end(self, ending: Ending = COMPLETE) -> None:
        """Take no more; what waits is still read. The first ending counts."""
        if self._ending is None:
            self._ending = ending
        _ring(self._wake)
        _ring(self._room)

    def drop(self, ending: Ending) -> None:
        """Forget what waits, and end at once."""
        self._events.clear()
        self._ending = ending
        _ring(self._wake)
        _ring(self._room)

    async def take(self, seconds: float) -> bytes | Ending | None:
        """Give the next event, or the ending; None if neither comes in time."""
        if not self._events and self._ending is None:
            loop = asyncio.get_running_loop()
            wake = self._wake = loop.create_future()
            timer = loop.call_later(seconds, _ring, wake)
            try:
                await wake
            finally:
                timer.cancel()
                self._wake = None
        if self._events:
            event = self._events.popleft()
            _ring(self._room)
            return event
        return self._ending


def _ring(waiting: "asyncio.Future[None] | None") -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
