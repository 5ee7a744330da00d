"""What clocks cost, and lists of tickets by them."""

from typing import Any

from subgraphs.tickets.service.sla.promises import forget
from tests.support.promises import (
    CLOCKS,
    HOUR,
    PAST,
    READ,
    UPDATE,
    move,
    promise,
    retold,
    told,
)

Desk = Any  # the fixture's class; test folders are not packages

LIST = """query List($filter: TicketFilter, $orderBy: [TicketOrder!], $first: Int,
                  $after: String) {
  tickets(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { title } pageInfo { endCursor hasNextPage } } }"""


async def test_words_about_a_ticket_cost_no_statement_for_its_clocks(
    desk: Desk,
) -> None:
    await promise(desk)
    key = (await desk.open())["id"]
    with desk.counted() as statements:
        await desk.mutate(UPDATE, {"id": key, "title": "New"}, by=desk.agent)
    assert not [each for each in statements if "sla_clocks" in each]


async def statements_of(desk: Desk, *, promised: bool) -> list[int]:
    """Count what opening, moving and changing a ticket sends, warmed up."""
    if promised:
        await promise(desk)
    await desk.open()
    counts: list[int] = []
    with desk.counted() as statements:
        key = (await desk.open())["id"]
        counts.append(len(statements))
        await move(desk, key, "in_progress")
        counts.append(len(statements) - sum(counts))
        await desk.mutate(UPDATE, {"id": key, "impact": "HIGH"}, by=desk.agent)
        counts.append(len(statements) - sum(counts))
    return counts


async def test_clocks_cost_each_change_two_statements_and_one_without_promises(
    desk: Desk,
) -> None:
    without = await statements_of(desk, promised=False)
    promised = await statements_of(desk, promised=True)
    # the revision (with the ticket's history, where it has one); the clocks
    assert [b - a for a, b in zip(without, promised, strict=True)] == [1, 1, 1]


async def test_the_clocks_of_a_list_cost_one_statement_and_nothing_unasked(
    desk: Desk,
) -> None:
    await promise(desk)
    for title in "ABCDE":
        await desk.open(title)
    text = """{ tickets { nodes { id slaState slaDueAt firstRespondedAt %s } } }"""
    plain, whole = text % "", text % CLOCKS.replace("policy { id name }", "")
    with desk.counted() as statements:
        data = await desk.data(whole, **desk.agent)
    assert [len(each["slaClocks"]) for each in data["tickets"]["nodes"]] == [2] * 5
    assert len(statements) == 2  # the tickets, their clocks
    forget()
    with desk.counted() as statements:
        assert await desk.data(whole, **desk.agent)
    assert len(statements) == 4  # and once per revision the promises, the statuses
    with desk.counted() as statements:
        await desk.data(plain, **desk.agent)
    assert len(statements) == 1
    named = text % "slaClocks { policy { name calendar { name } } }"
    with desk.counted() as statements:
        await desk.data(named, **desk.agent)
    assert len(statements) == 4  # tickets, clocks, policies, calendars


async def test_tickets_are_found_and_sorted_by_their_clocks(desk: Desk) -> None:
    unpromised = await desk.open("none")
    await promise(desk)
    keys = {
        name: await retold(desk, PAST + n * HOUR, title=name)
        for n, name in enumerate(("late", "soon", "later", "held", "done"))
    }
    await move(desk, keys["late"], "in_progress", occurredAt=told(9))
    await move(
        desk, keys["held"], "on_hold", holdReason="REQUESTER", occurredAt=told(3.5)
    )
    await move(desk, keys["done"], "resolved", occurredAt=told(4.5))

    async def found(**given: Any) -> list[str]:
        nodes = (await desk.data(LIST, given, **desk.agent))["tickets"]["nodes"]
        return [each["title"] for each in nodes]

    assert await found(filter={"slaState": ["BREACHED"]}) == ["late"]
    assert await found(filter={"slaState": ["PAUSED", "MET"]}) == ["done", "held"]
    due = {"slaDueAt": {"lte": told(2)}}
    assert await found(filter=due) == ["soon"]
    assert set(await found(filter={"slaDueAt": {"isNull": True}})) == {
        "none",
        "held",
        "done",
    }
    order = [{"field": "SLA_DUE_AT"}]
    whole = await found(orderBy=order)
    assert whole[:3] == ["soon", "later", "late"]
    assert set(whole[3:]) == {"none", "held", "done"}
    paged: list[str] = []
    after, more = None, True
    while more:
        given = {"orderBy": order, "first": 2, "after": after}
        page = (await desk.data(LIST, given, **desk.agent))["tickets"]
        paged += [each["title"] for each in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert paged == whole
    del unpromised


async def test_a_stranger_sees_no_clock_of_a_ticket_that_is_not_theirs(
    desk: Desk,
) -> None:
    await promise(desk)
    key = (await desk.open(by=desk.agent, requesterId=desk.bob))["id"]
    data = await desk.data(READ, {"id": key}, **desk.requester)
    assert data["ticket"] is None
