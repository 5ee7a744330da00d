"""Twenty thousand tickets, and how PostgreSQL says that it would read them."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from kit.database.database import SESSION

FILL = """
INSERT INTO tickets (
  id, number, type, title, channel, status_id, status_category, impact, urgency,
  priority, priority_overridden, requester_id, opened_by_id, assignee_id, group_id,
  requester_department_id, category_id, service_id, tags, reassignment_count,
  reopen_count, opened_at, updated_at, resolved_at, closed_at, version, history_length,
  description, watcher_ids, custom_fields)
SELECT 'tkt_' || lpad(n::text, 26, '0'), 'INC' || lpad(n::text, 7, '0'),
  (ARRAY['INCIDENT', 'SERVICE_REQUEST', 'PROBLEM', 'CHANGE'])[1 + n % 4],
  'Ticket ' || n || ' about thing' || n % 700, 'API', s.id, s.category, 'LOW', 'LOW',
  (ARRAY['CRITICAL', 'HIGH', 'MODERATE', 'LOW', 'PLANNING'])[1 + n % 5], false,
  'usr_' || n % 500, 'usr_' || n % 300, 'usr_' || n % 200, 'grp_' || n % 60,
  'dep_' || n % 40, NULL, NULL, ARRAY['t' || n % 1000], 0, 0,
  now() - n * interval '1 minute', now() - n % 5000 * interval '1 minute',
  now() - n * interval '1 minute', NULL, 1, 1, 'Something' || n % 900 || ' is wrong.',
  CASE WHEN n % 10 = 0 THEN ARRAY['usr_' || n % 900] ELSE '{}' END,
  jsonb_build_object('site', 'Place ' || n % 700)
FROM generate_series(1, 20000) AS n
JOIN (SELECT id, category, position FROM statuses WHERE category <> 'ON_HOLD') AS s
  ON s.position = (ARRAY[1, 2, 4, 5, 6])[1 + n % 5]
"""
EVENTS_TOO = """
INSERT INTO events (id, ticket_id, seq, kind, at, via)
SELECT 'tev_' || lpad(n::text, 26, '0'), 'tkt_' || lpad(n::text, 26, '0'), 1, 'CREATED',
  now(), 'API'
FROM generate_series(1, 20000) AS n
"""
RELATIONS = (
    """
INSERT INTO ticket_links (id, from_id, to_id, kind, linked_at)
SELECT 'lnk_' || lpad(n::text, 26, '0'), 'tkt_' || lpad(n::text, 26, '0'),
  'tkt_' || lpad((20001 - n)::text, 26, '0'), 'PARENT_OF', now()
FROM generate_series(1, 10000) AS n
""",
    """
INSERT INTO ticket_watchers (ticket_id, user_id, reason, added_at)
SELECT id, unnest(watcher_ids), 'CC', now() FROM tickets
""",
)


async def fill(url: str) -> None:
    """Fill an empty database of tickets."""
    connection = await asyncpg.connect(url)
    for statement in (FILL, EVENTS_TOO, *RELATIONS, "VACUUM ANALYZE"):
        await connection.execute(statement)
    await connection.close()


@asynccontextmanager
async def reading(url: str) -> AsyncGenerator[Any]:
    """Connect as the service does."""
    connection = await asyncpg.connect(url, server_settings=SESSION)
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads
    )
    yield connection
    await connection.close()


LARGE = {"tickets", "events", "ticket_links", "ticket_watchers"}


def scans(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """Name how each table is read."""
    here = (
        [(plan["Node Type"], plan["Relation Name"])] if "Relation Name" in plan else []
    )
    return here + [each for part in plan.get("Plans", ()) for each in scans(part)]


def rows_left_out(plan: dict[str, Any]) -> int:
    """Count the rows that were read and did not meet a condition."""
    here = plan.get("Rows Removed by Filter", 0)
    return here + sum(rows_left_out(part) for part in plan.get("Plans", ()))


async def plan_of(
    database: Any, query: Any, how: str = "COSTS ON", **values: Any
) -> dict[str, Any]:
    """Ask PostgreSQL how it answers, or how it did."""
    text = await database.fetchval(
        f"EXPLAIN (FORMAT JSON, {how}) {query.sql}", *query.arguments(values)
    )
    plan: dict[str, Any] = json.loads(text)[0]["Plan"]
    return plan


def indexes(plan: dict[str, Any]) -> set[str]:
    """Name the indexes that are read."""
    here = {plan["Index Name"]} if "Index Name" in plan else set[str]()
    return here.union(*(indexes(part) for part in plan.get("Plans", ())))


async def refuse_scans(database: Any, query: Any, **values: Any) -> dict[str, Any]:
    """Give the plan; fail where a large table would be read from end to end."""
    plan = await plan_of(database, query, **values)
    large = [kind for kind, table in scans(plan) if table in LARGE]
    assert large
    assert "Seq Scan" not in large, json.dumps(plan, indent=1)
    return plan
