"""What one may see in several ways: read by several indexes, and equal to one `OR`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Integer, bindparam, func, select

from kit.database import Database, Query
from kit.filters import EVERYTHING, Predicate, all_of, any_of, bound, condition, where
from kit.pagination import Order, Page, beyond, sorted_by
from subgraphs.tickets.repository import pages, queues
from subgraphs.tickets.repository.columns import (
    BARE,
    NEWEST_FIRST,
    TICKETS,
    tickets_with,
)

COUNT = 300
FILL = """
INSERT INTO tickets (
  id, number, type, title, channel, status_id, status_category, impact, urgency,
  priority, priority_overridden, requester_id, opened_by_id, assignee_id, group_id,
  requester_department_id, tags, reassignment_count, reopen_count, opened_at,
  updated_at, version, history_length, watcher_ids)
SELECT $1, $2, 'INCIDENT', 'x', 'API', s.id, s.category, 'LOW', 'LOW', 'LOW', false,
  $3, $4, $5, $6, $7, '{}', 0, 0, $8, $8, 1, 1, $9
FROM statuses AS s WHERE s.key = $10
"""
ME = "usr_me"
WAYS = any_of(
    condition("requester_id", "eq", ME),
    condition("opened_by_id", "eq", ME),
    condition("group_id", "in", ["grp_1", "grp_2", "grp_9"]),
    condition("requester_department_id", "in", ["dep_3"]),
    condition("watcher", "eq", ME),
    all_of(condition("assignee_id", "eq", ME), condition("group_id", "null")),
)
FILTERS: dict[str, Predicate] = {
    "nothing else": EVERYTHING,
    "a status": condition("status_category", "in", ["NEW"]),
    "another choice": any_of(
        condition("status_category", "in", ["CLOSED"]),
        condition("number", "starts_with", "INC00001"),
    ),
    "nobody's": condition("requester_id", "eq", "usr_nobody"),
}
ORDERS = {
    "newest": NEWEST_FIRST,
    "urgent, oldest": Order(
        "tickets", (("priority_rank", False), ("opened_at", False), ("id", True))
    ),
}
LISTING = tickets_with(frozenset({"opened_at", "priority_rank", "group_id"}))


@pytest.fixture
async def database(own_database_url: Callable[[str], str]) -> Any:
    url = own_database_url("tickets")
    connection = await asyncpg.connect(url)
    chance = Random(3)
    people = [ME, "usr_a", "usr_b", "usr_c"]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        (
            f"tkt_{n:026d}",
            f"INC{n:07d}",
            chance.choice(people),
            chance.choice([*people, None]),
            chance.choice([*people, None]),
            chance.choice(["grp_1", "grp_2", "grp_3", None, None]),
            f"dep_{chance.randrange(6)}",
            start + timedelta(minutes=chance.randrange(200)),
            chance.choice([[], [], [ME], ["usr_a", ME]]),
            chance.choice(["new", "in_progress", "closed"]),
        )
        for n in range(COUNT)
    ]
    await connection.executemany(FILL, rows)
    await connection.close()
    async with Database(url) as opened:
        yield opened


def by_or(met: Predicate, page: Page) -> Query:
    """Ask for the same page with one condition."""
    conditions = [where(met.shape, LISTING.names)]
    further = beyond(page, LISTING.sortable)
    conditions += [] if further is None else [further]
    return Query(
        select(*LISTING.columns)
        .select_from(LISTING.source)
        .where(*conditions)
        .order_by(*sorted_by(page, LISTING.sortable))
        .limit(bindparam("size", type_=Integer))
    )


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("backward", [False, True])
async def test_every_page_is_what_one_condition_would_give(
    database: Database, name: str, order: str, backward: bool
) -> None:
    met = all_of(WAYS, FILTERS[name])
    place: tuple[Any, ...] | None = None
    seen = 0
    for _ in range(100):
        page = Page(ORDERS[order], 7, backward, place)
        rows = await pages.page_rows(database, LISTING, met, page)
        expected = await database.rows(by_or(met, page), **bound(met), **page.values)
        assert [row["id"] for row in rows] == [row["id"] for row in expected]
        if len(rows) <= 7:
            break
        seen += 7
        place = tuple(rows[6][column] for column, _ in ORDERS[order].by)
    assert seen > 50 or name == "nobody's"


def test_each_way_is_asked_for_its_own_page_and_lists_key_by_key() -> None:
    shape = pages.page_shape(Page(NEWEST_FIRST, 7))
    query = pages.page_query(TICKETS, all_of(WAYS, EVERYTHING).shape, shape)
    assert query.sql.count("LATERAL") == 2  # of the groups, and of the departments
    assert query.sql.count("LIMIT") == 1 + 6


QUEUES: dict[str, Predicate] = {
    "new": condition("status_category", "in", ["NEW"]),
    "open, of a group": all_of(
        condition("status_category", "in", ["NEW", "IN_PROGRESS", "ON_HOLD"]),
        condition("group_id", "in", ["grp_1", "grp_3"]),
    ),
    "open, and one of two": all_of(
        any_of(
            condition("requester_id", "eq", "usr_a"),
            condition("requester_department_id", "in", ["dep_1", "dep_3"]),
        ),
        all_of(condition("status_category", "in", ["IN_PROGRESS"])),
    ),
    "over": condition("status_category", "in", ["CLOSED"]),
    "open or over": condition("status_category", "in", ["NEW", "CLOSED"]),
    "all": EVERYTHING,
    "without a group": condition("group_id", "null"),
}


@pytest.mark.parametrize("seen", [WAYS, EVERYTHING])
async def test_depths_of_queues_are_what_counting_each_would_give(
    database: Database, seen: Predicate
) -> None:
    told: list[str] = []
    database.observe = told.append
    found = await queues.depths(database, seen, list(QUEUES.values()))
    database.observe = None
    assert len(told) == 2
    for depth, wanted in zip(found, QUEUES.values(), strict=True):
        met = all_of(seen, wanted)
        query = Query(
            select(func.count().label("count"))
            .select_from(BARE.bare)
            .where(where(met.shape, BARE.names))
        )
        row = await database.row(query, **bound(met))
        assert row is not None
        assert (depth, depth > 0) == (row["count"], True)


def test_only_queues_of_open_work_are_counted_in_one_walk() -> None:
    inside = [name for name, wanted in QUEUES.items() if queues.is_of_open_work(wanted)]
    assert inside == ["new", "open, of a group", "open, and one of two"]
