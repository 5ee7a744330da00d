"""Who gets a ticket: named and checked, or chosen by the group's policy, and why."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

ASSIGN = """
mutation Assign($in: AssignTicketInput!) {
  assignTicket(input: $in) {
    reason warnings repeated
    userErrors { code path message }
    event { kind note before after }
    ticket { group { id } assignee { id } reassignmentCount version }
  }
}
"""
OPEN = """
mutation Open($in: CreateTicketInput!) {
  createTicket(input: $in) {
    reason warnings userErrors { code path }
    ticket { assignee { id } history { nodes { kind note } } }
  }
}
"""
NOW = """
query Now($id: ID!) {
  ticket(id: $id) { version group { id } assignee { id } history { totalCount } }
}
"""


async def now(desk: Desk, key: str) -> dict[str, Any]:
    return (await desk.data(NOW, {"id": key}, **desk.agent))["ticket"]


async def assign(desk: Desk, key: str, **given: Any) -> dict[str, Any]:
    return await desk.mutate(ASSIGN, {"id": key, **given}, by=desk.agent)


async def refused(desk: Desk, key: str, **given: Any) -> list[str]:
    """Send what must change nothing; give its code and its path."""
    before = await now(desk, key)
    payload = await assign(desk, key, **given)
    assert await now(desk, key) == before
    (error,) = payload["userErrors"]
    assert payload["ticket"] is None or error["code"] == "STALE"
    return [error["code"], *(error["path"] or [])]


async def test_only_members_of_a_group_that_exists_get_its_tickets(desk: Desk) -> None:
    eve = desk.people.person()
    group, board = desk.people.team(desk.bob), desk.people.team(kind="APPROVAL")
    gone = new_id("grp")
    desk.people.missing.add(gone)
    key = (await desk.open())["id"]
    path = ["input", "groupId"]
    assert await refused(desk, key, groupId=gone) == ["NOT_FOUND", *path]
    assert await refused(desk, key, groupId=board) == ["INVALID", *path]
    assert await refused(desk, key, groupId=desk.bob) == ["INVALID", *path]
    person = ["input", "assigneeId"]
    both = {"groupId": group, "assigneeId": eve}
    assert await refused(desk, key, **both) == ["ASSIGNEE_NOT_IN_GROUP", *person]
    payload = await assign(desk, key, groupId=group, assigneeId=desk.bob)
    assert payload["userErrors"] == []
    assert payload["warnings"] == []
    assert payload["ticket"]["reassignmentCount"] == 1
    assert await refused(desk, key, assigneeId=eve) == [
        "ASSIGNEE_NOT_IN_GROUP",
        *person,
    ]
    unknown = new_id("usr")
    assert await refused(desk, key, assigneeId=unknown) == ["NOT_FOUND", *person]
    desk.people.left.add(desk.bob)
    again = {"groupId": group, "assigneeId": desk.bob}
    assert await refused(desk, key, **again) == ["INVALID", *person]


async def test_where_nobody_can_be_asked_nothing_is_given_but_what_is_retold(
    desk: Desk,
) -> None:
    group = desk.people.team(desk.bob)
    key = (await desk.open())["id"]
    desk.people.down = True
    path = ["input", "groupId"]
    assert await refused(desk, key, groupId=group) == ["UNAVAILABLE", *path]
    past = {"occurredAt": "2016-02-29T01:16:00Z"}
    given = {"id": key, "groupId": new_id("grp"), **past}
    payload = await desk.mutate(ASSIGN, given, by=desk.importer)
    assert payload["userErrors"] == []
    assert payload["ticket"]["group"] == {"id": given["groupId"]}


@pytest.mark.parametrize(
    ("rule", "code", "warned"),
    [("ALLOW", [], 0), ("WARN", [], 1), ("REFUSE", ["ASSIGNEE_UNAVAILABLE"], 0)],
)
async def test_a_group_says_what_becomes_of_work_given_to_who_is_away(
    desk: Desk, rule: str, code: list[str], warned: int
) -> None:
    group = desk.people.team(desk.bob, absentAssignees=rule)
    desk.people.away[desk.bob] = "AWAY"
    key = (await desk.open())["id"]
    payload = await assign(desk, key, groupId=group, assigneeId=desk.bob)
    assert [error["code"] for error in payload["userErrors"]] == code
    assert len(payload["warnings"]) == warned
    assert (await now(desk, key))["version"] == (1 if code else 2)


async def test_who_has_a_ticket_keeps_it_in_a_group_that_they_are_in_too(
    desk: Desk,
) -> None:
    eve = desk.people.person()
    first, second = desk.people.team(desk.bob, eve), desk.people.team(eve)
    key = (await desk.open())["id"]
    await assign(desk, key, groupId=first, assigneeId=eve)
    payload = await assign(desk, key, groupId=second)
    assert payload["ticket"]["assignee"] == {"id": eve}
    await assign(desk, key, groupId=first, assigneeId=desk.bob)
    payload = await assign(desk, key, groupId=second, note="Their server")
    assert payload["ticket"]["assignee"] is None
    assert payload["ticket"]["reassignmentCount"] == 4
    assert payload["event"] == {
        "kind": "ASSIGNEE_CHANGED",
        "note": "Their server\nWhoever had it is not in the group that it went to.",
        "before": desk.bob,
        "after": None,
    }


async def test_the_policy_chooses_and_says_why(desk: Desk) -> None:
    eve, cem = desk.people.person(), desk.people.person()
    group = desk.people.team(desk.bob, eve, cem, policy="LEAST_LOADED")
    desk.people.away[cem] = "OFF_SHIFT"
    first = (await desk.open())["id"]
    payload = await assign(desk, first, groupId=group, auto=True, note="Please")
    why = (
        "Chosen by the group's policy: least open work (0) of 2 who can take it; "
        "1 not available."
    )
    assert payload["reason"] == why
    assert payload["event"]["note"] == f"Please\n{why}"
    assert payload["ticket"]["assignee"] == {"id": desk.bob}
    second = (await desk.open())["id"]
    payload = await assign(desk, second, groupId=group, auto=True)
    assert payload["ticket"]["assignee"] == {"id": eve}
    done = {"id": first, "toStatusKey": "resolved", "resolutionCode": "fixed"}
    await desk.data(
        """mutation ($in: TransitionTicketInput!) {
             transitionTicket(input: $in) { userErrors { code } } }""",
        {"in": done},
        **desk.agent,
    )
    third = (await desk.open())["id"]
    payload = await assign(desk, third, groupId=group, auto=True)
    assert payload["ticket"]["assignee"] == {"id": desk.bob}  # has nothing open


async def test_nobody_is_chosen_over_capacity_or_without_the_skills(desk: Desk) -> None:
    eve = desk.people.person()
    group = desk.people.team(desk.bob, eve, policy="SKILL_BASED")
    desk.people.limits = {desk.bob: (1, ["vpn"]), eve: (None, ["linux"])}
    key = (await desk.open(tags=["VPN", "home"]))["id"]
    payload = await assign(desk, key, groupId=group, auto=True)
    assert payload["ticket"]["assignee"] == {"id": desk.bob}
    assert "with the skills vpn" in payload["reason"]
    other = (await desk.open(tags=["vpn"]))["id"]
    path = ["input", "auto"]
    given = {"groupId": group, "auto": True}
    assert await refused(desk, other, **given) == ["ASSIGNEE_UNAVAILABLE", *path]
    payload = await assign(desk, other, **given)
    assert payload["userErrors"][0]["message"] == (
        "Nobody of 2 members can take it; 1 without the skills; 1 at capacity."
    )
    asked = {**given, "skills": ["Linux"]}
    payload = await assign(desk, other, **asked)
    assert payload["ticket"]["assignee"] == {"id": eve}


async def test_choosing_takes_a_group_that_chooses_and_nobody_named(desk: Desk) -> None:
    by_hand = desk.people.team(desk.bob, policy="MANUAL")
    group = desk.people.team(desk.bob)
    key = (await desk.open())["id"]
    for given, path in (
        ({}, "groupId"),
        ({"groupId": by_hand}, "auto"),
        ({"groupId": group, "assigneeId": desk.bob}, "assigneeId"),
        ({"groupId": group, "skills": ["x\u0007"]}, "skills"),
    ):
        found = await refused(desk, key, auto=True, **given)
        assert found == ["INVALID", "input", path]


@pytest.mark.parametrize("policy", ["ROUND_ROBIN", "LEAST_LOADED"])
async def test_sixty_four_at_once_are_spread_evenly(desk: Desk, policy: str) -> None:
    members = [desk.people.person() for _ in range(4)]
    group = desk.people.team(*members, policy=policy)
    keys = [(await desk.open())["id"] for _ in range(64)]
    payloads = await asyncio.gather(
        *(assign(desk, key, groupId=group, auto=True) for key in keys)
    )
    assert [p["userErrors"] for p in payloads] == [[]] * 64
    chosen = Counter(p["ticket"]["assignee"]["id"] for p in payloads)
    assert chosen == dict.fromkeys(members, 16)


async def test_capacity_holds_when_many_come_at_once(desk: Desk) -> None:
    members = [desk.people.person() for _ in range(2)]
    group = desk.people.team(*members)
    desk.people.limits = dict.fromkeys(members, (3, []))
    keys = [(await desk.open())["id"] for _ in range(10)]
    payloads = await asyncio.gather(
        *(assign(desk, key, groupId=group, auto=True) for key in keys)
    )
    codes = Counter(e["code"] for p in payloads for e in p["userErrors"])
    assert codes == {"ASSIGNEE_UNAVAILABLE": 4}
    given = Counter(p["ticket"]["assignee"]["id"] for p in payloads if p["ticket"])
    assert given == dict.fromkeys(members, 3)


async def test_the_same_request_again_chooses_nobody_anew(desk: Desk) -> None:
    group = desk.people.team(desk.bob, desk.people.person())
    key = (await desk.open())["id"]
    given = {"groupId": group, "auto": True, "idempotencyKey": "once"}
    first = await assign(desk, key, **given)
    desk.people.missing.add(group)  # nor does it matter what became of the group
    again = await assign(desk, key, **given)
    assert again == {**first, "repeated": True}


async def test_a_new_ticket_of_a_group_that_chooses_has_somebody_at_once(
    desk: Desk,
) -> None:
    group = desk.people.team(desk.bob)
    given = {"type": "INCIDENT", "title": "Fire", "groupId": group}
    payload = await desk.mutate(OPEN, given, by=desk.agent)
    assert payload["ticket"]["assignee"] == {"id": desk.bob}
    assert payload["ticket"]["history"]["nodes"] == [
        {"kind": "CREATED", "note": None},
        {"kind": "ASSIGNEE_CHANGED", "note": payload["reason"]},
    ]
    desk.people.away[desk.bob] = "AWAY"
    payload = await desk.mutate(OPEN, given, by=desk.agent)
    assert payload["ticket"]["assignee"] is None
    assert payload["warnings"] == ["Nobody of 1 members can take it; 1 not available."]
    desk.people.missing.add(group)
    payload = await desk.mutate(OPEN, given, by=desk.agent)
    assert payload["ticket"] is None
    path = ["input", "groupId"]
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "path": path}]
