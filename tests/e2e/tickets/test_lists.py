"""Lists: filters, orders, pages, counts, and what each costs in statements."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

LIST = """
query List($filter: TicketFilter, $orderBy: [TicketOrder!], $first: Int, $after: String,
           $last: Int, $before: String) {
  tickets(filter: $filter, orderBy: $orderBy, first: $first, after: $after,
          last: $last, before: $before) {
    nodes { title }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
COUNT = "query Count($filter: TicketFilter) { tickets(filter: $filter) { totalCount } }"


@pytest.fixture
async def five(desk: Desk) -> dict[str, str]:
    """Five tickets, A to E, opened in that order; ids by title."""
    group = new_id("grp")
    given: dict[str, dict[str, Any]] = {
        "A": {"impact": "HIGH", "urgency": "HIGH", "tags": ["vpn", "home"]},
        "B": {"impact": "LOW", "tags": ["vpn-client"], "groupId": group},
        "C": {"type": "SERVICE_REQUEST", "assigneeId": desk.bob},
        "D": {"impact": "HIGH", "channel": "PHONE", "description": "% of _ \\ things"},
        "E": {"type": "PROBLEM", "requesterId": desk.bob},
    }
    return {
        title: (await desk.open(title, by=desk.agent, **more))["id"]
        for title, more in given.items()
    }


async def titles(desk: Desk, by: dict[str, Any] | None = None, **given: Any) -> str:
    data = await desk.data(LIST, given, **(by or desk.agent))
    return "".join(node["title"] for node in data["tickets"]["nodes"])


async def test_the_newest_ticket_comes_first(desk: Desk, five: dict[str, str]) -> None:
    assert await titles(desk) == "EDCBA"
    del five


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"title": {"eq": "A"}}, "A"),
        ({"title": {"in": ["A", "C"]}}, "CA"),
        ({"title": {"contains": "a"}}, "A"),
        ({"priority": ["CRITICAL", "HIGH"]}, "DA"),
        ({"impact": ["LOW"]}, "B"),
        ({"type": ["SERVICE_REQUEST", "PROBLEM"]}, "EC"),
        ({"channel": ["PHONE"]}, "D"),
        ({"statusCategory": ["NEW"]}, "EDCBA"),
        ({"statusCategory": []}, ""),
        ({"holdReason": ["VENDOR"]}, ""),
        ({"number": {"startsWith": "inc"}}, "DBA"),
        ({"number": {"eq": "REQ0000003"}}, "C"),
        ({"tag": {"eq": "vpn"}}, "A"),
        ({"tag": {"contains": "VPN"}}, "BA"),
        ({"tag": {"in": ["home", "vpn-client"]}}, "BA"),
        ({"tag": {"neq": "vpn"}}, "EDCB"),
        ({"tag": {"isNull": True}}, "EDC"),
        ({"tag": {"isNull": False}}, "BA"),
        ({"group": {"isNull": False}}, "B"),
        ({"assignee": {"isNull": True}}, "EDBA"),
        ({"openedAt": {"gte": "-P1D"}}, "EDCBA"),
        ({"openedAt": {"gte": "P1D"}}, ""),
        ({"resolvedAt": {"isNull": True}, "impact": ["HIGH"]}, "DA"),
        ({"reassignmentCount": {"gt": 0}}, ""),
        ({"or": [{"title": {"eq": "A"}}, {"type": ["PROBLEM"]}]}, "EA"),
        ({"or": []}, ""),
        ({"and": [{"impact": ["HIGH"]}, {"not": {"title": {"eq": "D"}}}]}, "A"),
        ({"not": {"group": {"eq": "grp_none"}}}, "EDCBA"),
    ],
)
async def test_a_filter_finds_what_it_says(
    desk: Desk, five: dict[str, str], wanted: dict[str, Any], found: str
) -> None:
    assert await titles(desk, filter=wanted) == found
    count = await desk.data(COUNT, {"filter": wanted}, **desk.agent)
    assert count == {"tickets": {"totalCount": len(found)}}
    del five


