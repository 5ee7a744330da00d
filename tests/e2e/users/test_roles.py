import asyncio
from typing import Any

from kit.ids import new_id
from tests.support.house import GROUP, SILENT, House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import (
    ASSIGN,
    CREATE,
    REVOKE,
    UPDATE,
    change,
    refused,
)


async def test_a_role_is_given_where_it_is_said_and_once(
    users: Subgraph, house: House
) -> None:
    dot = house.people["dot"]
    sales = house.departments["sales"]
    givens: list[dict[str, Any]] = [
        {"userId": dot, "roleKey": "agent", "scope": "GROUP", "groupId": GROUP},
        {"userId": dot, "roleKey": "manager", "scope": "DEPARTMENT"}
        | {"departmentId": sales},
        {"userId": dot, "roleKey": "requester"},
    ]
    payload: dict[str, Any] = {}
    for given in givens:
        payload = await change(users, ASSIGN, given, **house.admin())
        assert payload["userErrors"] == []
    by_ada = {"name": "Ada Example"}
    assert payload["user"] == {
        "version": 3,  # the third gave what was there already
        "roles": [
            {
                "role": {"key": "agent"},
                "scope": "GROUP",
                "department": None,
                "group": {"id": GROUP},
                "grantedBy": by_ada,
            },
            {
                "role": {"key": "manager"},
                "scope": "DEPARTMENT",
                "department": {"code": "SALES"},
                "group": None,
                "grantedBy": by_ada,
            },
            {
                "role": {"key": "requester"},
                "scope": "GLOBAL",
                "department": None,
                "group": None,
                "grantedBy": None,
            },
        ],
    }


async def test_a_role_needs_the_ids_of_its_scope_and_no_others(
    users: Subgraph, house: House
) -> None:
    ids = {"departmentId": house.departments["it"], "groupId": GROUP}
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"scope": "DEPARTMENT"}, ("REQUIRED", "departmentId")),
        ({"scope": "GROUP"}, ("REQUIRED", "groupId")),
        ({"departmentId": ids["departmentId"]}, ("INVALID", "departmentId")),
        ({"groupId": GROUP}, ("INVALID", "groupId")),
        ({"scope": "DEPARTMENT", **ids}, ("INVALID", "groupId")),
        ({"scope": "GROUP", "groupId": "grp_1"}, ("NOT_FOUND", "groupId")),
        (
            {"scope": "DEPARTMENT", "departmentId": house.people["ada"]},
            ("NOT_FOUND", "departmentId"),
        ),
    ]
    for given, error in cases:
        asked = {"userId": house.people["dot"], "roleKey": "agent", **given}
        for mutation in (ASSIGN, REVOKE):
            payload = await change(users, mutation, asked, **house.admin())
            assert payload == {"user": None, "userErrors": refused(error)}, given


async def test_a_role_is_held_in_no_group_that_there_is_not(
    users: Subgraph, house: House
) -> None:
    dot = house.people["dot"]
    given = {"userId": dot, "roleKey": "agent", "scope": "GROUP"}
    for group in (new_id("grp"), dot, "grp_\x00"):
        asked = {**given, "groupId": group}
        payload = await change(users, ASSIGN, asked, **house.admin())
        error = ("NOT_FOUND", "groupId")
        assert payload == {"user": None, "userErrors": refused(error)}
    answer = await users.ask(
        ASSIGN, {"input": {**given, "groupId": SILENT}}, **house.admin()
    )
    assert [each["extensions"]["code"] for each in answer["errors"]] == [
        "SUBGRAPH_UNAVAILABLE"
    ]
    kept = '{ user(email: "dot@example.com") { roles { scope } } }'
    found = await users.data(kept, **house.admin())
    assert {each["scope"] for each in found["user"]["roles"]} == {"GLOBAL"}


async def test_nobody_gives_or_takes_more_than_they_have(
    users: Subgraph, house: House
) -> None:
    clerk: dict[str, Any] = {
        "subject": house.people["fay"],
        "scopes": [
            "users:read",
            "users:manage",
            "roles:assign",
            "tickets:read",
            "tickets:write",
            "tickets:read_department",
        ],
    }
    fay = house.people["fay"]
    to_self = {"userId": fay, "roleKey": "admin"}
    payload = await change(users, ASSIGN, to_self, **clerk)
    assert payload == {"user": None, "userErrors": refused(("FORBIDDEN", "roleKey"))}
    scoped = {**to_self, "scope": "GROUP", "groupId": GROUP}
    payload = await change(users, ASSIGN, scoped, **clerk)
    assert payload["userErrors"] == refused(("FORBIDDEN", "roleKey"))
    from_ada = {"userId": house.people["ada"], "roleKey": "admin"}
    payload = await change(users, REVOKE, from_ada, **clerk)
    assert payload["userErrors"] == refused(("FORBIDDEN", "roleKey"))
    ada_out = {"id": house.people["ada"], "active": False}
    payload = await change(users, UPDATE, ada_out, **clerk)
    assert payload["userErrors"] == refused(("FORBIDDEN", "active"))
    new = {"email": "x@example.com", "name": "X", "roleKeys": ["requester", "agent"]}
    payload = await change(users, CREATE, new, **clerk)
    assert [e["code"] for e in payload["userErrors"]] == ["FORBIDDEN"]

    within = {"userId": house.people["dot"], "roleKey": "manager"}
    assert (await change(users, ASSIGN, within, **clerk))["userErrors"] == []
    query = '{ users(filter: {roleKey: {eq: "admin"}}) { nodes { name active } } }'
    data = await users.data(query, **house.reader())
    assert data["users"]["nodes"] == [
        {"name": "Ada Example", "active": True},
        {"name": "Eve Example", "active": True},
    ]


async def test_an_administrator_always_remains(users: Subgraph, house: House) -> None:
    ada, ben = house.people["ada"], house.people["ben"]
    revoke = {"userId": ada, "roleKey": "admin"}
    payload = await change(users, REVOKE, revoke, **house.admin())
    assert payload["userErrors"] == refused(("LAST_ADMIN", "userId"))
    payload = await change(users, UPDATE, {"id": ada, "active": False}, **house.admin())
    assert payload["userErrors"] == refused(("LAST_ADMIN", "active"))

    promote = {"userId": ben, "roleKey": "admin"}
    assert (await change(users, ASSIGN, promote, **house.admin()))["userErrors"] == []
    payloads = await asyncio.gather(
        change(users, REVOKE, revoke, **house.admin()),
        change(users, UPDATE, {"id": ben, "active": False}, **house.admin()),
    )
    codes = [[e["code"] for e in payload["userErrors"]] for payload in payloads]
    assert sorted(codes) == [[], ["LAST_ADMIN"]]


async def test_a_role_that_is_not_held_there_is_not_taken(
    users: Subgraph, house: House
) -> None:
    given = {"userId": house.people["eve"], "roleKey": "admin"}
    payload = await change(users, REVOKE, given, **house.admin())
    assert payload["userErrors"] == refused(("NOT_FOUND", "roleKey"))
    given |= {"scope": "DEPARTMENT", "departmentId": house.departments["operations"]}
    payload = await change(users, REVOKE, given, **house.admin())
    assert payload == {
        "user": {"roles": [{"role": {"key": "requester"}, "scope": "GLOBAL"}]},
        "userErrors": [],
    }
