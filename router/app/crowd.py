"""How many requests are taken on: at a time, and in a time."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from math import ceil, inf

from router.gateway.refusals import RefusedError, refuse
from router.settings.traffic import RouterTraffic

BUSY, TOO_MANY = 503, 429
COME_BACK_SECONDS = 1
"""What a busy router asks clients to wait: most requests are done long before."""


class Crowd:
    """Those whose requests are being worked on, counted.

    A request is counted from when it was read whole, so that clients who send slowly
    keep nobody out. A stream is counted while one of its answers is worked out: it was
    let in before, so it is not refused but waits for a place, of which streams have
    half. How many streams there are is counted elsewhere.
    """

    __slots__ = (
        *("_clock", "_limit", "_of_streams", "_rate", "_taken", "_until"),
        "inside",
    )

    def __init__(
        self, settings: RouterTraffic, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.inside = 0
        self._limit = settings.concurrency_limit or inf
        most = settings.concurrency_limit
        self._of_streams: AbstractAsyncContextManager[None] = (
            asyncio.Semaphore(max(1, most // 2)) if most else nullcontext()
        )
        self._rate = settings.global_rate_limit
        self._clock = clock
        self._taken = 0
        self._until = -inf

    def enter(self) -> None:
        """Count one more request in; who is let in leaves again.

        Raises:
            RefusedError: 503, too many are inside; 429, too many came of late.

        """
        if self.inside >= self._limit:
            raise refuse_for_now(
                "The router is busy; try again in a moment.",
                "REQUEST_CONCURRENCY_LIMITED",
                BUSY,
                COME_BACK_SECONDS,
            )
        if self._rate is not None:
            now = self._clock()
            if now >= self._until:
                self._until, self._taken = now + self._rate.interval, 0
            if self._taken >= self._rate.capacity:
                raise refuse_for_now(
                    "Too many requests reach the router; try again in a moment.",
                    "REQUEST_RATE_LIMITED",
                    TOO_MANY,
                    self._until - now,
                )
            self._taken += 1
        self.inside += 1

    def leave(self) -> None:
        """Count a request out."""
        self.inside -= 1

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Count one answer of a stream in, as soon as streams have a place for it."""
        async with self._of_streams:
            self.inside += 1
            try:
                yield
            finally:
                self.inside -= 1


def refuse_for_now(
    message: str, code: str, status: int, seconds: float
) -> RefusedError:
    """Refuse, and say in how many seconds it is worth another try."""
    refusal = refuse(message, code, status=status)
    refusal.headers = [(b"retry-after", b"%d" % max(1, ceil(seconds)))]
    return refusal
