"""A stream as one HTTP answer that goes on, with heartbeats."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

import structlog

from kit.patience import Receive, in_time
from kit.streams.framing import Framing
from kit.streams.mailbox import GONE, TRY_LATER, Ending, Mailbox
from kit.streams.stream import Stream

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS: Final = 5.0
"""Apollo's own; proxies hang up on a connection that says nothing for longer."""

SLOW_SECONDS: Final = 10.0
"""A client that does not take one event in this time is dropped."""

SLOW: Final = Ending("TOO_SLOW", "The events were not read in time.", TRY_LATER)

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

UNBUFFERED: Final = (
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
)
"""What keeps proxies from gathering events before they pass them on."""


async def send_stream(
    stream: Stream,
    framing: Framing,
    receive: Receive,
    send: Send,
    *,
    headers: Iterable[tuple[bytes, bytes]] = (),
    heartbeat: float = HEARTBEAT_SECONDS,
) -> Ending:
    """Send events until they end, or the client leaves or is too slow; say which.

    The stream is closed then, in any case.
    """
    watcher = asyncio.create_task(watch(receive, stream.mailbox))
    try:
        start = {"type": "http.response.start", "status": 200}
        told = [(b"content-type", framing.media_type), *UNBUFFERED, *headers]
        await send({**start, "headers": told})
        await write(send, framing.start())
        while True:
            found = await stream.next(heartbeat)
            if isinstance(found, Ending):
                if not found.silent:
                    await write(send, framing.end(found), more=False)
                return found
            piece = framing.heartbeat() if found is None else framing.event(found)
            if piece:
                await write(send, piece)
    except TimeoutError:
        log.info("stream.too_slow")
        stream.mailbox.drop(SLOW)
        return SLOW
    finally:
        watcher.cancel()
        await stream.close()


async def write(send: Send, body: bytes, *, more: bool = True) -> None:
    """Send a piece of the answer.

    Raises:
        TimeoutError: the client does not take it.

    """
    piece = {"type": "http.response.body", "body": body, "more_body": more}
    await in_time(SLOW_SECONDS, send(piece))


async def watch(receive: Receive, mailbox: Mailbox) -> None:
    """End the stream when the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    mailbox.drop(GONE)
