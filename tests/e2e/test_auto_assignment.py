"""A group's policy chooses, through the router: groups, users and tickets together."""

from typing import Any

import pytest

from tests.support.house import House, settled
from tests.support.stack import Graph

ADMIN = [
    "users:read",
    "groups:manage",
    "tickets:read",
    "tickets:read_all",
    "tickets:write",
    "tickets:work",
]
MAKE = """
mutation ($in: CreateGroupInput!) {
  createGroup(input: $in) { userErrors { code } group { id } }
}
"""
ADD = """
mutation ($in: AddGroupMembersInput!) {
  addGroupMembers(input: $in) { userErrors { code } }
}
"""
AWAY = """
mutation ($in: SetAvailabilityInput!) {
  setAvailability(input: $in) { userErrors { code } }
}
"""
OPEN = """
mutation ($in: CreateTicketInput!) {
  createTicket(input: $in) {
    userErrors { code } warnings reason ticket { id assignee { name } }
  }
}
"""
ASSIGN = """
mutation ($in: AssignTicketInput!) {
  assignTicket(input: $in) {
    userErrors { code message } warnings reason ticket { assignee { name } }
  }
}
"""


@pytest.fixture
async def house(graph: Graph) -> House:
    return await settled(graph.stack.services["users"].database)


async def write(graph: Graph, house: House, mutation: str, **given: Any) -> Any:
    who = {"subject": house.people["ada"], "scopes": ADMIN}
    data = await graph.data(mutation, {"in": given}, **who)
    (payload,) = data.values()
    return payload


async def test_members_take_turns_and_who_is_away_or_elsewhere_is_left_out(
    graph: Graph, house: House
) -> None:
    made = await write(
        graph,
        house,
        MAKE,
        name="Desk",
        kind="ASSIGNMENT",
        assignmentPolicy="ROUND_ROBIN",
        absentAssignees="REFUSE",
    )
    group = made["group"]["id"]
    them = [house.people[name] for name in ("ben", "cem", "dot")]
    await write(graph, house, ADD, groupId=group, userIds=them)
    await write(graph, house, AWAY, userId=them[1], availability="AWAY")
    opening = {"type": "INCIDENT", "title": "Fire", "groupId": group}
    opened = [await write(graph, house, OPEN, **opening) for _ in range(3)]
    assert [payload["userErrors"] for payload in opened] == [[]] * 3
    first, second, third = [payload["ticket"]["assignee"]["name"] for payload in opened]
    assert {first, second} == {"Ben Example", "Dot Example"}
    assert third == first
    key = opened[-1]["ticket"]["id"]
    codes = [
        (await write(graph, house, ASSIGN, id=key, assigneeId=person))["userErrors"]
        for person in (house.people["fay"], them[1], house.people["gus"])
    ]
    assert [error["code"] for (error,) in codes] == [
        "ASSIGNEE_NOT_IN_GROUP",
        "ASSIGNEE_UNAVAILABLE",
        "INVALID",
    ]
    payload = await write(graph, house, ASSIGN, id=key, auto=True)
    assert payload["ticket"]["assignee"]["name"] == second
    assert payload["reason"] == (
        "Chosen by the group's policy: next in turn of 2 who can take it; "
        "1 not available."
    )
    with graph.without("groups"):
        payload = await write(graph, house, ASSIGN, id=key, auto=True)
    assert [error["code"] for error in payload["userErrors"]] == ["UNAVAILABLE"]
