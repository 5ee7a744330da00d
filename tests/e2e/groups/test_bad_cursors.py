"""Lists of groups and their members go on from their own places alone."""

from typing import Any

from tests.support.bad_cursors import try_cursors

EDGES = "{ edges { cursor } }"
LISTS = {
    "groups": f"query ($after: String) {{ groups(first: 1, after: $after) {EDGES} }}",
    "members": f"""query ($after: String, $desk: ID!) {{
      group(id: $desk) {{ members(first: 1, after: $after) {EDGES} }} }}""",
}
ADD = """
mutation ($in: AddGroupMembersInput!) {
  addGroupMembers(input: $in) { userErrors { code path } }
}
"""


async def test_a_list_goes_on_from_its_own_places_alone(teams: Any) -> None:
    desk = await teams.make("Desk")
    them = {"groupId": desk, "userIds": [teams.bob, teams.cem]}
    assert (await teams.send(ADD, **them))["userErrors"] == []
    await try_cursors(teams, LISTS, {"desk": desk}, teams.reader)
