"""A consumer as a process of its own, for a test that kills it.

``python -m tests.support.consumer FEED OWN`` follows the feed of the first database
in the second until it has caught up; each page takes a while between its effects and
their commit, so that most deaths come there.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, naming_metadata
from kit.outbox import FeedSource, clock_table, cursor_table, outbox_table
from kit.outbox.follower import Follower, Told
from kit.scalars import write_instant

BATCH = 4
PAUSE = 0.01


def notes_feed() -> FeedSource:
    """Name the feed that tests of the outbox write."""
    metadata = naming_metadata()
    events = outbox_table(metadata)
    return FeedSource("notes", events, clock_table(metadata), dict(events.c))


class FeedItself:
    """The feed as the public graph would tell it, read off its database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.feed = notes_feed()

    async def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a follower's question."""
        assert "feed: notesFeed(" in query
        part = await self.feed.read(
            self.database, variables["after"], variables["first"]
        )
        events = [
            {
                "id": row["id"],
                "entityId": row["entity_id"],
                "seq": row["seq"],
                "kind": row["kind"],
                "at": write_instant(row["at"]),
                "actorId": row["actor_id"],
                "requestId": row["request_id"],
                "payload": row["payload"],
            }
            for row in part.rows
        ]
        cursor, whole = part.next_cursor, part.caught_up
        return {"feed": {"events": events, "nextCursor": cursor, "caughtUp": whole}}


async def slowly(session: AsyncSession, events: Sequence[Told]) -> None:
    """Write down what was heard, and take one's time."""
    for event in events:
        await session.execute(
            text("INSERT INTO heard (entity, seq) VALUES (:entity, :seq)"),
            {"entity": event.entity_id, "seq": event.seq},
        )
    await asyncio.sleep(PAUSE)


async def consume(feed_url: str, own_url: str) -> None:
    """Follow until nothing is left to hear."""
    async with Database(feed_url) as feed, Database(own_url) as own:
        follower = Follower(
            "tests.notes",
            "notesFeed",
            FeedItself(feed),
            own,
            cursors=cursor_table(naming_metadata()),
            apply=slowly,
            batch=BATCH,
        )
        while True:
            await follower.look()
            if follower.turn.held:
                break
            await asyncio.sleep(PAUSE)  # one that was killed may not be gone yet
        follower.turn.over()


if __name__ == "__main__":
    asyncio.run(consume(*sys.argv[1:]))
