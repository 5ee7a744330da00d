"""Queues: who sees them, what stands in them, and what it costs to count it."""

from collections.abc import Callable
from typing import Any

import asyncpg
import orjson
import pytest

from kit.ids import new_id
from subgraphs.tickets.repository.queues import MOST_DEPTHS

Desk = Any  # the fixture's class; test folders are not packages

QUEUE = """id name visibility version problem viewerCanUpdate filter orderBy depth
  group { id } owner { id } tickets { totalCount nodes { title } }"""
MAKE = f"""mutation Make($in: CreateQueueInput!) {{ createQueue(input: $in) {{
  queue {{ {QUEUE} }} repeated userErrors {{ code path }} }} }}"""
CHANGE = f"""mutation Change($in: UpdateQueueInput!) {{ updateQueue(input: $in) {{
  queue {{ {QUEUE} }} userErrors {{ code path }} }} }}"""
RETIRE = """mutation Retire($in: RetireQueueInput!) { retireQueue(input: $in) {
  retired queue { version } userErrors { code path } } }"""
LIST = f"query List($mine: Boolean!) {{ queues(mine: $mine) {{ {QUEUE} }} }}"
ONE = """query One($id: ID!, $them: [_Any!]!) { queue(id: $id) { name }
  _entities(representations: $them) { ... on Queue { name } } }"""
URGENT = {"priority": ["CRITICAL"], "not": {"tag": {"eq": "x"}}}
NEW = {"name": "New ones", "filter": {"statusCategory": ["NEW"]}}


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def make(desk: Desk, *, by: Any = None, **given: Any) -> dict[str, Any]:
    made = await desk.mutate(MAKE, {**NEW, **given}, by=by or desk.agent)
    assert made["userErrors"] == []
    return made["queue"]


async def names(desk: Desk, who: Any, *, mine: bool) -> list[str]:
    data = await desk.data(LIST, {"mine": mine}, **who)
    return [queue["name"] for queue in data["queues"]]


async def test_a_queue_is_its_filter_in_its_order(desk: Desk) -> None:
    for title, more in (
        ("A", {"impact": "HIGH", "urgency": "HIGH"}),
        ("B", {"impact": "HIGH", "urgency": "HIGH", "tags": ["x"]}),
        ("C", {}),
        ("D", {"impact": "HIGH", "urgency": "HIGH"}),
    ):
        await desk.open(title, by=desk.agent, **more)
    order = [{"field": "OPENED_AT", "direction": "ASC"}]
    made = await make(desk, name="Urgent", filter=URGENT, orderBy=order)
    assert made == {
        "id": made["id"],
        "name": "Urgent",
        "visibility": "OWNER",
        "version": 1,
        "problem": None,
        "viewerCanUpdate": True,
        "filter": URGENT,
        "orderBy": order,
        "depth": 2,
        "group": None,
        "owner": {"id": desk.bob},
        "tickets": {"totalCount": 2, "nodes": [{"title": "A"}, {"title": "D"}]},
    }
    them = [{"__typename": "Queue", "id": made["id"]}]
    data = await desk.data(ONE, {"id": made["id"], "them": them}, **desk.agent)
    assert data == {"queue": {"name": "Urgent"}, "_entities": [{"name": "Urgent"}]}


async def test_a_queue_never_shows_more_than_its_viewer_may_see(desk: Desk) -> None:
    await desk.open("Mine")
    await desk.open("Theirs", by=desk.agent)
    await make(desk, visibility="EVERYONE")
    (theirs,) = (await desk.data(LIST, {"mine": False}, **desk.agent))["queues"]
    (mine,) = (await desk.data(LIST, {"mine": False}, **desk.requester))["queues"]
    assert (theirs["depth"], theirs["tickets"]["totalCount"]) == (2, 2)
    assert mine["depth"] == 1
    assert mine["tickets"] == {"totalCount": 1, "nodes": [{"title": "Mine"}]}


async def test_queues_are_seen_by_everyone_a_group_or_their_owner(desk: Desk) -> None:
    group = new_id("grp")
    eve = desk.people.person()
    desk.people.groups = {desk.bob: [group], eve: [group]}
    member = {"subject": eve, "scopes": ["tickets:read"]}
    await make(desk, name="All", visibility="EVERYONE")
    shared = await make(desk, name="Team", visibility="GROUP", groupId=group)
    private = await make(desk, name="Private")
    seen = {
        who: (await names(desk, each, mine=True), await names(desk, each, mine=False))
        for who, each in (
            ("owner", desk.agent),
            ("member", member),
            ("other", desk.requester),
        )
    }
    everything = ["All", "Private", "Team"]
    assert seen == {
        "owner": (everything, everything),
        "member": (["Team"], ["All", "Team"]),
        "other": ([], ["All"]),
    }
    for key, who, found in (
        (private["id"], member, None),
        (shared["id"], member, {"name": "Team"}),
        (shared["id"], desk.requester, None),
    ):
        them = [{"__typename": "Queue", "id": key}]
        data = await desk.data(ONE, {"id": key, "them": them}, **who)
        assert data == {"queue": found, "_entities": [found]}


async def test_who_is_in_no_group_that_answers_is_told_so(desk: Desk) -> None:
    group = new_id("grp")
    desk.people.groups = {desk.bob: [group]}
    await make(desk, name="Team", visibility="GROUP", groupId=group)
    desk.people.down = True
    answer = await desk.ask(LIST, {"mine": False}, **desk.requester)
    found = [error["extensions"]["code"] for error in answer["errors"]]
    assert found == ["SUBGRAPH_UNAVAILABLE"]


