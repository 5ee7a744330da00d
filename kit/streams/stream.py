"""A stream as it is read: its events, and whether its reader may still have them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Final

import structlog

from kit.errors import HelpNestError, UnauthenticatedError
from kit.streams.mailbox import (
    COMPLETE,
    GONE,
    UNAUTHORIZED,
    Ending,
    Mailbox,
)

log = structlog.get_logger(__name__)

HANDED_OVER: Final = "helpnest.stream"
"""An ASGI extension, and the message that it allows: here is the stream, read it.

Only a caller in this process can have it, and it saves that caller every byte of
framing.
"""

LOOK_SECONDS: Final = 2.0
"""How often a reader's token is looked at while no event comes."""

WAITING: Final = 16
"""Events that wait for a reader before its source has to."""

Events = AsyncGenerator[bytes]
Confirm = Callable[[], object]
"""Raises `UnauthenticatedError` when the reader's token is worth nothing any more."""

Release = Callable[[], Awaitable[None]]
Transform = Callable[[bytes], Awaitable[bytes]]


@dataclass(slots=True, eq=False, weakref_slot=True)
class Stream:
    """Events for one reader; ``release`` lets their source go.

    ``transform`` makes of what waits in the mailbox what the reader gets.
    """

    mailbox: Mailbox
    confirm: Confirm
    release: Release
    transform: Transform | None = None

    async def next(self, seconds: float) -> bytes | Ending | None:
        """Give the next event or the ending; None if nothing comes in time.

        The reader's token is looked at before each event, and now and then between.
        """
        left = seconds
        while True:
            look = min(left, LOOK_SECONDS)
            found = await self.mailbox.take(look)
            if isinstance(found, Ending):
                return found
            try:
                self.confirm()
            except UnauthenticatedError as error:
                ending = Ending(error.code, f"{error}.", UNAUTHORIZED)
                self.mailbox.drop(ending)
                return ending
            if found is not None:
                return found if self.transform is None else await self.transform(found)
            left -= look
            if left <= 0:
                return None

    async def close(self) -> None:
        """Leave: the source need not go on."""
        self.mailbox.drop(self.mailbox.ending or GONE)
        await self.release()


def stream_of(
    events: Events, confirm: Confirm, *, capacity: int = WAITING, ours: str
) -> Stream:
    """Let a task bring events to a reader, who is waited for when they are too many.

    ``ours`` is what a reader learns of a failure that is not its own.
    """
    mailbox = Mailbox(capacity)
    task = asyncio.create_task(pump(events, mailbox, ours))

    async def release() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return Stream(mailbox, confirm, release)


async def pump(events: Events, mailbox: Mailbox, ours: str) -> None:
    """Bring events to a mailbox until there are none, or nobody wants them."""
    async with aclosing(events):
        try:
            async for event in events:
                await mailbox.put(event)
                if mailbox.ended:
                    return
        except UnauthenticatedError as error:
            mailbox.end(Ending(error.code, f"{error}.", UNAUTHORIZED))
        except HelpNestError as error:
            mailbox.end(Ending(str(error.extensions["code"]), f"{error}"))
        except Exception:
            log.exception("stream.failed")
            mailbox.end(Ending("INTERNAL", ours))
        else:
            mailbox.end(COMPLETE)
