import re
from collections.abc import AsyncGenerator, Callable, Iterator

import asyncpg
import pytest

from kit.database import Query
from kit.filters import EVERYTHING, Predicate, condition
from kit.pagination import Order, Page
from subgraphs.users.repository import reads
from subgraphs.users.repository.columns import ALL_DEPARTMENTS, MEMBERS, REPORTS

ONE = condition("department", "eq", "dep_1")


def users(*by: tuple[str, bool], filter_: Predicate = EVERYTHING) -> Iterator[Query]:
    """One list in all its pages: the first, a later one, and both from the far end."""
    order = Order("users", by)
    for backward in (False, True):
        for place in (None, by):
            page = Page(order, 50, backward, place)
            yield reads.users_page(filter_.shape, page.shape)


def lists() -> Iterator[Query]:
    for down in (False, True):
        for column in ("name", "created_at", "updated_at"):
            yield from users((column, down), ("id", down))
        yield from users(("email", down))
    yield from users(("name", False), ("id", False), filter_=ONE)
    first, later = Page(REPORTS, 50), Page(MEMBERS, 50, place=("", ""))
    yield reads.people_pages("reports", EVERYTHING.shape, first.shape)
    yield reads.people_pages("members", EVERYTHING.shape, later.shape)
    yield reads.departments_page(Page(ALL_DEPARTMENTS, 50).shape)
    yield reads.DEPARTMENTS_BY_PARENT
    yield reads.DEPARTMENTS_BY_ID
    yield reads.USERS_BY_ID
    yield reads.USERS_BY_EMAIL


async def plan_of(connection: "asyncpg.Connection[asyncpg.Record]", sql: str) -> str:
    values = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", sql))))
    await connection.execute(f"PREPARE asked AS {sql}")
    rows = await connection.fetch(f"EXPLAIN EXECUTE asked({values})")
    await connection.execute("DEALLOCATE asked")
    return "\n".join(row[0] for row in rows)


@pytest.fixture
async def connection(
    database_url: Callable[[str], str],
) -> "AsyncGenerator[asyncpg.Connection[asyncpg.Record]]":
    """A session that plans whatever the values are, and scans only where it must.

    With seven people a scan would be cheapest; whether one must be is the question.
    """
    opened = await asyncpg.connect(database_url("users"))
    await opened.execute("SET plan_cache_mode = force_generic_plan")
    await opened.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
    yield opened
    await opened.close()


async def test_every_list_of_people_is_read_in_the_order_of_an_index(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    for query in lists():
        plan = await plan_of(connection, query.sql)
        assert "Seq Scan" not in plan, f"{query.sql}\n{plan}"
        inner = plan.partition("Nested Loop")[2] or plan
        assert "LIMIT" not in query.sql or "Sort" not in inner, plan


async def test_a_subtree_is_read_by_index_alone(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    query = reads.people_pages("subtree", EVERYTHING.shape, Page(MEMBERS, 50).shape)
    assert "Seq Scan" not in await plan_of(connection, query.sql)
