"""A follower with a database of its own: each event takes effect exactly once."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.outbox.follower import Follower, Told, following
from kit.own_graph import GraphRefusedError
from tests.e2e.kit.outbox.conftest import Consumer, Journal
from tests.support.streams import until

ROOT = Path(__file__).parents[4]


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


async def test_kill_9_again_and_again_loses_nothing_and_repeats_nothing(
    journal: Journal, consumer: Consumer
) -> None:
    told = await tell(journal, 90)
    urls = [
        database.url.render_as_string(hide_password=False)
        for database in (journal.database, consumer.database)
    ]

    async def process() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.consumer", *urls, cwd=ROOT
        )

    for n in range(1, 5):

        async def has_come_so_far(count: int = 16 * n) -> bool:
            return len(await consumer.heard()) >= count

        running = await process()
        await until(has_come_so_far, seconds=60)  # a process is slow to start
        running.kill()
        assert await running.wait() == -signal.SIGKILL
    last = await process()
    assert await last.wait() == 0
    assert await consumer.heard() == told
    assert await consumer.place() == ((await journal.read()).next_cursor, len(told))


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
    held = text(
        "SELECT 1 FROM pg_locks JOIN pg_database ON database = pg_database.oid"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )

    async def nobody_holds_a_turn() -> bool:
        async with consumer.database.unit_of_work() as session:
            return not list(await session.scalars(held))

    await until(nobody_holds_a_turn)
