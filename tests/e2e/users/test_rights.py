import pytest

from tests.support.house import House
from tests.support.subgraph import Subgraph


async def test_roles_say_what_they_allow(users: Subgraph, house: House) -> None:
    data = await users.data("{ roles { key builtIn permissions } }", **house.reader())
    roles = {role["key"]: role for role in data["roles"]}
    assert sorted(roles) == [
        "admin",
        "agent",
        "analyst",
        "dispatcher",
        "manager",
        "requester",
    ]
    assert all(role["builtIn"] for role in roles.values())
    every = {p for role in roles.values() for p in role["permissions"]}
    assert every == set(roles["admin"]["permissions"])
    assert set(roles["agent"]["permissions"]) == {
        "users:read",
        "tickets:read",
        "tickets:write",
        "tickets:work",
        "tickets:read_group",
    }


async def test_permissions_are_told_to_oneself_and_to_who_may_read_them(
    users: Subgraph, house: House
) -> None:
    query = "query ($id: ID!) { user(id: $id) { permissions } }"
    eve = {"id": house.people["eve"]}
    data = await users.data(query, eve, **house.reader())
    assert data == {"user": {"permissions": None}}
    own = {"subject": house.people["eve"], "scopes": []}
    requester = ["tickets:read", "tickets:write", "users:read"]
    # an administrator of one department is none in their token
    assert await users.data(query, eve, **own) == {"user": {"permissions": requester}}
    service = {"subject": "auth", "session": None}
    reading = {**service, "scopes": ["users:read", "permissions:read"]}
    data = await users.data(query, eve, **reading)
    assert data == {"user": {"permissions": requester}}


async def test_without_users_read_people_see_themselves_alone(
    users: Subgraph, house: House
) -> None:
    query = """
    query ($me: ID!, $boss: ID!, $it: ID!) {
      me: user(id: $me) {
        name department { code } manager { name } directReports { totalCount }
        roles { role { key } }
      }
      boss: user(id: $boss) { name }
      mail: user(email: "ada@example.com") { name }
      department(id: $it) { code }
      _entities(representations: [
        { __typename: "User", id: $boss }
        { __typename: "User", email: "ada@example.com" }
        { __typename: "Department", id: $it }
        { __typename: "User", id: $me }
      ]) { __typename }
    }
    """
    ids = {
        "me": house.people["dot"],
        "boss": house.people["ben"],
        "it": house.departments["it"],
    }
    data = await users.data(query, ids, **house.nobody())
    assert data == {
        "me": {
            "name": "Dot Example",
            "department": None,
            "manager": None,
            "directReports": {"totalCount": 0},
            "roles": [{"role": {"key": "requester"}}],
        },
        "boss": None,
        "mail": None,
        "department": None,
        "_entities": [None, None, None, {"__typename": "User"}],
    }
    # a service account's subject is nobody's id, even where the texts agree
    service = {**house.nobody(), "session": None}
    data = await users.data("query ($me: ID!) { user(id: $me) { id } }", ids, **service)
    assert data == {"user": None}


@pytest.mark.parametrize("field", ["users", "departments"])
async def test_lists_without_users_read_are_forbidden(
    users: Subgraph, house: House, field: str
) -> None:
    answer = await users.ask(f"{{ {field} {{ totalCount }} }}", **house.nobody())
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["FORBIDDEN"]
    assert answer["data"] is None
    answer = await users.ask("{ roles { key } }", **house.nobody())
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["FORBIDDEN"]
