"""Each right of somebody says through which roles they hold it, and where."""

from typing import Any

from tests.support.house import GROUP, House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import ASSIGN, change

SOURCES = """
query ($id: ID!) { user(id: $id) {
  permissions
  permissionSources { permission everywhere heldThrough {
    role { key } scope department { code } group { id }
  } }
} }
"""


async def test_each_right_says_through_which_roles_it_is_held_where(
    users: Subgraph, house: House
) -> None:
    eve, sales = house.people["eve"], house.departments["sales"]
    for given in (
        {"roleKey": "agent", "scope": "GROUP", "groupId": GROUP},
        {"roleKey": "manager", "scope": "DEPARTMENT", "departmentId": sales},
    ):
        payload = await change(users, ASSIGN, {"userId": eve, **given}, **house.admin())
        assert payload["userErrors"] == []
    with users.counted() as statements:
        data = await users.data(
            SOURCES, {"id": eve}, subject=eve, scopes=["users:read"]
        )
    assert len(statements) == 3  # the person, what they hold, the departments
    at: dict[str, Any] = {"department": None, "group": None}
    requester = {"role": {"key": "requester"}, "scope": "GLOBAL", **at}
    agent = {"role": {"key": "agent"}, "scope": "GROUP", **at, "group": {"id": GROUP}}
    manager = {"role": {"key": "manager"}, "scope": "DEPARTMENT", **at}
    manager["department"] = {"code": "SALES"}
    admin = {"role": {"key": "admin"}, "scope": "DEPARTMENT", **at}
    admin["department"] = {"code": "OPERATIONS"}
    found = {each["permission"]: each for each in data["user"]["permissionSources"]}
    assert list(found) == sorted(found)
    assert data["user"]["permissions"] == [
        "tickets:read",
        "tickets:write",
        "users:read",
    ]
    assert found["tickets:read"] == {
        "permission": "tickets:read",
        "everywhere": True,
        "heldThrough": [admin, agent, manager, requester],
    }
    assert found["tickets:read_group"] == {
        "permission": "tickets:read_group",
        "everywhere": False,
        "heldThrough": [admin, agent],
    }
    assert found["tickets:read_department"]["heldThrough"] == [admin, manager]
    assert [each for each in found if found[each]["everywhere"]] == (
        data["user"]["permissions"]
    )
    for who in (house.reader(), house.nobody()):
        seen = (await users.data(SOURCES, {"id": eve}, **who))["user"]
        assert seen in (None, {"permissions": None, "permissionSources": None})
