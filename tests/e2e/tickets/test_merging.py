"""Merging: one ticket of several, all of it or nothing."""

import asyncio
from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

MERGE = """mutation Merge($in: MergeTicketsInput!) { mergeTickets(input: $in) {
  ticket { id number tags version watchers { edges { reason node { id } } } }
  repeated userErrors { code path message } } }"""
LINK = """mutation Link($in: LinkTicketsInput!) { linkTickets(input: $in) {
  userErrors { code } } }"""
WATCH = """mutation Watch($in: WatchTicketInput!) { watchTicket(input: $in) {
  userErrors { code } } }"""
MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  userErrors { code path } } }"""
STATE = """query State($id: ID) { ticket(id: $id) {
  number tags version status { category } mergedInto { title }
  watchers { nodes { id } } links { edges { kind inverse node { title } } }
  history(first: 100) { nodes { seq kind field after } } } }"""


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def state(desk: Desk, key: str) -> dict[str, Any]:
    return (await desk.data(STATE, {"id": key}, **desk.agent))["ticket"]


async def merge(desk: Desk, into: str, *sources: str, **more: Any) -> dict[str, Any]:
    given = {"intoId": into, "fromIds": list(sources), **more}
    return await desk.mutate(MERGE, given, by=desk.agent)


async def opened(desk: Desk, title: str, **more: Any) -> str:
    return (await desk.open(title, by=desk.agent, **more))["id"]


async def test_watchers_links_and_tags_move_and_the_sources_close(desk: Desk) -> None:
    into = await opened(desk, "Into", tags=["a"], requesterId=desk.ada)
    eve, max_ = desk.people.person(), desk.people.person()
    one = await opened(desk, "One", tags=["b", "a"], requesterId=eve)
    two = await opened(desk, "Two", tags=["c"], requesterId=desk.ada)
    other = await opened(desk, "Other")
    watch = {"id": two, "userId": max_, "watch": True}
    assert codes(await desk.mutate(WATCH, watch, by=desk.agent)) == []
    for ends in (
        (one, "BLOCKS", other),
        (two, "BLOCKS", other),
        (one, "CAUSED_BY", two),
    ):
        given = dict(zip(("fromId", "kind", "toId"), ends, strict=True))
        assert codes(await desk.mutate(LINK, given, by=desk.agent)) == []
    done = await merge(desk, into, one, two)
    assert codes(done) == []
    assert done["ticket"]["tags"] == ["a", "b", "c"]
    watchers = done["ticket"]["watchers"]["edges"]
    assert {each["node"]["id"]: each["reason"] for each in watchers} == {
        eve: "REQUESTER",
        max_: "CC",
    }
    now = await state(desk, into)
    assert now["links"]["edges"] == [
        {"kind": "BLOCKS", "inverse": False, "node": {"title": "Other"}}
    ]
    events = [(n["kind"], n["field"]) for n in now["history"]["nodes"]]
    assert events == [
        ("CREATED", None),
        ("FIELD_CHANGED", "tags"),
        ("FIELD_CHANGED", "watchers"),
        ("FIELD_CHANGED", "watchers"),
        ("MERGED", "mergedFrom"),
        ("MERGED", "mergedFrom"),
    ]
    for key in (one, two):
        source = await state(desk, key)
        assert source["mergedInto"] == {"title": "Into"}
        assert source["status"] == {"category": "CLOSED"}
        assert source["links"]["edges"] == []
        kinds = [node["kind"] for node in source["history"]["nodes"]]
        assert kinds[-2:] == ["MERGED", "CLOSED"]
    seen = await desk.data(STATE, {"id": into}, subject=eve, scopes=["tickets:read"])
    assert seen["ticket"]["number"] == now["number"]


async def test_a_merged_ticket_keeps_its_number_and_changes_no_more(desk: Desk) -> None:
    into, one = await opened(desk, "Into"), await opened(desk, "One")
    await merge(desk, into, one)
    number = (await state(desk, one))["number"]
    query = """query Old($number: String) { ticket(number: $number) {
      mergedInto { title } } }"""
    data = await desk.data(query, {"number": number}, **desk.agent)
    assert data["ticket"] == {"mergedInto": {"title": "Into"}}
    before = await state(desk, one)
    tries = [
        await desk.mutate(MOVE, {"id": one, "toStatusKey": "new"}, by=desk.agent),
        await desk.mutate(WATCH, {"id": one, "watch": True}, by=desk.agent),
        await merge(desk, into, one),
        await merge(desk, one, into),
    ]
    assert [codes(each) for each in tries] == [["ALREADY_MERGED"]] * 4
    assert await state(desk, one) == before


async def test_what_cannot_be_merged_changes_nothing(desk: Desk) -> None:
    into = await opened(desk, "Into", tags=[f"t{n}" for n in range(15)])
    full = await opened(desk, "Full", tags=[f"u{n}" for n in range(6)])
    one = await opened(desk, "One")
    before = [await state(desk, key) for key in (into, full, one)]
    for sources, code, place in (
        ([one, into], "CYCLE", []),
        ([one, full], "TOO_LONG", []),
        ([one, new_id("tkt")], "NOT_FOUND", ["1"]),
        ([one, one, new_id("usr")], "NOT_FOUND", ["2"]),
        ([], "REQUIRED", []),
        ([new_id("tkt") for _ in range(51)], "TOO_LONG", []),
    ):
        refused = await merge(desk, into, *sources)
        assert codes(refused) == [code]
        assert refused["userErrors"][0]["path"] == ["input", "fromIds", *place]
    assert codes(await merge(desk, new_id("tkt"), one)) == ["NOT_FOUND"]
    assert [await state(desk, key) for key in (into, full, one)] == before


@pytest.mark.parametrize("end", ["closed", "cancelled"])
async def test_open_work_does_not_disappear_into_what_is_over(
    desk: Desk, end: str
) -> None:
    into, one, done = [await opened(desk, title) for title in ("Into", "One", "Done")]
    for key in (into, done):
        await desk.mutate(MOVE, {"id": key, "toStatusKey": end}, by=desk.agent)
    before = [await state(desk, key) for key in (into, one, done)]
    (error,) = (await merge(desk, into, done, one))["userErrors"]
    assert error == {
        "code": "INVALID",
        "path": ["input", "intoId"],
        "message": f"{before[0]['number']} is over, and others are open: "
        "reopen it first.",
    }
    assert [await state(desk, key) for key in (into, one, done)] == before
    assert codes(await merge(desk, into, done)) == []
    assert codes(await merge(desk, one, into)) == []


async def test_what_says_a_solved_problem_again_goes_into_it(desk: Desk) -> None:
    into, one = await opened(desk, "Into"), await opened(desk, "One")
    solved = {"id": into, "toStatusKey": "resolved", "resolutionCode": "Fixed"}
    await desk.mutate(MOVE, solved, by=desk.agent)
    assert codes(await merge(desk, into, one)) == []
    assert (await state(desk, one))["status"] == {"category": "CLOSED"}


async def test_links_that_would_lead_back_are_refused(desk: Desk) -> None:
    into, one, other = [await opened(desk, title) for title in ("Into", "One", "Other")]
    for ends in ((into, other), (other, one)):
        given = {"fromId": ends[0], "kind": "BLOCKS", "toId": ends[1]}
        await desk.mutate(LINK, given, by=desk.agent)
    before = await state(desk, other)
    assert codes(await merge(desk, into, one)) == ["CYCLE"]
    assert await state(desk, other) == before


async def test_a_parent_and_its_child_become_one(desk: Desk) -> None:
    into, one, child = [await opened(desk, title) for title in ("Into", "One", "Child")]
    for ends in ((one, into), (one, child)):
        given = {"fromId": ends[0], "kind": "PARENT_OF", "toId": ends[1]}
        await desk.mutate(LINK, given, by=desk.agent)
    assert codes(await merge(desk, into, one)) == []
    assert (await state(desk, into))["links"]["edges"] == [
        {"kind": "PARENT_OF", "inverse": False, "node": {"title": "Child"}}
    ]


async def test_merging_takes_work_on_each(desk: Desk) -> None:
    mine = (await desk.open("Mine"))["id"]
    theirs = await opened(desk, "Theirs")
    given = {"intoId": mine, "fromIds": [theirs]}
    assert codes(await desk.mutate(MERGE, given)) == ["FORBIDDEN"]
    worker = {"subject": desk.ada, "scopes": ["tickets:read", "tickets:work"]}
    assert codes(await desk.mutate(MERGE, given, by=worker)) == ["NOT_FOUND"]
    assert (await state(desk, theirs))["mergedInto"] is None


async def test_a_merge_into_what_is_hidden_shows_nothing_of_it(desk: Desk) -> None:
    hidden = await opened(desk, "Hidden")
    mine = (await desk.open("Mine"))["id"]
    await merge(desk, hidden, mine)
    scopes = ["tickets:read"]
    gone = {"id": hidden, "watch": False}
    await desk.mutate(WATCH, gone)
    data = await desk.data(STATE, {"id": mine}, subject=desk.ada, scopes=scopes)
    assert data["ticket"]["mergedInto"] is None
    assert "Hidden" not in str(data)


async def test_a_merge_sent_again_is_done_once(desk: Desk) -> None:
    into, one = await opened(desk, "Into"), await opened(desk, "One")
    tries = await asyncio.gather(
        *(merge(desk, into, one, idempotencyKey="once") for _ in range(5))
    )
    assert [codes(each) for each in tries] == [[]] * 5
    assert sorted(each["repeated"] for each in tries) == [False] + [True] * 4
    kinds = [node["kind"] for node in (await state(desk, into))["history"]["nodes"]]
    assert kinds == ["CREATED", "MERGED"]


@pytest.mark.parametrize("rounds", [6])
async def test_two_who_merge_into_each_other_at_once_make_one(
    desk: Desk, rounds: int
) -> None:
    for _ in range(rounds):
        a, b = await opened(desk, "A"), await opened(desk, "B")
        found = await asyncio.gather(merge(desk, a, b), merge(desk, b, a))
        assert sorted(codes(each) for each in found) == [[], ["ALREADY_MERGED"]]
        merged = [(await state(desk, key))["mergedInto"] for key in (a, b)]
        assert sum(each is not None for each in merged) == 1
