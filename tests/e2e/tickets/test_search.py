"""Full text: what is found, in which order, and that nobody finds what is hidden."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

SEARCH = """
query Find($search: String, $filter: TicketFilter, $orderBy: [TicketOrder!],
           $first: Int, $after: String, $last: Int, $before: String) {
  tickets(search: $search, filter: $filter, orderBy: $orderBy, first: $first,
          after: $after, last: $last, before: $before) {
    totalCount totalCountIsExact
    edges { score cursor node { title } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def find(desk: Desk, search: str, **more: Any) -> list[str]:
    """Give the titles that a search finds, in its order, and check its count."""
    who = more.pop("who", desk.agent)
    data = await desk.data(SEARCH, {"search": search, **more}, **who)
    found = data["tickets"]
    titles = [edge["node"]["title"] for edge in found["edges"]]
    assert found["totalCountIsExact"] is True
    if not {"first", "last"} & more.keys():
        assert found["totalCount"] == len(titles)
    return titles


@pytest.fixture
async def tickets(desk: Desk) -> dict[str, dict[str, Any]]:
    given: dict[str, dict[str, Any]] = {
        "Printer on fire": {"description": "The one in the hall."},
        "Hall is dark": {"description": "Since the printer burnt, printer, PRINTER."},
        "Élève cannot sign in": {"description": "host srv-01.example.com"},
        "Mail is late": {"type": "SERVICE_REQUEST"},
        "VPN is late": {"type": "PROBLEM"},
    }
    return {
        title: await desk.open(title, by=desk.agent, **more)
        for title, more in given.items()
    }


@pytest.mark.usefixtures("tickets")
@pytest.mark.parametrize(
    ("search", "titles"),
    [
        ("printer", ["Printer on fire", "Hall is dark"]),
        ("PRINT", ["Printer on fire", "Hall is dark"]),
        ("hall", ["Hall is dark", "Printer on fire"]),
        ('"print"', []),
        ('"printer burnt"', ["Hall is dark"]),
        ('"burnt printer"', ["Hall is dark"]),
        ("printer -fire", ["Hall is dark"]),
        ("printer dark", ["Hall is dark"]),
        ("eleve", ["Élève cannot sign in"]),
        ("ÉLÈVE", ["Élève cannot sign in"]),
        ("srv-01", ["Élève cannot sign in"]),
        ("example.com", ["Élève cannot sign in"]),
        ("mail or vpn", ["VPN is late", "Mail is late"]),
        ("late", ["VPN is late", "Mail is late"]),
        ("'; DROP TABLE tickets; --", []),
        ("...", []),
        ("x", []),
    ],
)
async def test_words_find_what_has_them_titles_first_then_the_newest(
    desk: Desk, search: str, titles: list[str]
) -> None:
    assert await find(desk, search) == titles


async def test_a_number_finds_its_ticket_whole_short_or_begun(
    desk: Desk, tickets: dict[str, Any]
) -> None:
    number: str = tickets["Mail is late"]["number"]
    digits = number.removeprefix("REQ").lstrip("0")
    for search in (number, number.lower(), digits, f"req{digits}", f"REQ-{digits}"):
        assert await find(desk, search) == ["Mail is late"]
    assert await find(desk, "REQ000") == ["Mail is late"]
    await desk.open(f"As said in {number}", by=desk.agent)
    assert await find(desk, number) == ["Mail is late", f"As said in {number}"]


@pytest.mark.usefixtures("tickets")
async def test_a_score_is_told_with_a_search_alone(desk: Desk) -> None:
    newest = [{"field": "OPENED_AT"}]
    for order in (None, newest):
        data = await desk.data(
            SEARCH, {"search": "printer", "orderBy": order}, **desk.agent
        )
        scores = [edge["score"] for edge in data["tickets"]["edges"]]
        assert all(score > 0 for score in scores), scores
        assert len(scores) == 2
    data = await desk.data(SEARCH, {"search": " "}, **desk.agent)
    assert {edge["score"] for edge in data["tickets"]["edges"]} == {None}
    assert data["tickets"]["totalCount"] == 5


@pytest.mark.usefixtures("tickets")
async def test_filters_and_orders_go_with_a_search(desk: Desk) -> None:
    only = {"type": ["PROBLEM"]}
    assert await find(desk, "late", filter=only) == ["VPN is late"]
    oldest = [{"field": "OPENED_AT"}]
    assert await find(desk, "late", orderBy=oldest) == ["Mail is late", "VPN is late"]
    worst = [{"field": "RELEVANCE", "direction": "DESC"}, {"field": "NUMBER"}]
    assert await find(desk, "hall", orderBy=worst) == [
        "Printer on fire",
        "Hall is dark",
    ]


async def pages(desk: Desk, *, backward: bool, meanwhile: str) -> list[list[str]]:
    """Read all hits two by two, somebody opening a ticket after each page."""
    size, place, end, more = (
        ("last", "before", "startCursor", "hasPreviousPage")
        if backward
        else ("first", "after", "endCursor", "hasNextPage")
    )
    found: list[list[str]] = []
    given: dict[str, Any] = {"search": "lamp", size: 2}
    while True:
        data = await desk.data(SEARCH, given, **desk.agent)
        info = data["tickets"]["pageInfo"]
        found.append([edge["node"]["title"] for edge in data["tickets"]["edges"]])
        if not info[more]:
            return found
        given[place] = info[end]
        await desk.open(meanwhile, by=desk.agent)


@pytest.mark.parametrize("backward", [False, True])
async def test_hits_page_both_ways_and_stay_where_they_are_while_more_come(
    desk: Desk, backward: bool
) -> None:
    for n in range(7):
        await desk.open(f"Lamp {n}", by=desk.agent, description="lamp " * (n % 3))
    whole = await find(desk, "lamp")
    assert len(whole) == len(set(whole)) == 7
    found = await pages(desk, backward=backward, meanwhile="Lamp, new")
    if backward:
        found.reverse()
    old = [title for page in found for title in page if title != "Lamp, new"]
    assert old == whole


@pytest.mark.usefixtures("tickets")
async def test_a_cursor_of_another_search_is_refused(desk: Desk) -> None:
    data = await desk.data(SEARCH, {"search": "late"}, **desk.agent)
    cursor = data["tickets"]["edges"][0]["cursor"]
    for given in ({"search": "printer"}, {"search": None}):
        answer = await desk.ask(SEARCH, {**given, "after": cursor}, **desk.agent)
        codes = [error["extensions"]["code"] for error in answer["errors"]]
        assert codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "given",
    [
        {"search": "-fire"},
        {"search": "x" * 201},
        {"search": "a\x00b"},
        {"orderBy": [{"field": "RELEVANCE"}]},
    ],
)
async def test_what_cannot_be_searched_is_bad_input(
    desk: Desk, given: dict[str, Any]
) -> None:
    answer = await desk.ask(SEARCH, given, **desk.agent)
    codes = [error["extensions"]["code"] for error in answer["errors"]]
    assert codes == ["BAD_USER_INPUT"]


@pytest.mark.usefixtures("tickets")
async def test_nobody_finds_or_counts_what_they_may_not_see(desk: Desk) -> None:
    mine = await desk.open("Printer of mine")
    stranger = {"subject": new_id("usr"), "scopes": ["tickets:read"]}
    assert await find(desk, "printer", who=desk.requester) == ["Printer of mine"]
    assert await find(desk, "printer", who=stranger) == []
    assert await find(desk, mine["number"], who=stranger) == []


@pytest.mark.usefixtures("tickets")
async def test_a_hit_scores_the_same_whoever_looks(desk: Desk) -> None:
    await desk.open("Printer of mine")
    seen: list[float] = []
    for who in (desk.requester, desk.agent):
        data = await desk.data(SEARCH, {"search": "printer"}, **who)
        seen += [
            edge["score"]
            for edge in data["tickets"]["edges"]
            if edge["node"]["title"] == "Printer of mine"
        ]
    assert len(seen) == 2
    assert seen[0] == seen[1]


@pytest.mark.usefixtures("tickets")
async def test_a_list_with_its_hits_and_their_count_takes_two_statements(
    desk: Desk,
) -> None:
    await find(desk, "printer")
    with desk.counted() as statements:
        await find(desk, "hall")
    assert len(statements) == 2
