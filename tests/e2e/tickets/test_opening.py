"""Opening a ticket that others watch at once, or that its category gives away."""

from typing import Any

import pytest

from kit.ids import new_id
from subgraphs.tickets.service.watch import MOST_WATCHERS

Desk = Any  # the fixture's class; test folders are not packages

OPEN = """
mutation Open($in: CreateTicketInput!) { createTicket(input: $in) {
  ticket { id version group { id } assignee { id }
    watchers { edges { node { id } reason } }
    history { nodes { kind field note } } }
  reason warnings repeated userErrors { code path } } }
"""
CATEGORY = """mutation Make($in: CreateCategoryInput!) { createCategory(input: $in) {
  category { id } userErrors { code path } } }"""
SEEN = "query Seen($id: ID) { ticket(id: $id) { id } tickets { nodes { id } } }"


async def opened(desk: Desk, *, by: Any = None, **given: Any) -> dict[str, Any]:
    asked = {"type": "INCIDENT", "title": "Fire", **given}
    found: dict[str, Any] = await desk.mutate(OPEN, asked, by=by)
    return found


async def nothing_was_opened(desk: Desk) -> None:
    found = await desk.data("{ tickets { nodes { id } } }", **desk.agent)
    assert found["tickets"]["nodes"] == []


async def test_who_watches_from_the_beginning_sees_the_ticket(desk: Desk) -> None:
    eva, fred = desk.people.person(), desk.people.person()
    payload = await opened(desk, watcherIds=[eva, desk.ada, fred, eva])
    ticket = payload["ticket"]
    assert ticket["version"] == 1
    assert sorted(
        (each["reason"], each["node"]["id"]) for each in ticket["watchers"]["edges"]
    ) == sorted([("CC", eva), ("CC", fred), ("MANUAL", desk.ada)])
    assert [(each["kind"], each["field"]) for each in ticket["history"]["nodes"]] == [
        ("CREATED", None),
        *[("FIELD_CHANGED", "watchers")] * 3,
    ]
    for person in (eva, fred):
        who = {"subject": person, "scopes": ["tickets:read"]}
        found = await desk.data(SEEN, {"id": ticket["id"]}, **who)
        assert found["ticket"] == {"id": ticket["id"]}
        assert found["tickets"]["nodes"] == [{"id": ticket["id"]}]


async def test_the_same_request_again_asks_nobody_anew(desk: Desk) -> None:
    eva = desk.people.person()
    given = {"watcherIds": [eva], "idempotencyKey": "once"}
    first = await opened(desk, **given)
    desk.people.left.add(eva)
    assert await opened(desk, **given) == {**first, "repeated": True}


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        (["usr_01m81agjpgfhdbdabapyn60w5g"], "NOT_FOUND", ["1"]),
        (["grp_01m81agjpgfhdbdabapyn60w5g"], "NOT_FOUND", ["1"]),
        (["usr_1\x00"], "NOT_FOUND", ["1"]),
        (["left"], "INVALID", ["1"]),
        (["down"], "UNAVAILABLE", []),
        (["usr_01m81agjpgfhdbdabapyn60w5g"] * MOST_WATCHERS, "TOO_LONG", []),
    ],
)
async def test_who_cannot_watch_is_refused_and_nothing_is_opened(
    desk: Desk, wrong: list[str], code: str, path: list[str]
) -> None:
    fred = desk.people.person()
    if wrong == ["left"]:
        wrong = [desk.people.person()]
        desk.people.left.add(wrong[0])
    desk.people.down = wrong == ["down"]
    payload = await opened(desk, watcherIds=[fred, *wrong])
    assert payload["ticket"] is None
    error = {"code": code, "path": ["input", "watcherIds", *path]}
    assert payload["userErrors"] == [error]
    await nothing_was_opened(desk)


async def test_an_import_retells_who_watched_even_if_they_left(desk: Desk) -> None:
    eva = desk.people.person()
    desk.people.left.add(eva)
    given = {"requesterId": desk.ada, "occurredAt": "2020-01-01T00:00:00Z"}
    payload = await opened(desk, by=desk.importer, watcherIds=[eva], **given)
    assert payload["userErrors"] == []
    (edge,) = payload["ticket"]["watchers"]["edges"]
    assert edge == {"node": {"id": eva}, "reason": "CC"}


async def category(desk: Desk, group: str, **given: Any) -> str:
    asked = {"name": new_id("new"), "defaultGroupId": group, **given}
    made = await desk.mutate(CATEGORY, asked, by=desk.manager)
    assert made["userErrors"] == []
    key: str = made["category"]["id"]
    return key


async def test_the_group_of_a_category_chooses_as_one_that_is_named(
    desk: Desk,
) -> None:
    group = desk.people.team(desk.bob)
    above = await category(desk, group)
    inside = await category(desk, group, parentId=above)
    for place in (above, inside):
        payload = await opened(desk, categoryId=place)
        ticket = payload["ticket"]
        assert (ticket["group"], ticket["assignee"]) == (
            {"id": group},
            {"id": desk.bob},
        )
        assert payload["reason"] is not None
        assert ticket["history"]["nodes"][-1]["note"] == payload["reason"]
    desk.people.away[desk.bob] = "AWAY"
    payload = await opened(desk, categoryId=above)
    assert (payload["ticket"]["group"], payload["ticket"]["assignee"]) == (
        {"id": group},
        None,
    )
    assert payload["warnings"] == ["Nobody of 1 members can take it; 1 not available."]
    by_hand = await category(desk, desk.people.team(desk.bob, policy="MANUAL"))
    payload = await opened(desk, categoryId=by_hand)
    assert (payload["ticket"]["assignee"], payload["warnings"]) == (None, [])


async def test_that_a_categorys_group_cannot_be_asked_stops_nobody(desk: Desk) -> None:
    group = desk.people.team(desk.bob)
    place = await category(desk, group)
    said = "The group that its category names could not be asked: nobody was chosen."
    desk.people.missing.add(group)
    for down in (False, True):
        desk.people.down = down
        payload = await opened(desk, categoryId=place)
        assert payload["userErrors"] == []
        assert payload["ticket"]["group"] == {"id": group}
        assert (payload["ticket"]["assignee"], payload["warnings"]) == (None, [said])


async def test_who_is_named_must_be_in_the_group_of_the_category(desk: Desk) -> None:
    eva = desk.people.person()
    place = await category(desk, desk.people.team(eva))
    named = {"categoryId": place, "assigneeId": desk.bob}
    payload = await opened(desk, by=desk.agent, **named)
    error = {"code": "ASSIGNEE_NOT_IN_GROUP", "path": ["input", "assigneeId"]}
    assert (payload["ticket"], payload["userErrors"]) == (None, [error])
    await nothing_was_opened(desk)
    payload = await opened(desk, by=desk.agent, **{**named, "assigneeId": eva})
    assert payload["ticket"]["assignee"] == {"id": eva}
