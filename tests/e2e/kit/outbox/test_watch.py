"""One poller for all who listen, through restarts of the database as well."""

import asyncio
from collections.abc import AsyncGenerator

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from kit.outbox import Watch, watch
from kit.outbox.feed import BEGINNING, Place
from tests.e2e.kit.outbox.conftest import Journal
from tests.support.streams import soon, until

pytestmark = pytest.mark.usefixtures("looks_often")


class Listener:
    """Somebody who listens in a task of their own, and writes down what they hear."""

    def __init__(self, watching: Watch, after: Place) -> None:
        self.heard: list[int] = []
        self._batches = watching.batches(after)
        self._task = asyncio.create_task(self._listen(self._batches))

    async def _listen(self, batches: AsyncGenerator[watch.Batch]) -> None:
        async for batch in batches:
            self.heard += [row["payload"]["words"] for row in batch.rows]

    async def hears(self, words: list[int]) -> None:
        """Wait until just this was heard."""

        async def so_it_is() -> bool:
            return self.heard == words

        await until(so_it_is)

    async def leave(self) -> None:
        """Listen no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._batches.aclose()


async def test_who_listens_from_the_beginning_hears_what_was_and_what_comes(
    journal: Journal,
) -> None:
    for n in range(3):
        await journal.said("ent", n)
    watching = Watch(journal.feed, journal.database)
    early = Listener(watching, BEGINNING)
    late = Listener(watching, await watching.now())
    await early.hears([0, 1, 2])
    await journal.said("ent", 3)
    await early.hears([0, 1, 2, 3])
    await late.hears([3])
    await early.leave()
    await late.leave()


async def test_what_is_kept_for_all_has_a_bound(journal: Journal) -> None:
    watching = Watch(journal.feed, journal.database, kept=4)
    listener = Listener(watching, BEGINNING)
    for n in range(12):
        await journal.said("ent", n)
        await listener.hears([*range(n + 1)])
        assert len(watching) <= 4
    behind = Listener(watching, BEGINNING)  # what is kept does not reach so far
    await behind.hears([*range(12)])
    await listener.leave()
    await behind.leave()
    assert len(watching) == 0


async def test_a_database_that_goes_away_is_waited_for(journal: Journal) -> None:
    watching = Watch(journal.feed, journal.database)
    listener = Listener(watching, BEGINNING)
    await journal.said("ent", 0)
    await listener.hears([0])
    url = journal.database.url.set(username="helpnest")
    superuser = await asyncpg.connect(url.render_as_string(hide_password=False))

    async def said_in_the_end() -> bool:
        """Say it again where the connection's end was not heard of in time."""
        try:
            await journal.said("ent", n)
        except DBAPIError:
            return False
        return True

    for n in range(1, 4):
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await until(said_in_the_end)
        await listener.hears([*range(n + 1)])
    await superuser.close()
    await listener.leave()


async def test_news_that_comes_while_somebody_looks_is_not_slept_through(
    journal: Journal,
) -> None:
    watching = Watch(journal.feed, journal.database)
    listeners = [Listener(watching, BEGINNING) for _ in range(5)]
    for n in range(40):
        await journal.said("ent", n)
    await soon(
        asyncio.gather(*(listener.hears([*range(40)]) for listener in listeners))
    )
    for listener in listeners:
        await listener.leave()
