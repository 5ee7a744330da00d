"""A page of a long feed costs what the first one costs: an index leads to it."""

import re

import pytest

from kit.database import Query
from tests.e2e.kit.outbox.conftest import Journal

MANY = """
INSERT INTO events (id, entity_id, seq, kind, payload)
SELECT 'evt_' || n, 'ent_' || n % 500, 0, 'SAID', '{}' FROM generate_series(1, 5000) n
"""


async def plan_of(journal: Journal, query: Query, **values: object) -> str:
    explained = f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) {query.sql}"
    async with journal.database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        assert driver is not None
        rows = await driver.fetch(explained, *query.arguments(values))
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("which", ["first_page", "later_page", "newest"])
async def test_a_page_is_read_off_the_index(journal: Journal, which: str) -> None:
    await journal.run(MANY, "ANALYZE events")
    (row,) = (await journal.read(None, 1)).rows
    values = {"stamp": row["stamp"], "place": 2_500, "size": 101}
    query: Query = getattr(journal.feed, which)
    plan = await plan_of(journal, query, **values)
    assert re.search(r"Index Scan (Backward )?using ix_events_stamp_events_place", plan)
    assert "Seq Scan on events" not in plan
    assert "Sort" not in plan
    read = [int(n) for n in re.findall(r"on events .*actual rows=(\d+)", plan)]
    assert read
    assert max(read) <= 101