async def test_a_queue_is_changed_by_its_owner_or_who_manages(desk: Desk) -> None:
    key = (await make(desk, visibility="EVERYONE"))["id"]
    manager = {"subject": desk.ada, "scopes": ["tickets:read", "tickets:manage"]}
    other = {**desk.agent, "subject": desk.people.person()}
    change = {"id": key, "expectedVersion": 1, "name": "Newest"}
    assert codes(await desk.mutate(CHANGE, change, by=other)) == ["FORBIDDEN"]
    gone = {"id": key, "expectedVersion": 1}
    assert codes(await desk.mutate(RETIRE, gone, by=other)) == ["FORBIDDEN"]
    changed = (await desk.mutate(CHANGE, change, by=manager))["queue"]
    assert (changed["name"], changed["version"]) == ("Newest", 2)
    assert changed["filter"] == NEW["filter"]
    stale = await desk.mutate(CHANGE, {**change, "name": "Old"}, by=desk.agent)
    assert (codes(stale), stale["queue"]["name"]) == (["STALE"], "Newest")
    same = await desk.mutate(CHANGE, {"id": key, "name": "Newest"}, by=desk.agent)
    assert same["queue"]["version"] == 2
    retired = await desk.mutate(RETIRE, {"id": key}, by=desk.agent)
    assert retired == {"retired": True, "queue": None, "userErrors": []}
    assert await names(desk, desk.agent, mine=False) == []
    assert codes(await desk.mutate(RETIRE, {"id": key}, by=desk.agent)) == ["NOT_FOUND"]


async def test_what_cannot_be_a_queue_is_refused(desk: Desk) -> None:
    deep: dict[str, Any] = {"type": ["INCIDENT"]}
    for _ in range(10):
        deep = {"not": deep}
    for given, code, path in (
        ({"name": " "}, "REQUIRED", "name"),
        ({"name": "x" * 201}, "TOO_LONG", "name"),
        ({"filter": deep}, "INVALID", "filter"),
        ({"filter": {"openedAt": {"gte": "soon"}}}, "INVALID", "filter"),
        ({"orderBy": [{"field": "RELEVANCE"}]}, "INVALID", "orderBy"),
        ({"groupId": "mine"}, "INVALID", "groupId"),
        ({"groupId": new_id("grp")}, "FORBIDDEN", "groupId"),
        ({"visibility": "GROUP"}, "REQUIRED", "groupId"),
    ):
        refused = await desk.mutate(MAKE, {**NEW, **given}, by=desk.agent)
        assert refused["userErrors"] == [{"code": code, "path": ["input", path]}]
    assert codes(await desk.mutate(MAKE, NEW)) == ["FORBIDDEN"]
    assert await names(desk, desk.agent, mine=True) == []


async def test_durations_in_a_queue_count_from_when_it_is_read(desk: Desk) -> None:
    await desk.open("Now", by=desk.agent)
    lately = {"openedAt": {"gte": "-P7D"}}
    made = await make(desk, filter=lately)
    assert (made["filter"], made["depth"]) == (lately, 1)


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        ({"colour": {"eq": "red"}}, "There is no filter.colour any more."),
        ({"priority": ["SOON"]}, "filter.priority. has no value 'SOON' any more."),
        ({"openedAt": {"gte": "soon"}}, "'soon' is not an ISO-8601 instant"),
        ([], "filter. is no object."),
        ({"priority": "HIGH"}, "filter.priority. is no list."),
        ({"title": {"contains": 7}}, "is not of the type str."),
    ],
)
async def test_a_filter_that_means_nothing_any_more_is_told_and_can_be_mended(
    desk: Desk, database_url: Callable[[str], str], stored: Any, problem: str
) -> None:
    key = (await make(desk))["id"]
    connection = await asyncpg.connect(database_url("tickets"))
    try:
        text = orjson.dumps(stored).decode()
        await connection.execute("UPDATE queues SET filter = $1::jsonb", text)
    finally:
        await connection.close()
    (queue,) = (await desk.data(LIST, {"mine": True}, **desk.agent))["queues"]
    assert problem in queue["problem"]
    assert (queue["depth"], queue["tickets"], queue["filter"]) == (None, None, stored)
    change = {"id": key, "filter": NEW["filter"]}
    mended = (await desk.mutate(CHANGE, change, by=desk.agent))["queue"]
    assert (mended["problem"], mended["depth"]) == (None, 0)


async def test_many_queues_are_counted_in_few_statements(desk: Desk) -> None:
    many = 2 * MOST_DEPTHS + 3
    for n in range(many):
        await desk.open(f"T{n}", by=desk.agent, tags=[f"t{n % 5}"])
        only = {"tag": {"eq": f"t{n % 5}"}, "title": {"startsWith": "T"}}
        await make(desk, name=f"Q{n:02}", filter=only)
    query = "{ queues { name depth } }"
    await desk.data(query, **desk.agent)
    with desk.counted() as statements:
        data = await desk.data(query, **desk.agent)
    assert len(data["queues"]) == many
    assert {queue["depth"] for queue in data["queues"]} == {2, 3}
    assert len(statements) == 4
