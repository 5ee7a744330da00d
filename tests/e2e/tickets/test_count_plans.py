"""How PostgreSQL lists and counts what each kind of viewer sees: by which index."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.comparators import DateTimeComparator
from kit.filters import EVERYTHING, Predicate, all_of, bound, condition
from kit.identity import Identity
from kit.pagination import Page
from subgraphs.tickets import policy
from subgraphs.tickets.policy.standing import Standing, Viewer
from subgraphs.tickets.repository import counting, pages, queues, search
from subgraphs.tickets.repository.columns import BARE, NEWEST_FIRST, TICKETS
from subgraphs.tickets.repository.search import SEARCHED
from subgraphs.tickets.repository.search_input import read_search
from subgraphs.tickets.types.filters import RANK, TicketFilter, ticket_predicate
from tests.support.plans import indexes, refuse_scans, scans

NOW = datetime.now(UTC)
OPEN = condition("status_category", "in", ["NEW", "IN_PROGRESS", "ON_HOLD"])
OVERDUE = ticket_predicate(TicketFilter(sla_due_at=DateTimeComparator(lte="P0D")))
URGENT = condition("priority_rank", "in", [1, 2])
FILTERS: dict[str, Predicate] = {
    "all": EVERYTHING,
    "open": OPEN,
    "open and urgent": all_of(OPEN, URGENT),
    "of a group": condition("group_id", "eq", "grp_7"),
    "open ones of a group": all_of(condition("group_id", "eq", "grp_7"), OPEN),
    "of nobody in a group": all_of(
        condition("group_id", "eq", "grp_7"), condition("assignee_id", "null")
    ),
    "assigned to somebody": condition("assignee_id", "eq", "usr_7"),
    "asked by somebody": condition("requester_id", "eq", "usr_7"),
    "of a department": condition("requester_department_id", "eq", "dep_7"),
    "this week's": condition("opened_at", "gte", NOW - timedelta(days=7)),
    "resolved today": condition("resolved_at", "gte", NOW - timedelta(days=1)),
    "reassigned three times": condition("reassignment_count", "gte", 3),
    "reopened": condition("reopen_count", "gte", 1),
    "by phone": condition("channel", "in", ["PHONE"]),
    "waiting": condition("hold_reason", "in", ["VENDOR"]),
    "overdue": OVERDUE,
    "answered today": condition("first_responded_at", "gte", NOW - timedelta(days=1)),
    "title": condition("title", "contains", "thing77"),
    "closed and moderate": all_of(
        condition("status_category", "in", ["CLOSED"]),
        condition("priority_rank", "in", [3]),
    ),
    "open changes": all_of(OPEN, condition("type", "in", ["CHANGE"])),
    "open ones by chat": all_of(OPEN, condition("channel", "in", ["CHAT"])),
    "open ones often passed on": all_of(
        OPEN, condition("reassignment_count", "gte", 2)
    ),
    "open and overdue": all_of(OPEN, OVERDUE),
}
READ, GROUPS = policy.READ, policy.READ_GROUP


def seen_by(
    *scopes: str, groups: Iterable[int] = (), departments: Iterable[int] = ()
) -> Predicate:
    """Say what somebody with these rights sees, who stands there."""
    standing = Standing(
        sees_groups=frozenset(f"grp_{n}" for n in groups),
        sees_departments=frozenset(f"dep_{n}" for n in departments),
    )
    caller = Identity("usr_70", scopes=frozenset({READ, *scopes}))
    return policy.visible(Viewer.of(caller, standing))


VIEWERS: dict[str, Predicate] = {
    "administrator": EVERYTHING,
    "requester": seen_by(),
    "agent": seen_by(GROUPS, policy.WORK, groups=(7, 8)),
    "dispatcher": seen_by(GROUPS, policy.WORK, policy.TRIAGE, groups=range(6)),
    "head": seen_by(policy.READ_DEPARTMENT, departments=range(5)),
}
FACETS = "ix_tickets_facets"
ORDERS = ("", "_due", "_changed", "_urgent")
OF_GROUP = {f"ix_tickets_of_group{order}" for order in ORDERS}
OF_DEPARTMENT = {f"ix_tickets_of_department{order}" for order in ORDERS}
OWN = {"ix_tickets_requester_id_tickets_opened_at_tickets_id"}
EACH_WAY: dict[str, list[set[str]]] = {
    "requester": [OWN],
    "agent": [OWN, OF_GROUP],
    "dispatcher": [OWN, OF_GROUP],
    "head": [OWN, OF_DEPARTMENT],
}
BY_FILTER = {
    "open": {
        "ix_tickets_open_work",
        "ix_tickets_status_category_tickets_opened_at_tickets_id",
    },
    "open ones of a group": {
        "ix_tickets_open_work",
        "ix_tickets_open_of_group",
        *OF_GROUP,
    },
    "of a group": OF_GROUP,
    "of nobody in a group": {
        *OF_GROUP,
        "ix_tickets_assignee_id_tickets_opened_at_tickets_id",
    },
    "assigned to somebody": {"ix_tickets_assignee_id_tickets_opened_at_tickets_id"},
    "asked by somebody": {"ix_tickets_requester_id_tickets_opened_at_tickets_id"},
    "of a department": OF_DEPARTMENT,
    "reassigned three times": {"ix_tickets_rare"},
    "reopened": {"ix_tickets_rare"},
    "by phone": {"ix_tickets_rare"},
    "waiting": {"ix_tickets_hold_reason"},
    "overdue": {"ix_tickets_sla_due_order_tickets_id"},
    "answered today": {"ix_tickets_first_responded_at"},
    "title": {"ix_tickets_trigrams"},
    "open and urgent": {FACETS},
    "closed and moderate": {FACETS},
    "open changes": {FACETS},
    "open ones by chat": {FACETS, "ix_tickets_rare"},
    "open ones often passed on": {"ix_tickets_open", "ix_tickets_rare"},
    "open and overdue": {"ix_tickets_open", "ix_tickets_sla_due_order_tickets_id"},
}
"""What a count of everybody's tickets is read by: one of these."""


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("name", FILTERS)
async def test_what_a_viewer_sees_is_listed_and_counted_by_indexes(
    database: Any, viewer: str, name: str
) -> None:
    met = all_of(VIEWERS[viewer], FILTERS[name])
    row = await database.fetchrow("SELECT opened_at, id FROM tickets OFFSET 9000")
    for place in (None, tuple(row)):
        page = Page(NEWEST_FIRST, 50, place=place)
        query = pages.page_query(TICKETS, met.shape, pages.page_shape(page))
        await refuse_scans(database, query, **bound(met), **page.values)
    query = counting.count_query(BARE, met.shape)
    plan = await refuse_scans(database, query, **bound(met))
    if viewer == "administrator" and name in BY_FILTER:
        assert indexes(plan) & BY_FILTER[name]


