"""Being told who comes into a group and leaves it, as it happens."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from kit.identity import ANONYMOUS
from tests.support.streams import Parts, streaming, until
from tests.support.tokens import bearer

pytestmark = pytest.mark.usefixtures("looks_often")

CHANGED = """
subscription ($id: ID!) {
  groupMembershipChanged(groupId: $id) {
    name version viewerIsMember members { edges { node { id } skills capacity } }
  }
}
"""
ADD = """
mutation ($in: AddGroupMembersInput!) {
  addGroupMembers(input: $in) { userErrors { code path } }
}
"""
CHANGE = """
mutation ($in: UpdateGroupMemberInput!) {
  updateGroupMember(input: $in) { userErrors { code path } }
}
"""
REMOVE = """
mutation ($in: RemoveGroupMembersInput!) {
  removeGroupMembers(input: $in) { userErrors { code path } }
}
"""
RENAME = """
mutation ($in: UpdateGroupInput!) {
  updateGroup(input: $in) { userErrors { code path } }
}
"""
AWAY = """
mutation ($in: SetAvailabilityInput!) {
  setAvailability(input: $in) { userErrors { code path } }
}
"""


@asynccontextmanager
async def opened(teams: Any, who: Any, group: str) -> AsyncGenerator[Parts]:
    headers = [(k.encode(), v.encode()) for k, v in bearer(**who).items()]
    request = {"query": CHANGED, "variables": {"id": group}}
    async with streaming(teams.service, request, headers) as parts:
        yield parts


@asynccontextmanager
async def told(teams: Any, who: Any, group: str) -> AsyncGenerator[Parts]:
    """Subscribe, and wait until it is certain that nothing more is missed."""
    make: Any = teams.service.graphql.make_context
    watching = make(ANONYMOUS, teams.service.database, None).watch
    before = watching._readers

    async def begun() -> bool:
        return watching._readers > before and watching._place is not None

    async with opened(teams, who, group) as parts:
        await until(begun)
        yield parts


async def next_of(parts: Parts) -> Any:
    payload = (await parts.payload())["payload"]
    assert "errors" not in payload, payload
    return payload["data"]["groupMembershipChanged"]


async def sent(teams: Any, mutation: str, **given: Any) -> None:
    assert (await teams.send(mutation, **given))["userErrors"] == []


async def test_each_change_of_members_is_told_and_no_other_is(teams: Any) -> None:
    key, other = await teams.make("Desk"), await teams.make("Other")
    bob, cem = teams.bob, teams.cem
    async with told(teams, teams.reader, key) as parts:
        await sent(teams, ADD, groupId=other, userIds=[bob])
        await sent(teams, RENAME, id=key, name="Front desk")
        await sent(teams, AWAY, availability="AWAY")
        await sent(teams, ADD, groupId=key, userIds=[cem], skills=["vpn"])
        first = await next_of(parts)
        await sent(teams, ADD, groupId=key, userIds=[bob])
        second = await next_of(parts)
        await sent(teams, CHANGE, groupId=key, userId=cem, capacity=3)
        third = await next_of(parts)
        await sent(teams, REMOVE, groupId=key, userIds=[bob])
        fourth = await next_of(parts)
    is_cem = {"node": {"id": cem}, "skills": ["vpn"], "capacity": None}
    is_bob = {"node": {"id": bob}, "skills": [], "capacity": None}
    able = {**is_cem, "capacity": 3}
    desk = {"name": "Front desk", "viewerIsMember": False}
    assert first == {**desk, "version": 3, "members": {"edges": [is_cem]}}
    desk["viewerIsMember"] = True
    assert second == {**desk, "version": 4, "members": {"edges": [is_cem, is_bob]}}
    assert third == {**desk, "version": 5, "members": {"edges": [able, is_bob]}}
    desk["viewerIsMember"] = False
    assert fourth == {**desk, "version": 6, "members": {"edges": [able]}}


async def test_two_are_told_each_of_their_own_group(teams: Any) -> None:
    desk, field = await teams.make("Desk"), await teams.make("Field")
    async with (
        told(teams, teams.reader, desk) as one,
        told(teams, teams.admin, field) as two,
    ):
        await sent(teams, ADD, groupId=field, userIds=[teams.bob])
        await sent(teams, ADD, groupId=desk, userIds=[teams.cem])
        assert (await next_of(one))["name"] == "Desk"
        assert (await next_of(two))["name"] == "Field"


@pytest.mark.parametrize(
    "key", ["grp_01m81agjpgfhdbdabapyn60w5g", "usr_1", "", "no\x00id"]
)
async def test_a_group_that_is_not_there_is_null_and_no_more(
    teams: Any, key: str
) -> None:
    async with opened(teams, teams.reader, key) as parts:
        assert await next_of(parts) is None
        assert await parts.payload() is None


async def test_who_may_not_read_groups_is_refused(teams: Any) -> None:
    key = await teams.make("Desk")
    who = {"subject": teams.bob, "scopes": ["tickets:read"]}
    async with opened(teams, who, key) as parts:
        (error,) = (await parts.payload())["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
