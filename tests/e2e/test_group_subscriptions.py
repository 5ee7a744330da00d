"""Who comes into a group is told through the router, with what users know of them."""

from typing import Any

import pytest

from tests.support.house import House, settled
from tests.support.operations.read import operations
from tests.support.stack import Graph
from tests.support.streams import streaming, until
from tests.support.tokens import bearer

pytestmark = pytest.mark.usefixtures("looks_often")

CREATE = """
mutation ($in: CreateGroupInput!) {
  createGroup(input: $in) { userErrors { code } group { id } }
}
"""
ADD = """
mutation ($in: AddGroupMembersInput!) {
  addGroupMembers(input: $in) { userErrors { code } }
}
"""


def asked(group: str) -> dict[str, Any]:
    text = operations()["group-membership-changed"].text
    return {"query": text, "variables": {"groupId": group}}


def headers_of(who: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    return [(k.encode(), v.encode()) for k, v in bearer(**who).items()]


async def listening(graph: Graph) -> None:
    """Wait until a subscription has begun where groups are."""
    service: Any = graph.stack.services["groups"]
    watching = service.graphql.make_context(None, service.database, None).watch

    async def begun() -> bool:
        return watching._readers > 0 and watching._place is not None

    await until(begun)


async def test_who_comes_into_a_group_is_told_by_name(graph: Graph) -> None:
    house: House = await settled(graph.stack.services["users"].database)
    by, ben = house.admin(), house.people["ben"]
    given = {"name": "Network", "kind": "ASSIGNMENT", "leadId": ben}
    made = (await graph.data(CREATE, {"in": given}, **by))["createGroup"]
    key = made["group"]["id"]
    reader = headers_of(house.reader())
    async with streaming(graph.stack.app, asked(key), reader) as parts:
        await listening(graph)
        them = {"groupId": key, "userIds": [ben], "skills": ["vpn"]}
        payload = (await graph.data(ADD, {"in": them}, **by))["addGroupMembers"]
        assert payload["userErrors"] == []
        told = (await parts.payload())["payload"]["data"]["groupMembershipChanged"]
    (edge,) = told["members"]["edges"]
    assert (told["name"], told["viewerIsMember"]) == ("Network", False)
    assert {**edge, "joinedAt": None} == {
        "isLead": True,
        "capacity": None,
        "skills": ["vpn"],
        "joinedAt": None,
        "node": {"id": ben, "name": "Ben Example", "availability": "AVAILABLE"},
    }


async def test_who_may_not_read_groups_is_told_nothing(graph: Graph) -> None:
    house: House = await settled(graph.stack.services["users"].database)
    given = {"name": "Network", "kind": "ASSIGNMENT"}
    made = (await graph.data(CREATE, {"in": given}, **house.admin()))["createGroup"]
    key = made["group"]["id"]
    nobody = headers_of(house.nobody())
    async with streaming(graph.stack.app, asked(key), nobody) as parts:
        assert await parts.raw(b"what never comes") is None
        body = parts.buffer
    assert b"Network" not in body
    assert b"errors" in body
