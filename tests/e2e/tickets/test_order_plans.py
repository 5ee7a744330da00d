"""What somebody sees by their groups or departments is read in the order asked for.

Each place has few tickets among many: whoever walked through the order of all tickets
would read most of them to find a page of these.
"""

from typing import Any

import pytest

from kit.filters import Predicate, all_of, any_of, bound, condition
from kit.pagination import Page
from subgraphs.tickets.repository import pages
from subgraphs.tickets.repository.columns import TICKETS
from subgraphs.tickets.types.enums import TicketOrderField as Field
from subgraphs.tickets.types.filters import SortDirection, TicketOrder, order_of
from tests.support.plans import indexes, plan_of, rows_left_out

SEEN: dict[str, Predicate] = {
    "group": any_of(
        condition("requester_id", "eq", "usr_nobody"),
        condition("group_id", "in", ["grp_7", "grp_8", "grp_none"]),
    ),
    "department": any_of(
        condition("requester_id", "eq", "usr_nobody"),
        condition("requester_department_id", "in", ["dep_7", "dep_8", "dep_none"]),
    ),
}
ORDERS = {
    Field.SLA_DUE_AT: "due",
    Field.UPDATED_AT: "changed",
    Field.PRIORITY: "urgent",
}
OPEN = condition("status_category", "in", ["NEW", "IN_PROGRESS", "ON_HOLD"])
SIZE = 20


@pytest.mark.parametrize("place", SEEN)
@pytest.mark.parametrize("field", ORDERS)
@pytest.mark.parametrize("direction", SortDirection)
async def test_a_page_of_a_place_reads_no_other_tickets(
    database: Any, place: str, field: Field, direction: SortDirection
) -> None:
    page = Page(order_of([TicketOrder(field=field, direction=direction)]), SIZE)
    met = SEEN[place]
    query = pages.page_query(TICKETS, met.shape, pages.page_shape(page))
    values = {**bound(met), **page.values}
    plan = await plan_of(database, query, "ANALYZE", **values)
    assert indexes(plan) >= {f"ix_tickets_of_{place}_{ORDERS[field]}"}
    assert rows_left_out(plan) == 0


@pytest.mark.parametrize("place", SEEN)
async def test_open_work_of_a_place_is_read_by_an_index_of_open_work(
    database: Any, place: str
) -> None:
    page = Page(order_of(None), SIZE)
    met = all_of(SEEN[place], OPEN)
    query = pages.page_query(TICKETS, met.shape, pages.page_shape(page))
    values = {**bound(met), **page.values}
    plan = await plan_of(database, query, "ANALYZE", **values)
    assert indexes(plan) & {f"ix_tickets_open_of_{place}", f"ix_tickets_of_{place}"}


async def test_ways_are_searched_for_ids_alone() -> None:
    met = SEEN["group"]
    query = pages.page_query(
        TICKETS, met.shape, pages.page_shape(Page(order_of(None), SIZE))
    )
    assert query.sql.count("JOIN statuses") == 1
