"""How long a request is waited for, and whether anybody waits for its answer.

A body must be small and come to its end in time; a client that leaves takes its work
with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, Final, TypeVar

from kit.guard import RefusedRequestError

BODY_SECONDS: Final = 10.0
"""A body that takes longer is a client that holds a connection on purpose."""

PATIENCE_SECONDS: Final = 0.1
"""From here on it is worth looking whether the client still waits."""

MOST_MESSAGES: Final = 2
"""The empty body of a GET, and the end: a server that says more is not listened to."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

Result = TypeVar("Result")


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


def refuse_large(declared: bytes | None, limit: int) -> None:
    """Refuse a body by the length it announces, before any of it is read.

    Raises:
        RefusedRequestError: 413, it is larger than the limit.

    """
    if declared is not None and declared.isdigit() and int(declared[:19]) > limit:
        raise too_large(limit)


def too_large(limit: int) -> RefusedRequestError:
    """Say how much would have been taken."""
    return RefusedRequestError(413, f"The body is larger than {limit} bytes.")


class Alarm:
    """Cancels the task that set it, and knows its own cancellation from others'.

    It does what ``asyncio.timeout`` does, for a fifth of the price.
    """

    __slots__ = ("_rang", "_task")

    def __init__(self) -> None:
        self._task = asyncio.current_task()
        self._rang = False

    def ring(self) -> None:
        """Cancel the task."""
        self._rang = True
        if self._task is not None:
            self._task.cancel()

    def was_it(self) -> bool:
        """Say whether the cancellation at hand is this alarm's, and take it back."""
        return self._rang and self._task is not None and self._task.uncancel() == 0


async def in_time(seconds: float, work: Awaitable[Result]) -> Result:
    """Wait for the work, but no longer than that.

    Raises:
        TimeoutError: it takes longer; it was cancelled.

    """
    alarm = Alarm()
    timer = asyncio.get_running_loop().call_later(seconds, alarm.ring)
    try:
        return await work
    except asyncio.CancelledError:
        if alarm.was_it():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read a request's body whole.

    Raises:
        RefusedRequestError: 413, it is larger than the limit, or 408, it does not
            come to its end in time.
        ClientGoneError: the client left before its end.

    """
    alarm = Alarm()
    timer = asyncio.get_running_loop().call_later(BODY_SECONDS, alarm.ring)
    try:
        return await _read_body(receive, limit)
    except asyncio.CancelledError:
        if alarm.was_it():
            raise RefusedRequestError(408, "The body took too long to come.") from None
        raise
    finally:
        timer.cancel()


async def _read_body(receive: Receive, limit: int) -> bytes:
    pieces: list[bytes] = []
    more, room = True, limit
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        piece: bytes = message.get("body", b"")
        more, room = message.get("more_body", False), room - len(piece)
        if room < 0:
            raise too_large(limit)
        pieces.append(piece)
    return b"".join(pieces)


async def while_wanted(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work for as long as the client waits; when it leaves, cancel it.

    Whether it has left is looked at only after `PATIENCE_SECONDS`: most work is done
    by then, and pays for nothing but a timer.

    Raises:
        ClientGoneError: the client left.

    """
    loop, alarm = asyncio.get_running_loop(), Alarm()
    watcher: asyncio.Task[None] | None = None

    async def watch() -> None:
        for _ in range(MOST_MESSAGES):
            if (await receive())["type"] == "http.disconnect":
                alarm.ring()
                return

    def start() -> None:
        nonlocal watcher
        watcher = loop.create_task(watch())

    timer = loop.call_later(PATIENCE_SECONDS, start)
    try:
        return await work
    except asyncio.CancelledError:
        if alarm.was_it():
            raise ClientGoneError from None
        raise
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
