"""Watchers and links: who sees what by them, and what each end tells."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

WATCH = """mutation Watch($in: WatchTicketInput!) { watchTicket(input: $in) {
  ticket { id version
    watchers { nodes { id } edges { reason node { id } } totalCount } }
  userErrors { code path } } }"""
LINK = """mutation Link($in: LinkTicketsInput!) { linkTickets(input: $in) {
  edge { kind inverse node { number } createdBy { id } }
  userErrors { code path message } } }"""
UNLINK = """mutation Unlink($in: UnlinkTicketsInput!) { unlinkTickets(input: $in) {
  ticket { number } userErrors { code path } } }"""
LINKS = """
query Links($id: ID, $kinds: [TicketLinkKind!], $first: Int, $after: String) {
  ticket(id: $id) {
    parent { number }
    links(kinds: $kinds, first: $first, after: $after) {
      totalCount edges { kind inverse node { title } cursor }
      pageInfo { hasNextPage endCursor } } } }"""
HISTORY = """query Life($id: ID) { ticket(id: $id) { version
  history { nodes { seq kind field before after } } } }"""
SEEN = "query Seen($id: ID) { ticket(id: $id) { title } tickets { nodes { id } } }"


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def link(desk: Desk, from_id: str, kind: str, to_id: str) -> dict[str, Any]:
    given = {"fromId": from_id, "toId": to_id, "kind": kind}
    return await desk.mutate(LINK, given, by=desk.agent)


async def links(desk: Desk, key: str, **more: Any) -> list[tuple[str, bool, str]]:
    who = more.pop("who", desk.agent)
    data = await desk.data(LINKS, {"id": key, **more}, **who)
    found = data["ticket"]["links"]
    assert found["totalCount"] == len(found["edges"])
    return [(e["kind"], e["inverse"], e["node"]["title"]) for e in found["edges"]]


@pytest.fixture
async def three(desk: Desk) -> list[str]:
    return [(await desk.open(title, by=desk.agent))["id"] for title in "ABC"]


async def test_who_watches_sees_the_ticket_until_they_no_longer_do(desk: Desk) -> None:
    key = (await desk.open())["id"]
    eve = {"subject": desk.people.person(), "scopes": ["tickets:read"]}
    assert (await desk.data(SEEN, {"id": key}, **eve))["ticket"] is None
    given = {"id": key, "userId": eve["subject"], "watch": True}
    made = await desk.mutate(WATCH, given)
    assert codes(made) == []
    assert made["ticket"]["version"] == 1
    assert made["ticket"]["watchers"] == {
        "nodes": [{"id": eve["subject"]}],
        "edges": [{"reason": "CC", "node": {"id": eve["subject"]}}],
        "totalCount": 1,
    }
    seen = await desk.data(SEEN, {"id": key}, **eve)
    assert seen == {
        "ticket": {"title": "Printer on fire"},
        "tickets": {"nodes": [{"id": key}]},
    }
    gone = await desk.mutate(WATCH, {"id": key, "watch": False}, by=eve)
    assert gone == {"ticket": None, "userErrors": []}
    seen = await desk.data(SEEN, {"id": key}, **eve)
    assert seen == {"ticket": None, "tickets": {"nodes": []}}
    nodes = (await desk.data(HISTORY, {"id": key}, **desk.agent))["ticket"]["history"]
    told = {"userId": eve["subject"], "reason": "CC"}
    assert [(n["field"], n["before"], n["after"]) for n in nodes["nodes"][1:]] == [
        ("watchers", None, told),
        ("watchers", told, None),
    ]


async def test_watching_twice_is_watching_once(desk: Desk) -> None:
    key = (await desk.open())["id"]
    given = {"id": key, "watch": True}
    await desk.mutate(WATCH, given, by=desk.agent)
    again = await desk.mutate(WATCH, {**given, "reason": "CC"}, by=desk.agent)
    edges = again["ticket"]["watchers"]["edges"]
    assert edges == [{"reason": "MANUAL", "node": {"id": desk.bob}}]
    history = (await desk.data(HISTORY, {"id": key}, **desk.agent))["ticket"]["history"]
    assert [node["seq"] for node in history["nodes"]] == [1, 2]


async def test_a_watcher_brings_in_nobody_else_and_changes_nothing(desk: Desk) -> None:
    key = (await desk.open())["id"]
    eve = {"subject": desk.people.person(), "scopes": ["tickets:read", "tickets:write"]}
    await desk.mutate(WATCH, {"id": key, "userId": eve["subject"], "watch": True})
    more = {"id": key, "userId": desk.people.person(), "watch": True}
    assert codes(await desk.mutate(WATCH, more, by=eve)) == ["FORBIDDEN"]
    put_out = {"id": key, "userId": desk.ada, "watch": False}
    assert codes(await desk.mutate(WATCH, put_out, by=eve)) == ["FORBIDDEN"]
    update = """mutation Try($in: UpdateTicketInput!) { updateTicket(input: $in) {
      userErrors { code } } }"""
    tried = await desk.mutate(update, {"id": key, "title": "Mine"}, by=eve)
    assert codes(tried) == ["FORBIDDEN"]


async def test_a_watcher_is_a_user_there_is_who_has_not_left(desk: Desk) -> None:
    key = (await desk.open())["id"]
    left = desk.people.person()
    desk.people.left.add(left)
    for who, code in (
        (new_id("usr"), "NOT_FOUND"),
        (new_id("grp"), "NOT_FOUND"),
        (left, "INVALID"),
    ):
        refused = await desk.mutate(WATCH, {"id": key, "userId": who, "watch": True})
        path = ["input", "userId"]
        assert refused["userErrors"] == [{"code": code, "path": path}]
    nobody = await desk.mutate(WATCH, {"id": key, "watch": True}, by=desk.importer)
    assert codes(nobody) == ["REQUIRED"]
    stranger = {"subject": new_id("usr"), "scopes": ["tickets:read"]}
    hidden = await desk.mutate(WATCH, {"id": key, "watch": True}, by=stranger)
    assert codes(hidden) == ["NOT_FOUND"]


async def test_lists_are_filtered_by_who_watches(desk: Desk, three: list[str]) -> None:
    for key in three[:2]:
        await desk.mutate(WATCH, {"id": key, "watch": True}, by=desk.agent)
    query = """query By($filter: TicketFilter) { tickets(filter: $filter) {
      nodes { title } totalCount } }"""
    for condition, titles in (
        ({"eq": desk.bob}, "BA"),
        ({"in": [desk.bob, desk.ada]}, "BA"),
        ({"nin": [desk.bob]}, "C"),
        ({"isNull": True}, "C"),
        ({"isNull": False}, "BA"),
        ({"eq": desk.ada}, ""),
    ):
        data = await desk.data(query, {"filter": {"watcher": condition}}, **desk.agent)
        assert data["tickets"] == {
            "nodes": [{"title": title} for title in titles],
            "totalCount": len(titles),
        }


async def test_a_link_is_read_from_both_ends(desk: Desk, three: list[str]) -> None:
    a, b, c = three
    made = await link(desk, a, "BLOCKS", b)
    assert made["edge"]["kind"] == "BLOCKS"
    assert made["edge"]["createdBy"] == {"id": desk.bob}
    await link(desk, c, "RELATES_TO", a)
    assert await links(desk, a) == [
        ("BLOCKS", False, "B"),
        ("RELATES_TO", False, "C"),
    ]
    assert await links(desk, b) == [("BLOCKS", True, "A")]
    assert await links(desk, c) == [("RELATES_TO", False, "A")]
    assert await links(desk, a, kinds=["BLOCKS"]) == [("BLOCKS", False, "B")]
    life = (await desk.data(HISTORY, {"id": b}, **desk.agent))["ticket"]
    event = life["history"]["nodes"][-1]
    told = {"kind": "BLOCKS", "inverse": True, "ticketId": a}
    assert (event["kind"], event["after"], life["version"]) == ("LINKED", told, 2)


async def test_linking_twice_is_linking_once_and_unlinking_takes_it_from_both(
    desk: Desk, three: list[str]
) -> None:
    a, b, _ = three
    for ends in ((a, b), (b, a), (a, b)):
        assert codes(await link(desk, ends[0], "RELATES_TO", ends[1])) == []
    assert await links(desk, a) == [("RELATES_TO", False, "B")]
    given = {"fromId": b, "toId": a, "kind": "RELATES_TO"}
    for _ in range(2):
        assert codes(await desk.mutate(UNLINK, given, by=desk.agent)) == []
    assert await links(desk, a) == await links(desk, b) == []
    life = (await desk.data(HISTORY, {"id": a}, **desk.agent))["ticket"]["history"]
    kinds = [(n["kind"], n["after"] is None) for n in life["nodes"]]
    assert kinds == [("CREATED", False), ("LINKED", False), ("LINKED", True)]


async def test_links_page_in_the_order_in_which_they_were_made(desk: Desk) -> None:
    middle, *others = [(await desk.open(t, by=desk.agent))["id"] for t in "MABCDE"]
    for n, other in enumerate(others):
        ends = (middle, other) if n % 2 else (other, middle)
        await link(desk, ends[0], "CAUSED_BY", ends[1])
    found: list[str] = []
    after = None
    while True:
        given = {"id": middle, "first": 2, "after": after}
        page = (await desk.data(LINKS, given, **desk.agent))["ticket"]["links"]
        found += [edge["node"]["title"] for edge in page["edges"]]
        assert page["totalCount"] == 5
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == list("ABCDE")


@pytest.mark.parametrize(
    "kind", ["DUPLICATES", "BLOCKS", "CAUSED_BY", "PARENT_OF", "RESOLVED_BY"]
)
async def test_what_leads_back_to_itself_is_refused_with_the_way_around(
    desk: Desk, three: list[str], kind: str
) -> None:
    a, b, c = three
    assert codes(await link(desk, a, kind, b)) == []
    assert codes(await link(desk, b, kind, c)) == []
    for ends, length in (((c, a), 4), ((b, a), 3)):
        refused = await link(desk, ends[0], kind, ends[1])
        assert codes(refused) == ["CYCLE"]
        message = refused["userErrors"][0]["message"]
        assert message.count("INC") == length, message
    assert codes(await link(desk, a, kind, a)) == ["CYCLE"]
    assert [each[2] for each in await links(desk, c)] == ["B"]


async def test_a_ticket_has_one_parent(desk: Desk, three: list[str]) -> None:
    a, b, c = three
    await link(desk, a, "PARENT_OF", c)
    refused = await link(desk, b, "PARENT_OF", c)
    assert codes(refused) == ["INVALID"]
    data = await desk.data(LINKS, {"id": c}, **desk.agent)
    assert data["ticket"]["parent"]["number"].startswith("INC")
    assert await links(desk, c) == [("PARENT_OF", True, "A")]
    assert await links(desk, b) == []


async def test_a_linked_ticket_that_is_hidden_is_not_there(desk: Desk) -> None:
    mine = (await desk.open("Mine"))["id"]
    also = (await desk.open("Also mine"))["id"]
    theirs = (await desk.open("Theirs", by=desk.agent))["id"]
    await link(desk, theirs, "PARENT_OF", mine)
    await link(desk, mine, "BLOCKS", theirs)
    await link(desk, mine, "RELATES_TO", also)
    seen = await links(desk, mine, who=desk.requester)
    assert seen == [("RELATES_TO", False, "Also mine")]
    data = await desk.data(LINKS, {"id": mine}, **desk.requester)
    assert data["ticket"]["parent"] is None
    assert "Theirs" not in str(data)


async def test_linking_takes_work_on_the_first_and_sight_of_the_second(
    desk: Desk,
) -> None:
    mine = (await desk.open("Mine"))["id"]
    theirs = (await desk.open("Theirs", by=desk.agent))["id"]
    given = {"fromId": mine, "toId": theirs, "kind": "BLOCKS"}
    assert codes(await desk.mutate(LINK, given)) == ["FORBIDDEN"]
    worker = {"subject": desk.ada, "scopes": ["tickets:read", "tickets:work"]}
    refused = await desk.mutate(LINK, given, by=worker)
    error = {"code": "NOT_FOUND", "path": ["input", "toId"]}
    assert {k: refused["userErrors"][0][k] for k in error} == error
    assert await links(desk, theirs) == []


async def test_a_duplicate_is_resolved_with_its_link_where_that_is_wished(
    desk: Desk, three: list[str]
) -> None:
    a, b, c = three
    given = {
        "fromId": a,
        "toId": b,
        "kind": "DUPLICATES",
        "resolutionCode": "duplicate",
    }
    assert codes(await desk.mutate(LINK, given, by=desk.agent)) == []
    query = """query Now($id: ID) { ticket(id: $id) {
      status { category } resolution { code } } }"""
    now = (await desk.data(query, {"id": a}, **desk.agent))["ticket"]
    assert now == {
        "status": {"category": "RESOLVED"},
        "resolution": {"code": "duplicate"},
    }
    wrong = {**given, "toId": c, "kind": "BLOCKS"}
    assert codes(await desk.mutate(LINK, wrong, by=desk.agent)) == ["INVALID"]
    assert await links(desk, c) == []


async def test_links_of_a_whole_list_take_one_statement(
    desk: Desk, three: list[str]
) -> None:
    a, b, c = three
    await link(desk, a, "PARENT_OF", b)
    await link(desk, a, "PARENT_OF", c)
    query = """{ tickets { nodes { parent { title }
      watchers { totalCount nodes { id } }
      links { totalCount nodes { title status { key } } } } } }"""
    await desk.data(query, **desk.agent)
    with desk.counted() as statements:
        data = await desk.data(query, **desk.agent)
    assert [node["parent"] for node in data["tickets"]["nodes"]] == [
        {"title": "A"},
        {"title": "A"},
        None,
    ]
    assert len(statements) == 6
