"""A follower with a database of its own: each event takes effect exactly once."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, naming_metadata
from kit.errors import LostPlaceError
from kit.outbox import cursor_table
from kit.outbox.follower import Follower, Told, following
from kit.own_graph import GraphRefusedError
from kit.scalars import write_instant
from tests.e2e.kit.outbox.conftest import Journal
from tests.support.streams import until


@dataclass
class Graph:
    """The journal's feed, as the public graph would tell it."""

    journal: Journal
    asked: list[str | None] = field(default_factory=list[str | None])

    async def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a follower's question."""
        assert "feed: notesFeed(" in query
        self.asked.append(variables["after"])
        try:
            part = await self.journal.read(variables["after"], variables["first"])
        except LostPlaceError as error:
            raise GraphRefusedError(frozenset({error.code})) from error
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
        feed = {
            "events": events,
            "nextCursor": part.next_cursor,
            "caughtUp": part.caught_up,
        }
        return {"feed": feed}


@dataclass
class Consumer:
    """A domain that writes down what it hears; a second copy would be seen."""

    database: Database
    graph: Graph
    fails_at: Any = None

    def __post_init__(self) -> None:
        metadata = naming_metadata()
        self.cursors = cursor_table(metadata)
        self.metadata = metadata

    async def apply(self, session: AsyncSession, events: Sequence[Told]) -> None:
        """Write each event down; not even the same one twice is refused."""
        for event in events:
            words = event.payload["words"]
            if words == self.fails_at:
                raise ZeroDivisionError
            await session.execute(
                text("INSERT INTO heard (entity, seq) VALUES (:entity, :seq)"),
                {"entity": event.entity_id, "seq": event.seq},
            )

    async def forget(self, session: AsyncSession) -> None:
        """Know nothing any more."""
        await session.execute(text("DELETE FROM heard"))

    def follower(self, **more: Any) -> Follower:
        """Make a follower, as each process does."""
        how: dict[str, Any] = {"batch": 3, **more}
        return Follower(
            "tests.notes",
            "notesFeed",
            self.graph,
            self.database,
            cursors=self.cursors,
            apply=self.apply,
            **how,
        )

    async def heard(self) -> list[tuple[str, int]]:
        """Read what was written down, in the order of writing."""
        async with self.database.unit_of_work() as session:
            found = await session.execute(
                text("SELECT entity, seq FROM heard ORDER BY n")
            )
            return [(row.entity, row.seq) for row in found]

    async def place(self) -> tuple[str | None, int]:
        """Read how far it has come."""
        async with self.database.unit_of_work() as session:
            found = await session.execute(
                text("SELECT cursor, applied FROM feed_cursors")
            )
            row = found.one_or_none()
            return (row.cursor, row.applied) if row else (None, 0)


@pytest.fixture
async def consumer(
    journal: Journal, empty_database_url: Callable[[str], str]
) -> AsyncGenerator[Consumer]:
    async with Database(empty_database_url("groups")) as database:
        made = Consumer(database, Graph(journal))
        async with database.engine.begin() as connection:
            await connection.run_sync(made.metadata.create_all)
            await connection.execute(
                text("CREATE TABLE heard (n serial, entity text, seq int)")
            )
        yield made


async def tell(journal: Journal, count: int) -> list[tuple[str, int]]:
    """Let so many things happen; give them as they should be heard."""
    for n in range(count):
        await journal.said(f"ent_{n % 3}", n)
    part = await journal.read()
    return [(row["entity_id"], row["seq"]) for row in part.rows]


async def test_everything_is_applied_once_page_after_page(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 8)
    follower = consumer.follower()
    assert await follower.look() == 8
    assert await consumer.heard() == told
    assert len(consumer.graph.asked) == 3
    assert await follower.look() == 0
    assert await consumer.place() == ((await journal.read()).next_cursor, 8)
    again = await tell(journal, 2)
    assert await follower.look() == 2
    assert await consumer.heard() == again
    follower.turn.over()


async def test_another_process_goes_on_where_one_has_died(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 5)
    first = consumer.follower()
    assert await first.turn.mine()
    assert await first.step() == (3, False)
    first.turn.over()  # the process dies, and its connection with it
    second = consumer.follower()
    assert await second.look() == 2
    assert await consumer.heard() == told
    second.turn.over()


