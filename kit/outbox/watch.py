"""Watch a feed for all who are subscribed in this process: one poller, no more.

What was read last is kept for all of them, within a bound. Each reader has its place
and takes what comes after it, from there or, when it is slower than that or comes back
after a while, from the database. So a slow reader costs nobody memory, and misses
nothing.
"""

import asyncio
from collections import deque
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Generator,
    Hashable,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog
from asyncpg import Record

from kit.database import Database
from kit.outbox.feed import LARGEST_PAGE, FeedSource, Place, place_of

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 0.25
"""Seconds between looks while somebody is subscribed; nobody waits longer for news."""

RETRY_LAST: Final = 5.0
KEPT: Final = 2_000
"""Events kept in memory for those who are subscribed."""

Found = TypeVar("Found")


@dataclass(eq=False, slots=True)
class Batch:
    """Events that were read together, and what was asked about them, once for all."""

    before: Place
    rows: Sequence[Record]
    _asked: dict[Hashable, "asyncio.Task[Any]"] = field(
        default_factory=dict[Hashable, "asyncio.Task[Any]"]
    )

    @property
    def after(self) -> Place:
        """The place of its last event."""
        return place_of(self.rows[-1])

    async def ask(self, key: Hashable, fetch: Callable[[], Awaitable[Found]]) -> Found:
        """Fetch something about these events, unless somebody has for the same key."""
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.ensure_future(fetch())
        # Whoever leaves does not take the answer from the others who wait.
        found: Found = await asyncio.shield(task)
        return found


class Watch:
    """What comes in a feed, for any number of readers."""

    def __init__(
        self, source: FeedSource, database: Database, *, kept: int = KEPT
    ) -> None:
        self._source = source
        self._database = database
        self._kept = kept
        self._recent: deque[Batch] = deque()
        self._place: Place | None = None
        self._news = asyncio.Event()
        self._readers = 0
        self._poller: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return sum(len(batch.rows) for batch in self._recent)

    async def now(self) -> Place:
        """Give the place behind all that can be read now."""
        return await self._source.end(self._database)

    async def batches(self, after: Place) -> AsyncGenerator[Batch]:
        """Give what comes after a place, as soon as it can be read, without end."""
        with self._reading():
            place = after
            while True:
                news = self._news  # taken first: none may come unnoticed meanwhile
                batch = self._kept_after(place) or await self._missed_after(place)
                if batch is None:
                    await news.wait()
                else:
                    place = batch.after
                    yield batch

    def _kept_after(self, place: Place) -> Batch | None:
        if not self._recent or self._recent[0].before > place:
            return None
        for batch in self._recent:
            if batch.after > place:
                if batch.before >= place:
                    return batch
                rest = [row for row in batch.rows if place_of(row) > place]
                return Batch(place, rest)
        return None

    async def _missed_after(self, place: Place) -> Batch | None:
        """Read what the poller is past; None where nothing is missed."""
        if self._place is None or place >= self._place:
            return None
        rows = await self._source.after(self._database, place, LARGEST_PAGE)
        return Batch(place, rows) if rows else None

    @contextmanager
    def _reading(self) -> Generator[None]:
        self._readers += 1
        if self._poller is None:
            self._poller = asyncio.create_task(self._poll(), name="watch")
        try:
            yield
        finally:
            self._readers -= 1
            if not self._readers:
                self._poller.cancel()
                self._poller = self._place = None
                self._recent.clear()

    async def _poll(self) -> None:
        pause = LOOK_EVERY
        while True:
            try:
                more = await self._look()
                pause = 0.0 if more else LOOK_EVERY
            except Exception as error:  # noqa: BLE001 - the next look may go well
                log.warning("watch.failed", feed=self._source.name, error=repr(error))
                pause = min(max(pause, LOOK_EVERY) * 2, RETRY_LAST)
            await asyncio.sleep(pause)

    async def _look(self) -> bool:
        """Read what is new, and wake those who wait; say whether there may be more."""
        if self._place is None:
            self._place = await self.now()
            self._wake()
        rows = await self._source.after(self._database, self._place, LARGEST_PAGE)
        if not rows:
            return False
        batch = Batch(self._place, rows)
        self._recent.append(batch)
        self._place = batch.after
        while len(self._recent) > 1 and len(self) > self._kept:
            self._recent.popleft()
        self._wake()
        return len(rows) == LARGEST_PAGE

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
