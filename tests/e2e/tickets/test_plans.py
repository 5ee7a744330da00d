"""How PostgreSQL answers the lists: by an index, on a table of twenty thousand."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from kit.filters import EVERYTHING, Predicate, all_of, bound, condition, negate
from kit.identity import Identity
from kit.pagination import Order, Page
from subgraphs.tickets import policy
from subgraphs.tickets.models import EventKind
from subgraphs.tickets.repository import (
    counting,
    pages,
    queues,
    reads,
    relations,
    search,
)
from subgraphs.tickets.repository.columns import (
    AS_IT_HAPPENED,
    EVENTS,
    NEWEST_FIRST,
    TICKETS,
)
from subgraphs.tickets.repository.search_input import read_search
from tests.support.plans import plan_of, refuse_scans, rows_left_out

MINE = policy.visible(Identity("usr_70", scopes=frozenset({policy.READ})))
OTHER_ORDERS = {
    "updated": Order("tickets", (("updated_at", True), ("id", True))),
    "priority": Order("tickets", (("priority_rank", False), ("id", False))),
    "number": Order("tickets", (("number", False), ("id", False))),
    "urgent, oldest": Order(
        "tickets", (("priority_rank", False), ("opened_at", False), ("id", False))
    ),
    "urgent, newest": Order(
        "tickets", (("priority_rank", False), ("opened_at", True), ("id", True))
    ),
}
FILTERS: dict[str, Predicate] = {
    "all": EVERYTHING,
    "own": MINE,
    "status": condition("status_category", "in", ["CANCELLED"]),
    "type": condition("type", "in", ["CHANGE"]),
    "requester": condition("requester_id", "eq", "usr_7"),
    "assignee": condition("assignee_id", "in", ["usr_7", "usr_8"]),
    "group": condition("group_id", "eq", "grp_7"),
    "department": condition("requester_department_id", "eq", "dep_7"),
    "tag": condition("tag", "eq", "t7"),
    "number": condition("number", "eq", "INC0000077"),
    "numbers begun": condition("number", "starts_with", "inc00012"),
    "title": condition("title", "contains", "thing77"),
    "title begun": condition("title", "starts_with", "ticket 1999"),
    "custom field": condition("custom_field", "holds", {"site": "Place 7"}),
    "watcher": condition("watcher", "eq", "usr_70"),
    "no one of these watches": all_of(
        negate(condition("watcher", "in", ["usr_70"])), MINE
    ),
    "group and status": all_of(
        condition("group_id", "eq", "grp_7"),
        condition("status_category", "in", ["NEW"]),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_every_list_reads_an_index_from_the_start_and_from_a_place(
    database: Any, name: str
) -> None:
    met = FILTERS[name]
    row = await database.fetchrow("SELECT opened_at, id FROM tickets OFFSET 9000")
    for place in (None, tuple(row)):
        page = Page(NEWEST_FIRST, 50, place=place)
        query = pages.page_query(TICKETS, met.shape, pages.page_shape(page))
        await refuse_scans(database, query, **bound(met), **page.values)


@pytest.mark.parametrize("name", OTHER_ORDERS)
async def test_every_order_reads_an_index(database: Any, name: str) -> None:
    order = OTHER_ORDERS[name]
    row = await database.fetchrow("SELECT * FROM tickets OFFSET 9000")
    place = tuple(row[column] for column, _ in order.by)
    for backward in (False, True):
        for at in (None, place):
            page = Page(order, 50, backward, at)
            query = pages.page_query(TICKETS, EVERYTHING.shape, pages.page_shape(page))
            await refuse_scans(database, query, **page.values)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("name", ["urgent, oldest", "urgent, newest"])
async def test_a_page_in_the_middle_is_entered_where_it_begins(
    database: Any, name: str, backward: bool
) -> None:
    order = OTHER_ORDERS[name]
    row = await database.fetchrow(
        "SELECT * FROM tickets WHERE priority_rank = 3 ORDER BY opened_at OFFSET 2000"
    )
    place = tuple(row[column] for column, _ in order.by)
    page = Page(order, 50, backward, place)
    query = pages.page_query(TICKETS, EVERYTHING.shape, pages.page_shape(page))
    plan = await plan_of(database, query, "ANALYZE, TIMING OFF", **page.values)
    assert rows_left_out(plan) < 5_000, json.dumps(plan, indent=1)


@pytest.mark.parametrize(
    "written", ["thing77", "something77 wrong", "INC0000077", "77"]
)
@pytest.mark.parametrize("met", [EVERYTHING, MINE], ids=["all", "own"])
@pytest.mark.parametrize("by", [search.BEST_FIRST, NEWEST_FIRST.by])
async def test_a_search_reads_an_index(
    database: Any, written: str, met: Predicate, by: Any
) -> None:
    sought = read_search(written)
    assert sought is not None
    met = all_of(met, sought.met)
    place = {"distance": 0.0, "opened_at": datetime.now(UTC), "id": "tkt_"}
    for at in (None, tuple(place[name] for name, _ in by)):
        page = Page(Order("hits", by), 50, place=at)
        shape = pages.page_shape(page)
        query = (
            search.ranked_query(TICKETS, met.shape, shape)
            if by is search.BEST_FIRST
            else pages.page_query(search.with_score(TICKETS), met.shape, shape)
        )
        values = {**bound(met), **page.values, **sought.values}
        await refuse_scans(database, query, **values)
    query = counting.count_query(search.SEARCHED, met.shape)
    await refuse_scans(database, query, **bound(met))


@pytest.mark.parametrize(
    "owner",
    ["requester_id", "assignee_id", "group_id", "requester_department_id"],
)
async def test_links_back_read_an_index(database: Any, owner: str) -> None:
    keys = [f"{owner[:3]}_7", "usr_7", "grp_7", "dep_7"]
    page = Page(NEWEST_FIRST, 50)
    query = pages.owned_query(TICKETS, owner, EVERYTHING.shape, pages.page_shape(page))
    await refuse_scans(database, query, keys=keys, **page.values)


@pytest.mark.parametrize("met", [EVERYTHING, MINE], ids=["all", "own"])
async def test_links_watchers_and_parents_read_an_index(
    database: Any, met: Predicate
) -> None:
    keys = [f"tkt_{n:026d}" for n in range(1, 51)]
    listing = relations.linked_with(TICKETS)
    kinds = all_of(met, condition("link_kind", "in", ["PARENT_OF"]))
    for wanted in (met, kinds):
        for place in (None, ("lnk_",)):
            page = Page(relations.AS_LINKED, 50, place=place)
            shape = pages.page_shape(page)
            query = pages.owned_query(listing, "link_owner", wanted.shape, shape)
            values = {**bound(wanted), **page.values}
            await refuse_scans(database, query, keys=keys, **values)
        query = counting.owned_count_query(listing, "link_owner", wanted.shape)
        await refuse_scans(database, query, keys=keys, **bound(wanted))
    query = relations.parents_query(TICKETS, met.shape)
    await refuse_scans(database, query, keys=keys, **bound(met))
    page = Page(relations.AS_THEY_CAME, 50)
    query = pages.owned_query(
        relations.WATCHERS, "ticket_id", EVERYTHING.shape, pages.page_shape(page)
    )
    await refuse_scans(database, query, keys=keys, **page.values)


async def test_the_depths_of_queues_read_an_index(database: Any) -> None:
    names = ("status", "group and status", "title", "watcher")
    wanted = [all_of(MINE, FILTERS[name]) for name in names]
    query = queues.depths_query(tuple(each.shape for each in wanted))
    values = [bound(each, f"q{n}_") for n, each in enumerate(wanted)]
    together = {name: value for each in values for name, value in each.items()}
    await refuse_scans(database, query, **together)


async def test_the_database_allows_the_kinds_of_event_that_the_models_name(
    database: Any,
) -> None:
    written = await database.fetchval(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conname = 'ck_events_eventkind'"
    )
    allowed = set(re.findall(r"'(\w+)'", written))
    assert allowed == {kind.value for kind in EventKind}


async def test_keys_and_history_read_an_index(database: Any) -> None:
    keys = [f"tkt_{n:026d}" for n in range(50)]
    for by in ("id", "number"):
        query = reads.tickets_query(TICKETS, by, MINE.shape)
        await refuse_scans(database, query, keys=keys, **bound(MINE))
        query = reads.ticket_query(TICKETS, by, MINE.shape)
        await refuse_scans(database, query, key=keys[7], **bound(MINE))
    page = Page(AS_IT_HAPPENED, 50)
    query = pages.owned_query(
        EVENTS, "ticket_id", EVERYTHING.shape, pages.page_shape(page)
    )
    await refuse_scans(database, query, keys=keys, **page.values)
