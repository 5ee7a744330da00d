"""Fill the tickets table, as ordinary rows of the real domain."""

import asyncpg

from bench.subgraph.operations import TICKETS

FILL = """
INSERT INTO tickets (
  id, number, type, title, description, channel, status_id, status_category,
  impact, urgency, priority, priority_overridden, requester_id, opened_by_id,
  assignee_id, tags, reassignment_count, reopen_count, opened_at, created_at,
  updated_at, version, history_length
)
SELECT
  'tkt_' || lpad(n::text, 8, '0'),
  'INC' || lpad(n::text, 7, '0'),
  (ARRAY['INCIDENT', 'SERVICE_REQUEST', 'PROBLEM', 'CHANGE'])[1 + n % 4],
  'The printer on floor ' || n % 40 || ' says PC LOAD LETTER again',
  repeat('It did so yesterday as well. ', 1 + n % 30),
  (SELECT (ARRAY['PORTAL', 'EMAIL'])[1 + n % 2]),
  status.id,
  status.category,
  (ARRAY['HIGH', 'MEDIUM', 'LOW'])[1 + n % 3],
  (ARRAY['HIGH', 'MEDIUM', 'LOW'])[1 + n % 3],
  (SELECT priority FROM priorities LIMIT 1),
  false,
  'usr_' || n % 900,
  'usr_' || n % 900,
  CASE WHEN n % 5 = 0 THEN NULL ELSE 'usr_' || n % 60 END,
  ARRAY['printer', 'floor-' || n % 40],
  n % 3,
  0,
  timestamptz '2024-01-01 08:00Z' + n * interval '7 minutes 1.5 seconds',
  now(),
  timestamptz '2024-01-02 09:00Z' + n * interval '7 minutes 2.25 seconds',
  1 + n % 6,
  0
FROM generate_series(0, $1::int - 1) AS n,
  (SELECT id, category FROM statuses WHERE category = 'NEW' LIMIT 1) AS status
"""


async def fill(url: str) -> None:
    """Write the tickets, if they are not there yet."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT count(*) FROM tickets") != TICKETS:
            await connection.execute("DELETE FROM tickets")
            await connection.execute("SET statement_timeout = 0")
            await connection.fetch(FILL, TICKETS)
            await connection.execute("VACUUM ANALYZE tickets")
    finally:
        await connection.close()
