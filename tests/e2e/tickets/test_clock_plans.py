"""How PostgreSQL finds tickets by their clocks: by an index, on twenty thousand."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from kit.database import Database
from kit.filters import EVERYTHING, bound, condition
from kit.pagination import Order, Page
from subgraphs.tickets.repository import pages, sla
from subgraphs.tickets.repository.columns import NEWEST_FIRST, TICKETS

FILL = """
INSERT INTO tickets (
  id, number, type, title, channel, status_id, status_category, impact, urgency,
  priority, priority_overridden, requester_id, tags, reassignment_count, reopen_count,
  opened_at, updated_at, version, history_length, sla_state, sla_due_at, sla_next_at,
  sla_revision)
SELECT 'tkt_' || lpad(n::text, 26, '0'), 'INC' || lpad(n::text, 7, '0'), 'INCIDENT',
  'Ticket ' || n, 'API', s.id, s.category, 'LOW', 'LOW', 'LOW', false, 'usr_1', '{}',
  0, 0, now() - n * interval '1 minute', now(), 1, 1,
  (ARRAY['BREACHED', 'RUNNING', 'PAUSED', 'MET'])[1 + n % 4],
  CASE WHEN n % 4 < 2 THEN now() + (n - 200) * interval '1 minute' END,
  CASE WHEN n % 4 = 1 THEN now() + (n - 200) * interval '1 minute' END,
  CASE WHEN n % 100 = 0 THEN 1 ELSE 2 END
FROM generate_series(1, 20000) AS n
JOIN statuses AS s ON s.key = (ARRAY['new', 'in_progress', 'closed'])[1 + n % 3]
"""
CLOCKS = """
INSERT INTO business_calendars (id, name, time_zone, hours, holidays, version)
VALUES ('bcl_1', 'x', 'UTC', '[[], [], [], [], [], [], []]', '[]', 1);
INSERT INTO sla_policies (id, name, position, calendar_id, types, category_ids,
  service_ids, group_ids, pause_on, escalates, version)
VALUES ('slp_1', 'x', 1, 'bcl_1', '{}', '{}', '{}', '{}', '{}', true, 1);
INSERT INTO sla_clocks (ticket_id, target, policy_id, state, goal, elapsed)
SELECT id, unnest(ARRAY['RESOLUTION', 'FIRST_RESPONSE']), 'slp_1', 'MET', '1h', '1m'
FROM tickets;
VACUUM ANALYZE
"""


SEQUENTIAL = """
SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'tickets'
"""


@pytest.fixture(scope="module")
def filled(databases: Any) -> str:
    """A database of these tests' own: filling it for each would take a second."""
    url: str = databases.copy("tickets")

    async def fill() -> None:
        connection = await asyncpg.connect(url)
        for statement in (FILL, *CLOCKS.split(";")):
            await connection.execute(statement)
        await connection.close()

    asyncio.run(fill())
    return url


@pytest.fixture
async def database(filled: str) -> AsyncGenerator[Database]:
    async with Database(filled) as opened:
        yield opened


def scans(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """Name how each table is read."""
    here = (
        [(plan["Node Type"], plan["Relation Name"])] if "Relation Name" in plan else []
    )
    return here + [each for part in plan.get("Plans", ()) for each in scans(part)]


async def ways(filled: str, query: Any, **values: Any) -> set[str]:
    connection = await asyncpg.connect(filled)
    explained = f"EXPLAIN (FORMAT JSON) {query.sql}"
    found = await connection.fetchval(explained, *query.arguments(values))
    await connection.close()
    large = {"tickets", "sla_clocks"}
    return {way for way, table in scans(json.loads(found)[0]["Plan"]) if table in large}


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("placed", [False, True])
async def test_the_order_by_due_instants_reads_an_index(
    filled: str, *, backward: bool, placed: bool
) -> None:
    order = Order("tickets", (("sla_due_order", False), ("id", False)))
    place = (datetime.now(UTC) + timedelta(days=9), "tkt_1") if placed else None
    page = Page(order, 50, backward, place)
    query = pages.page_query(TICKETS, EVERYTHING.shape, pages.page_shape(page))
    assert "Seq Scan" not in await ways(filled, query, **page.values)


@pytest.mark.parametrize("state", ["BREACHED", "CANCELLED"])
async def test_tickets_of_a_state_are_found_by_an_index(
    filled: str, state: str
) -> None:
    met, page = condition("sla_state", "in", [state]), Page(NEWEST_FIRST, 50)
    query = pages.page_query(TICKETS, met.shape, pages.page_shape(page))
    assert "Seq Scan" not in await ways(filled, query, **bound(met), **page.values)


async def test_the_clocks_of_a_page_are_found_by_an_index(filled: str) -> None:
    keys = [f"tkt_{n:026d}" for n in range(50)]
    assert "Seq Scan" not in await ways(filled, sla.CLOCKS_BY_TICKET, keys=keys)


async def test_what_is_due_or_stale_is_claimed_by_an_index(database: Database) -> None:
    now = datetime.now(UTC)
    async with database.unit_of_work() as session:
        due = await sla.claim_due(
            session, now, now - timedelta(hours=1), last=None, most=100
        )
        first = await sla.claim_stale(session, 2, last=None, most=100)
        last = (first[-1].sla_revision, first[-1].id)
        more = await sla.claim_stale(session, 2, last=last, most=100)
        read = await session.scalar(text(SEQUENTIAL))
    assert len(due) == 50  # 1, 5, 9, … of the first two hundred, whatever their status
    open_ones = [n for n in range(100, 20001, 100) if n % 3 != 2]
    assert [ticket.id for ticket in (*first, *more)] == [
        f"tkt_{n:026d}" for n in open_ones
    ]
    assert read == 0
