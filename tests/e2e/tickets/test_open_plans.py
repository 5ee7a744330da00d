"""How PostgreSQL reads the desk's open work, a small part of all there is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from kit.comparators import DateTimeComparator
from kit.filters import Predicate, all_of, bound, condition
from kit.pagination import Page
from subgraphs.tickets.repository import counting, pages, queues, search
from subgraphs.tickets.repository.columns import BARE, NEWEST_FIRST, TICKETS
from subgraphs.tickets.repository.search_input import read_search
from subgraphs.tickets.types.filters import TicketFilter, ticket_predicate
from tests.support.plans import fill, indexes, plan_of, rows_left_out, scans

NOW = datetime.now(UTC)
OPEN = condition("status_category", "in", ["NEW", "IN_PROGRESS", "ON_HOLD"])
OVERDUE = ticket_predicate(TicketFilter(sla_due_at=DateTimeComparator(lte="P0D")))
NARROWED: dict[str, Predicate] = {
    "urgent": condition("priority_rank", "in", [1]),
    "changes": condition("type", "in", ["CHANGE"]),
    "by chat": condition("channel", "in", ["CHAT"]),
    "often passed on": condition("reassignment_count", "gte", 2),
    "reopened": condition("reopen_count", "gte", 1),
    "overdue": OVERDUE,
}
CLOSE_MOST = """
UPDATE tickets SET
  status_id = CASE WHEN open THEN opened.id ELSE closed.id END,
  status_category = CASE WHEN open THEN opened.category ELSE closed.category END,
  channel = CASE WHEN n % 5 = 0 THEN 'CHAT' ELSE 'API' END,
  reassignment_count = n % 5, reopen_count = n % 3,
  sla_due_at = CASE WHEN open THEN now() - n * interval '1 minute' END
FROM (
  SELECT id AS ticket, (row_number() OVER (ORDER BY opened_at))::int / 4 AS n,
    row_number() OVER (ORDER BY opened_at) % 15 = 0 AS open
  FROM tickets
) AS counted
CROSS JOIN (SELECT id, category FROM statuses WHERE category = 'NEW' LIMIT 1) AS opened
CROSS JOIN (SELECT id, category FROM statuses WHERE category = 'CLOSED' LIMIT 1)
  AS closed
WHERE tickets.id = ticket
"""


async def mostly_closed(url: str) -> None:
    await fill(url)
    connection = await asyncpg.connect(url)
    for statement in (CLOSE_MOST, "VACUUM ANALYZE tickets"):
        await connection.execute(statement)
    await connection.close()


@pytest.fixture(scope="module")
def filled(databases: Any) -> str:
    url: str = databases.copy("tickets")
    asyncio.run(mostly_closed(url))
    return url


@pytest.mark.parametrize("name", NARROWED)
async def test_a_page_of_open_work_reads_no_ticket_that_is_not_on_it(
    database: Any, name: str
) -> None:
    met = all_of(OPEN, NARROWED[name])
    page = Page(NEWEST_FIRST, 20)
    query = pages.page_query(TICKETS, met.shape, pages.page_shape(page))
    values = {**bound(met), **page.values}
    plan = await plan_of(database, query, "ANALYZE", **values)
    assert indexes(plan) & {"ix_tickets_open"}
    assert rows_left_out(plan) == 0
    assert ("Index Scan", "tickets") in scans(plan)


@pytest.mark.parametrize("name", [each for each in NARROWED if each != "overdue"])
async def test_a_count_of_open_work_reads_an_index_alone(
    database: Any, name: str
) -> None:
    met = all_of(OPEN, NARROWED[name])
    query = counting.count_query(BARE, met.shape)
    plan = await plan_of(database, query, "ANALYZE", **bound(met))
    assert indexes(plan) <= {"ix_tickets_open", "ix_tickets_facets"}
    assert [kind for kind, _ in scans(plan)] == ["Index Only Scan"]
    assert rows_left_out(plan) == 0


async def test_a_list_or_a_count_is_planned_for_what_it_looks_for() -> None:
    met = all_of(OPEN, NARROWED["overdue"])
    page = Page(NEWEST_FIRST, 50, place=(NOW - timedelta(days=1), "tkt_1"))
    shape = pages.page_shape(page)
    sought = read_search("printer")
    assert sought is not None
    best = pages.page_shape(Page(sought.order(search.BEST_FIRST), 50))
    made = [
        pages.page_query(TICKETS, met.shape, shape),
        pages.page_query(TICKETS, ("or", met.shape, OPEN.shape), shape),
        pages.owned_query(TICKETS, "requester_id", met.shape, shape),
        search.ranked_query(TICKETS, all_of(met, sought.met).shape, best),
        counting.count_query(BARE, met.shape),
        counting.owned_count_query(BARE, "requester_id", met.shape),
        queues.depths_query((met.shape,)),
    ]
    assert [each.by_values for each in made] == [True] * len(made)
