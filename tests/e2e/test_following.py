"""Tickets follow groups through the public graph, in their own name."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.house import settled
from tests.support.stack import Graph, running_graph, trusting_verifier
from tests.support.streams import until

KNOWN = """
SELECT name, lead_id, assignment_policy,
  (SELECT array_agg(user_id ORDER BY user_id) FROM group_members
   WHERE group_id = id) AS members,
  (SELECT array_agg(user_id) FROM availabilities_known
   WHERE availability <> 'AVAILABLE') AS away
FROM groups_known ORDER BY name
"""
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
REMOVE = """
mutation ($in: RemoveGroupMembersInput!) {
  removeGroupMembers(input: $in) { userErrors { code } }
}
"""
AWAY = """
mutation { setAvailability(input: {availability: AWAY}) { userErrors { code } } }
"""


@pytest.fixture
async def following(database_url: Callable[[str], str]) -> AsyncGenerator[Graph]:
    """The whole stack, its services doing what they do by themselves."""
    trust = trusting_verifier()
    async with running_graph(database_url, trust=trust, follows=True) as running:
        yield running


async def known(graph: Graph) -> list[dict[str, Any]]:
    async with graph.stack.services["tickets"].database.unit_of_work() as session:
        return [dict(row) for row in (await session.execute(text(KNOWN))).mappings()]


async def becomes(graph: Graph, wanted: list[dict[str, Any]]) -> None:
    """Wait until tickets know just this."""

    async def so_it_is() -> bool:
        return await known(graph) == wanted

    with suppress(TimeoutError):
        await until(so_it_is)
    assert await known(graph) == wanted


async def test_tickets_know_groups_and_who_is_there_some_moments_later(
    following: Graph,
) -> None:
    house = await settled(following.stack.services["users"].database)
    by = house.admin()
    ben, cem = sorted([house.people["ben"], house.people["cem"]])
    given = {"name": "Network", "kind": "ASSIGNMENT", "leadId": ben}
    made = await following.data(CREATE, {"in": given}, **by)
    key = made["createGroup"]["group"]["id"]
    expected: dict[str, Any] = {
        "name": "Network",
        "lead_id": ben,
        "assignment_policy": "MANUAL",
        "members": None,
        "away": None,
    }
    await becomes(following, [expected])
    both = {"groupId": key, "userIds": [ben, cem]}
    await following.data(ADD, {"in": both}, **by)
    await following.data(AWAY, subject=cem)
    await becomes(following, [{**expected, "members": [ben, cem], "away": [cem]}])
    await following.data(REMOVE, {"in": {"groupId": key, "userIds": [ben]}}, **by)
    await becomes(following, [{**expected, "members": [cem], "away": [cem]}])


async def test_a_subgraph_that_is_away_for_a_while_costs_nothing_but_time(
    following: Graph,
) -> None:
    house = await settled(following.stack.services["users"].database)
    given = {"name": "Network", "kind": "ASSIGNMENT", "leadId": house.people["ben"]}
    await following.data(CREATE, {"in": given}, **house.admin())
    with following.without("groups"):
        await asyncio.sleep(0.1)
    more = {"name": "Printers", "kind": "ASSIGNMENT"}
    await following.data(CREATE, {"in": more}, **house.admin())

    lead = {"lead_id": house.people["ben"], "assignment_policy": "MANUAL"}
    nobody = {"members": None, "away": None}
    await becomes(
        following,
        [
            {"name": "Network", **lead, **nobody},
            {"name": "Printers", **lead, **nobody, "lead_id": None},
        ],
    )
