"""A feed: whole, in order, and never behind a reader's back."""

import asyncio
import random
from collections import defaultdict
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from kit.database import Database
from kit.errors import InvalidInputError, LostPlaceError
from kit.pagination import place_cursor
from tests.e2e.kit.outbox.conftest import Journal


async def test_events_are_read_in_order_in_parts_and_from_the_beginning(
    journal: Journal,
) -> None:
    for n in range(7):
        await journal.said(f"ent_{n % 2}", n)
    parts: list[list[Any]] = []
    cursor = None
    for _ in range(4):
        part = await journal.read(cursor, 3)
        parts.append([row["payload"]["words"] for row in part.rows])
        cursor = part.next_cursor
    assert parts == [[0, 1, 2], [3, 4, 5], [6], []]
    assert await journal.words() == [*range(7)]
    told = [(row["entity_id"], row["seq"]) for row in (await journal.read()).rows]
    assert told == [(f"ent_{n % 2}", n // 2 + 1) for n in range(7)]


async def test_a_part_says_whether_there_is_more(journal: Journal) -> None:
    nothing = await journal.read()
    assert (nothing.rows, nothing.next_cursor, nothing.caught_up) == ([], None, True)
    for n in range(3):
        await journal.said("ent", n)
    assert [(await journal.read(None, n)).caught_up for n in (2, 3, 4)] == [
        False,
        True,
        True,
    ]
    whole = await journal.read()
    rest = await journal.read(whole.next_cursor)
    assert (rest.rows, rest.next_cursor) == ([], whole.next_cursor)


async def test_what_commits_late_is_not_skipped(journal: Journal) -> None:
    async with journal.database.unit_of_work() as late:
        await journal.say(late, "ent_late", "late")
        for n in range(5):
            await journal.said("ent", n)
        assert await journal.words() == []
        assert (await journal.read()).caught_up
    assert await journal.words() == ["late", 0, 1, 2, 3, 4]


async def test_a_reader_who_is_ahead_of_an_open_transaction_waits_for_it(
    journal: Journal,
) -> None:
    await journal.said("ent", "before")
    cursor = (await journal.read()).next_cursor
    async with journal.database.unit_of_work() as late:
        await journal.say(late, "ent_late", "late")
        await journal.said("ent", "meanwhile")
        part = await journal.read(cursor)
        assert (part.rows, part.next_cursor) == ([], cursor)
    assert await journal.words(cursor) == ["late", "meanwhile"]


async def test_what_was_rolled_back_is_no_event_and_holds_nobody_up(
    journal: Journal,
) -> None:
    async with journal.database.unit_of_work() as session:
        await journal.say(session, "ent", "never")
        await session.rollback()
    await journal.said("ent", "once")
    (row,) = (await journal.read()).rows
    assert (row["payload"], row["seq"]) == ({"words": "once"}, 1)


async def test_an_entitys_events_follow_its_seq_whoever_began_first(
    journal: Journal,
) -> None:
    await journal.run(
        "CREATE TABLE entity (id text)", "INSERT INTO entity VALUES ('x')"
    )
    lock = text("SELECT id FROM entity FOR UPDATE")
    begun, may_write = asyncio.Event(), asyncio.Event()

    async def begins_first_and_writes_second() -> None:
        async with journal.database.unit_of_work() as session:
            await session.execute(text("SELECT pg_current_xact_id()"))
            begun.set()
            await may_write.wait()
            await session.execute(lock)
            await journal.say(session, "x", "second")

    patient = asyncio.create_task(begins_first_and_writes_second())
    await begun.wait()
    async with journal.database.unit_of_work() as between:
        await journal.say(between, "y", "between")  # holds the feed here
        async with journal.database.unit_of_work() as quick:
            await quick.execute(lock)
            await journal.say(quick, "x", "first")
            may_write.set()
        await patient
        # The second's transaction is older than any that still runs; it must wait
        # for the first all the same.
        assert await journal.words() == []
    assert await journal.words() == ["between", "first", "second"]


ENTITIES = [f"ent_{n}" for n in range(4)]
LOCK = text("SELECT id FROM entity WHERE id = :id FOR UPDATE")


async def write_about_some(journal: Journal, chance: random.Random) -> None:
    """Write in transactions that begin, lock, write and end at odd times."""
    for n in range(25):
        async with journal.database.unit_of_work() as session:
            await session.execute(text("SELECT pg_current_xact_id()"))
            await asyncio.sleep(chance.random() / 200)
            entity = chance.choice(ENTITIES)
            await session.execute(LOCK, {"id": entity})
            await journal.say(session, entity, n)
            await asyncio.sleep(chance.random() / 200)
            if chance.random() < 0.1:
                await session.rollback()


async def test_readers_beside_many_writers_get_everything_once(
    journal: Journal,
) -> None:
    made = [f"INSERT INTO entity VALUES ('{entity}')" for entity in ENTITIES]  # noqa: S608 - names of our own
    await journal.run("CREATE TABLE entity (id text)", *made)
    chance = random.Random(7)
    writers = [asyncio.create_task(write_about_some(journal, chance)) for _ in range(6)]
    read: list[asyncpg.Record] = []
    cursor, done = None, False
    while not done:
        done = all(writer.done() for writer in writers)
        part = await journal.read(cursor, 7)
        read += part.rows
        cursor = part.next_cursor
        done = done and not part.rows
    await asyncio.gather(*writers)
    async with journal.database.unit_of_work() as session:
        kept = list(await session.scalars(text("SELECT id FROM events")))
    assert len(kept) > 100
    assert sorted(row["id"] for row in read) == sorted(kept)
    seqs: dict[str, list[int]] = defaultdict(list)
    for row in read:
        seqs[row["entity_id"]].append(row["seq"])
    assert seqs == {entity: [*range(1, len(seqs[entity]) + 1)] for entity in ENTITIES}


async def test_a_cursor_is_good_in_another_process(journal: Journal) -> None:
    for n in range(3):
        await journal.said("ent", n)
    cursor = (await journal.read(None, 2)).next_cursor
    url = journal.database.url.render_as_string(hide_password=False)
    async with Database(url) as other:
        part = await journal.feed.read(other, cursor)
    assert [row["payload"] for row in part.rows] == [{"words": 2}]


@pytest.mark.parametrize("size", [0, -1, 501])
async def test_a_part_has_a_size_that_can_be(journal: Journal, size: int) -> None:
    with pytest.raises(InvalidInputError, match="holds 1 to 500"):
        await journal.read(None, size)


async def test_cursors_that_were_altered_or_are_anothers_are_refused(
    journal: Journal,
) -> None:
    await journal.said("ent", 1)
    cursor = str((await journal.read()).next_cursor)
    other = replace(journal.feed, name="others")
    order = journal.feed.order
    bad = [
        cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB"),
        str((await other.read(journal.database, None)).next_cursor),
        "",
        "x" * 10_000,
        "€",
        place_cursor(order, ["1", 1, "evt"]),
        place_cursor(order, [1, 1.5, "evt"]),
        place_cursor(order, [-1, 1, "evt"]),
        place_cursor(order, [2**63, 1, "evt"]),
        place_cursor(order, [1, True, "evt"]),
        place_cursor(order, [1, 1, 1]),
    ]
    for each in bad:
        with pytest.raises(InvalidInputError):
            await journal.read(each)


async def test_a_cursor_beyond_what_a_restored_database_has_is_told_apart(
    journal: Journal,
) -> None:
    await journal.said("ent", "kept")
    await journal.said("ent", "lost with the backup")
    cursor = (await journal.read()).next_cursor
    await journal.run(
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "GRANT DELETE ON events TO CURRENT_USER",
        "DELETE FROM events WHERE seq = 2",
        "ALTER TABLE events ENABLE TRIGGER USER",
    )
    await journal.said("ent", "another second")
    with pytest.raises(LostPlaceError):
        await journal.read(cursor)
    assert await journal.words() == ["kept", "another second"]


async def test_a_dump_restored_where_transactions_count_anew_goes_on(
    journal: Journal,
) -> None:
    """As after pg_restore: stamps of a cluster that had come much further."""
    for n in range(3):
        await journal.said("ent", n)
    await journal.run(
        "ALTER TABLE events DISABLE TRIGGER USER",
        "GRANT UPDATE ON events TO CURRENT_USER",
        "UPDATE events SET stamp = stamp + 1000000000",
        "ALTER TABLE events ENABLE TRIGGER USER",
    )
    cursor = (await journal.read()).next_cursor
    assert await journal.words() == [0, 1, 2]  # complete before anybody writes
    async with journal.database.unit_of_work() as late:
        await journal.say(late, "ent_late", "late")
        assert await journal.words(cursor) == []
        assert await journal.words() == [0, 1, 2]
    await journal.said("ent", 3)
    async with journal.database.unit_of_work() as open_:
        await journal.say(open_, "other", "open")
        await journal.said("ent", 4)
        assert await journal.words(cursor) == ["late", 3]
    assert await journal.words() == [0, 1, 2, "late", 3, "open", 4]


async def test_the_first_writers_after_a_restore_agree(journal: Journal) -> None:
    await journal.said("ent", "old")
    await journal.run(
        "ALTER TABLE events DISABLE TRIGGER USER",
        "GRANT UPDATE ON events TO CURRENT_USER",
        "UPDATE events SET stamp = stamp + 1000000000",
        "ALTER TABLE events ENABLE TRIGGER USER",
    )
    await asyncio.gather(*(journal.said(f"ent_{n}", n) for n in range(8)))
    old, *new = await journal.words()
    assert old == "old"
    assert sorted(new) == [*range(8)]


CHANGES = ["UPDATE events SET kind = 'x'", "DELETE FROM events", "TRUNCATE events"]
EVERY_RIGHT = "GRANT ALL ON events TO CURRENT_USER"
SOMEBODY_ELSE = (
    "GRANT USAGE ON SCHEMA public TO helpnest_auth",
    "GRANT ALL ON events TO helpnest_auth",
    "SET ROLE helpnest_auth",
)


@pytest.mark.parametrize("change", CHANGES)
async def test_nobody_can_change_what_happened(journal: Journal, change: str) -> None:
    await journal.said("ent", "so it was")
    before = await journal.kept()
    assert len(before) == 1

    async def refused(role: str, error: type[Exception], *first: str) -> None:
        url = journal.database.url.set(username=role)
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            for each in first:
                await connection.execute(each)
            with pytest.raises(error):
                await connection.execute(change)
        finally:
            await connection.close()

    # The owner, who serves, has no right to.
    await refused("helpnest_users", asyncpg.InsufficientPrivilegeError)
    # Who has it, as a superuser or by a grant, meets the trigger.
    await refused("helpnest", asyncpg.RestrictViolationError)
    await refused("helpnest", asyncpg.RestrictViolationError, *SOMEBODY_ELSE)
    await refused("helpnest_users", asyncpg.RestrictViolationError, EVERY_RIGHT)
    assert await journal.kept() == before