async def test_only_one_process_follows_at_a_time(
    journal: Journal, consumer: Consumer
) -> None:
    await tell(journal, 4)
    one, other = consumer.follower(), consumer.follower()
    assert await one.turn.mine()
    assert await other.look() == 0
    assert consumer.graph.asked == []
    assert await one.look() == 4
    one.turn.over()
    await tell(journal, 1)

    await until(other.look)
    other.turn.over()


async def test_two_who_follow_at_once_apply_nothing_twice(
    journal: Journal, consumer: Consumer
) -> None:
    """As if the lock were lost and the one process did not know it yet."""
    told = await tell(journal, 20)
    followers = [consumer.follower() for _ in range(4)]

    async def follow(follower: Follower) -> int:
        count = 0
        while len(await consumer.heard()) < len(told):
            count += (await follower.step())[0]
        return count

    counts = await asyncio.gather(*map(follow, followers))
    assert sum(counts) == len(told)
    assert await consumer.heard() == told
    assert (await consumer.place())[1] == len(told)


async def test_an_effect_that_fails_leaves_nothing_and_is_tried_again(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 6)
    consumer.fails_at = 4
    follower = consumer.follower()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await follower.look()
        assert await consumer.heard() == told[:3]
        assert (await consumer.place())[1] == 3
    consumer.fails_at = None
    assert await follower.look() == 3
    assert await consumer.heard() == told
    follower.turn.over()


async def test_a_death_between_effect_and_acknowledgement_applies_nothing_twice(
    journal: Journal, consumer: Consumer
) -> None:
    """Kill the connection at every step of a page's transaction, then go on."""
    told = await tell(journal, 9)
    url = consumer.database.url.set(username="helpnest")
    killer = await asyncpg.connect(url.render_as_string(hide_password=False))
    kill = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'helpnest-write'"""

    async def dying(session: AsyncSession, events: Sequence[Told]) -> None:
        await consumer.apply(session, events)
        await killer.execute(kill)

    died = 0
    for _ in range(3):
        follower = consumer.follower()
        follower.apply = dying
        with pytest.raises(DBAPIError):
            await follower.look()
        died += 1
        follower.turn.over()
        survivor = consumer.follower()
        assert await survivor.turn.mine()
        assert (await survivor.step())[0] == 3
        survivor.turn.over()
    await killer.close()
    assert died == 3
    assert await consumer.heard() == told


async def test_reading_anew_builds_the_same(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 5)
    follower = consumer.follower(forget=consumer.forget)
    await follower.look()
    await follower.begin_anew()
    assert await consumer.heard() == []
    assert await consumer.place() == (None, 0)
    assert await follower.look() == 5
    assert await consumer.heard() == told
    follower.turn.over()


async def lose_the_last(journal: Journal) -> None:
    """Restore the feed as it was one event earlier, and go on from there."""
    await journal.run(
        "ALTER TABLE events DISABLE TRIGGER USER",
        "GRANT DELETE ON events TO CURRENT_USER",
        "DELETE FROM events WHERE place = (SELECT max(place) FROM events)",
        "ALTER TABLE events ENABLE TRIGGER USER",
    )
    await journal.said("ent_after", 0)


async def test_a_feed_that_went_back_in_time_is_read_anew(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 5)
    follower = consumer.follower(forget=consumer.forget)
    await follower.look()
    await lose_the_last(journal)
    assert await follower.look() == 5
    assert await consumer.heard() == [*told[:4], ("ent_after", 1)]
    follower.turn.over()


async def test_who_cannot_undo_stops_there_and_says_so(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 5)
    follower = consumer.follower()
    await follower.look()
    await lose_the_last(journal)
    with pytest.raises(GraphRefusedError, match="CURSOR_LOST"):
        await follower.look()
    assert await consumer.heard() == told
    follower.turn.over()


async def test_it_follows_by_itself_while_the_service_runs(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 4)

    async def heard(expected: list[tuple[str, int]]) -> bool:
        return await consumer.heard() == expected

    async with following(consumer.follower()):
        await until(lambda: heard(told))
        await journal.said("ent_0", "more")
        await until(lambda: heard([*told, ("ent_0", 3)]))
    async with consumer.database.unit_of_work() as session:
        found = await session.scalars(
            text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")
        )
        assert list(found) == []