@pytest.mark.parametrize("viewer", EACH_WAY)
async def test_each_way_of_seeing_is_read_by_its_own_index(
    database: Any, viewer: str
) -> None:
    met = VIEWERS[viewer]
    page = Page(NEWEST_FIRST, 50)
    query = pages.page_query(TICKETS, met.shape, pages.page_shape(page))
    plan = await refuse_scans(database, query, **bound(met), **page.values)
    assert all(indexes(plan) & way for way in EACH_WAY[viewer])
    query = counting.count_query(BARE, met.shape)
    plan = await refuse_scans(database, query, **bound(met))
    assert all(indexes(plan) & way for way in EACH_WAY[viewer])


@pytest.mark.parametrize("name", ["all", "open", "this week's"])
async def test_a_count_of_everything_never_reads_the_table(
    database: Any, name: str
) -> None:
    met = FILTERS[name]
    query = counting.count_query(BARE, met.shape)
    plan = await refuse_scans(database, query, **bound(met))
    assert [kind for kind, _ in scans(plan)] == ["Index Only Scan"]


@pytest.mark.parametrize("narrowed", ["all", "open and urgent", "resolved today"])
async def test_what_a_head_sees_is_counted_without_reading_it(
    database: Any, narrowed: str
) -> None:
    departments = condition("requester_department_id", "in", ["dep_1", "dep_2"])
    met = all_of(departments, FILTERS[narrowed])
    await database.execute("SET enable_bitmapscan = off")
    query = counting.count_query(BARE, met.shape)
    plan = await refuse_scans(database, query, **bound(met))
    assert indexes(plan) <= OF_DEPARTMENT
    assert [kind for kind, _ in scans(plan)] == ["Index Only Scan"]


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("written", ["thing77", "INC0000077"])
async def test_what_a_viewer_searches_for_is_found_and_counted_by_indexes(
    database: Any, viewer: str, written: str
) -> None:
    sought = read_search(written)
    assert sought is not None
    met = all_of(VIEWERS[viewer], sought.met)
    page = Page(sought.order(search.BEST_FIRST), 50)
    query = search.ranked_query(TICKETS, met.shape, pages.page_shape(page))
    values = {**bound(met), **page.values, **sought.values}
    await refuse_scans(database, query, **values)
    query = counting.count_query(SEARCHED, met.shape)
    await refuse_scans(database, query, **bound(met))


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_the_depths_of_many_queues_are_read_by_indexes(
    database: Any, viewer: str
) -> None:
    wanted = [all_of(VIEWERS[viewer], each) for each in FILTERS.values()]
    query = queues.depths_query(tuple(each.shape for each in wanted))
    values: dict[str, Any] = {}
    for n, each in enumerate(wanted):
        values.update(bound(each, f"q{n}_"))
    await refuse_scans(database, query, **values)


async def test_a_priority_ranks_as_the_database_ranks_it(database: Any) -> None:
    rows = await database.fetch("SELECT DISTINCT priority, priority_rank FROM tickets")
    assert dict(rows) == {each.value: rank for each, rank in RANK.items()}