async def test_filters_by_link_find_the_tickets_of_a_person(
    desk: Desk, five: dict[str, str]
) -> None:
    assert await titles(desk, filter={"requester": {"eq": desk.bob}}) == "EDCBA"
    assert await titles(desk, filter={"assignee": {"in": [desk.bob]}}) == "C"
    mine = {"id": {"nin": [five["A"], five["B"]]}}
    assert await titles(desk, filter=mine) == "EDC"


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ([{"field": "OPENED_AT"}], "ABCDE"),
        ([{"field": "UPDATED_AT", "direction": "DESC"}], "EDCBA"),
        ([{"field": "PRIORITY"}], "ADCEB"),
        ([{"field": "NUMBER"}], "ABDEC"),
        (
            [
                {"field": "PRIORITY"},
                {"field": "OPENED_AT", "direction": "DESC"},
            ],
            "ADECB",
        ),
    ],
)
async def test_an_order_holds_on_one_page_and_over_pages_of_two(
    desk: Desk, five: dict[str, str], order: list[dict[str, str]], found: str
) -> None:
    assert await titles(desk, orderBy=order) == found
    forward, after = "", None
    while True:
        given = {"orderBy": order, "first": 2, "after": after}
        page = (await desk.data(LIST, given, **desk.agent))["tickets"]
        forward += "".join(node["title"] for node in page["nodes"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forward == found
    given = {"orderBy": order, "last": 2, "before": after}
    page = (await desk.data(LIST, given, **desk.agent))["tickets"]
    assert "".join(node["title"] for node in page["nodes"]) == found[2:4]
    assert page["pageInfo"]["hasPreviousPage"] is True
    del five


async def test_a_page_goes_on_where_it_ended_while_tickets_are_opened(
    desk: Desk, five: dict[str, str]
) -> None:
    page = (await desk.data(LIST, {"first": 2}, **desk.agent))["tickets"]
    await desk.open("F")
    after = page["pageInfo"]["endCursor"]
    assert await titles(desk, first=2, after=after) == "CB"
    del five


@pytest.mark.parametrize(
    "given",
    [
        {"first": 101},
        {"first": -1},
        {"first": 1, "last": 1},
        {"after": "nonsense"},
        {"filter": {"title": {"eq": None}}},
        {"filter": {"title": None}},
        {"filter": {"openedAt": {"gte": "yesterday"}}},
        {"filter": {"id": {"in": ["x"] * 501}}},
        {"orderBy": [{"field": "NUMBER"}, {"field": "NUMBER"}]},
        {"filter": {"title": {"eq": "nul \x00"}}},
    ],
)
async def test_arguments_that_cannot_be_are_bad_input(
    desk: Desk, given: dict[str, Any]
) -> None:
    answer = await desk.ask(LIST, given, **desk.agent)
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_a_filter_nested_too_deep_is_bad_input(desk: Desk) -> None:
    wanted: dict[str, Any] = {"title": {"eq": "A"}}
    for _ in range(12):
        wanted = {"not": wanted}
    answer = await desk.ask(LIST, {"filter": wanted}, **desk.agent)
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_a_cursor_of_another_order_is_bad_input(
    desk: Desk, five: dict[str, str]
) -> None:
    page = (await desk.data(LIST, {"first": 1}, **desk.agent))["tickets"]
    given = {"after": page["pageInfo"]["endCursor"], "orderBy": [{"field": "NUMBER"}]}
    answer = await desk.ask(LIST, given, **desk.agent)
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]
    del five


async def test_a_list_with_every_plain_field_costs_one_statement(
    desk: Desk, five: dict[str, str]
) -> None:
    query = """{ tickets { nodes {
      id number title type channel impact urgency priority holdReason tags version
      openedAt updatedAt resolvedAt status { key name category }
      requester { id } openedBy { id } assignee { id } group { id }
      requesterDepartment { id } resolution { code } } } }"""
    with desk.counted() as statements:
        await desk.data(query, **desk.agent)
    assert len(statements) == 1
    del five


async def test_each_kind_of_thing_loaded_costs_one_statement_for_all(
    desk: Desk, five: dict[str, str]
) -> None:
    query = """{ tickets { totalCount nodes {
      description category { name } service { name }
      availableTransitions { toStatus { key } }
      history(first: 2) { totalCount nodes { kind } } status { appliesTo } } } }"""
    with desk.counted() as statements:
        data = await desk.data(query, **desk.agent)
    assert len(data["tickets"]["nodes"]) == 5
    # the page, its count, transitions, what blocks those of service requests, events,
    # their counts, statuses
    assert len(statements) == 7
    del five


async def test_entities_of_fifty_tickets_cost_one_statement(
    desk: Desk, five: dict[str, str]
) -> None:
    query = """query Entities($them: [_Any!]!) { _entities(representations: $them) {
      ... on Ticket { id title status { key } assignee { id } } } }"""
    them = [{"__typename": "Ticket", "id": key} for key in five.values()] * 10
    with desk.counted() as statements:
        data = await desk.data(query, {"them": them}, **desk.agent)
    assert [each["title"] for each in data["_entities"]] == list("ABCDE") * 10
    assert len(statements) == 1
    by_number = [{"__typename": "Ticket", "number": "INC0000001"}]
    data = await desk.data(query, {"them": by_number}, **desk.agent)
    assert data["_entities"][0]["title"] == "A"


async def test_links_back_cost_one_statement_for_all_who_are_asked(
    desk: Desk, five: dict[str, str]
) -> None:
    query = """query Back($them: [_Any!]!) { _entities(representations: $them) {
      ... on User { id
        requestedTickets(first: 2) { totalCount nodes { title }
          pageInfo { hasNextPage endCursor } }
        assignedTickets { nodes { title } } }
      ... on Department { tickets { nodes { title } } } } }"""
    them = [
        {"__typename": "User", "id": desk.bob},
        {"__typename": "User", "id": desk.ada},
        {"__typename": "Department", "id": desk.department},
    ]
    await desk.open("G")
    with desk.counted() as statements:
        data = await desk.data(query, {"them": them}, **desk.agent)
    bob, ada, department = data["_entities"]
    assert [n["title"] for n in bob["requestedTickets"]["nodes"]] == ["E", "D"]
    assert bob["requestedTickets"]["totalCount"] == 5
    assert bob["requestedTickets"]["pageInfo"]["hasNextPage"] is True
    assert [n["title"] for n in bob["assignedTickets"]["nodes"]] == ["C"]
    assert [n["title"] for n in ada["requestedTickets"]["nodes"]] == ["G"]
    assert [n["title"] for n in department["tickets"]["nodes"]] == ["G"]
    # requested, their counts, assigned, the department's
    assert len(statements) == 4
    del five


async def test_history_is_paged_and_filtered(desk: Desk, five: dict[str, str]) -> None:
    move = """mutation Move($in: TransitionTicketInput!) {
      transitionTicket(input: $in) { userErrors { code } } }"""
    for key in ("in_progress", "new", "in_progress"):
        await desk.mutate(move, {"id": five["A"], "toStatusKey": key}, by=desk.agent)
    query = """query History($id: ID, $first: Int, $after: String, $last: Int,
                      $filter: TicketEventFilter) {
      ticket(id: $id) { history(first: $first, after: $after, last: $last,
                                filter: $filter) {
        totalCount nodes { seq } pageInfo { endCursor hasNextPage } } } }"""

    async def page(**given: Any) -> dict[str, Any]:
        data = await desk.data(query, {"id": five["A"], **given}, **desk.agent)
        return data["ticket"]["history"]

    first = await page(first=2)
    assert ([n["seq"] for n in first["nodes"]], first["totalCount"]) == ([1, 2], 4)
    rest = await page(after=first["pageInfo"]["endCursor"])
    assert [n["seq"] for n in rest["nodes"]] == [3, 4]
    assert [n["seq"] for n in (await page(last=1))["nodes"]] == [4]
    created = await page(filter={"kinds": ["CREATED"]})
    assert ([n["seq"] for n in created["nodes"]], created["totalCount"]) == ([1], 1)
    mine = await page(filter={"actor": {"eq": desk.ada}})
    assert mine["nodes"] == []
