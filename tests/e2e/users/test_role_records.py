"""What roles allow is data: said, changed, retired, and never beyond one's own."""

import asyncio
from typing import Any

import pytest

from subgraphs.users.models import LONGEST_KEY, LONGEST_NAME, MOST_PERMISSIONS
from tests.support.house import ADMIN_SCOPES, House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import (
    ASSIGN,
    CREATE,
    CREATE_ROLE,
    UPDATE_ROLE,
    change,
    refused,
)

ROLES = """
{ roles(retired: true) { id key name permissions builtIn retired version } }
"""
KINDS = """
query { userEventFeed { events { kind entityId payload } } }
"""
IMPORT = """
mutation ($csv: String!) {
  importPeople(input: {csv: $csv}) { rows { outcome problems { column code } } }
}
"""
AUDITOR: dict[str, Any] = {
    "key": "auditor",
    "name": "Auditor",
    "permissions": ["tickets:read_all", "tickets:read", "tickets:read"],
}


async def roles(users: Subgraph, house: House) -> dict[str, dict[str, Any]]:
    found = (await users.data(ROLES, **house.reader()))["roles"]
    return {role["key"]: role for role in found}


async def made(users: Subgraph, house: House, **more: Any) -> str:
    given = {**AUDITOR, **more}
    payload = await change(users, CREATE_ROLE, given, **house.admin())
    assert payload["userErrors"] == [], payload
    key: str = payload["role"]["id"]
    return key


async def test_a_role_is_added_given_and_changed(users: Subgraph, house: House) -> None:
    payload = await change(users, CREATE_ROLE, AUDITOR, **house.admin())
    key = payload["role"].pop("id")
    assert payload == {
        "role": {
            "key": "auditor",
            "name": "Auditor",
            "permissions": ["tickets:read", "tickets:read_all"],
            "builtIn": False,
            "retired": False,
            "version": 1,
        },
        "userErrors": [],
    }
    dot = {"userId": house.people["dot"], "roleKey": "auditor"}
    assert (await change(users, ASSIGN, dot, **house.admin()))["userErrors"] == []
    more = {"id": key, "permissions": ["tickets:triage"], "expectedVersion": 1}
    payload = await change(users, UPDATE_ROLE, more, **house.admin())
    changed = {"name": "Auditor", "permissions": ["tickets:triage"]}
    assert payload == {
        "role": {**changed, "retired": False, "version": 2},
        "userErrors": [],
    }
    held = "query ($id: ID!) { user(id: $id) { permissions } }"
    seen = await users.data(held, {"id": house.people["dot"]}, **house.admin())
    assert seen["user"]["permissions"] == [
        "tickets:read",
        "tickets:triage",
        "tickets:write",
        "users:read",
    ]
    nothing = {"id": key, "name": "Auditor", "retired": False}
    payload = await change(users, UPDATE_ROLE, nothing, **house.admin())
    assert payload["role"]["version"] == 2
    feed = await users.data(KINDS, subject="sva_1", scopes=["events:read"])
    whole = {"key": "auditor", "name": "Auditor", "retired": False}
    told = [
        (each["kind"], each["payload"])
        for each in feed["userEventFeed"]["events"]
        if each["entityId"] == key
    ]
    assert told == [
        (
            "ROLE_CREATED",
            {**whole, "permissions": ["tickets:read", "tickets:read_all"]},
        ),
        ("ROLE_CHANGED", {**whole, "permissions": ["tickets:triage"]}),
    ]


async def test_a_retired_role_is_given_to_nobody_and_kept_by_those_who_hold_it(
    users: Subgraph, house: House
) -> None:
    key = await made(users, house)
    dot = {"userId": house.people["dot"], "roleKey": "auditor"}
    await change(users, ASSIGN, dot, **house.admin())
    gone = {"id": key, "retired": True}
    payload = await change(users, UPDATE_ROLE, gone, **house.admin())
    assert payload["role"]["retired"] is True
    cem = {"userId": house.people["cem"], "roleKey": "auditor"}
    payload = await change(users, ASSIGN, cem, **house.admin())
    assert payload == {"user": None, "userErrors": refused(("INVALID", "roleKey"))}
    new = {"email": "new@example.com", "name": "New", "roleKeys": ["auditor"]}
    payload = await change(users, CREATE, new, **house.admin())
    assert payload == {"user": None, "userErrors": refused(("INVALID", "roleKeys"))}
    csv = "email,name,roles\nx@y.example,X,auditor"
    imported = await users.data(IMPORT, {"csv": csv}, **house.admin())
    (row,) = imported["importPeople"]["rows"]
    assert row == {
        "outcome": "FAILED",
        "problems": [{"column": "roles", "code": "INVALID"}],
    }
    held = "{ roles { key } viewer { roles { role { key retired } } } }"
    data = await users.data(held, **house.reader())
    assert "auditor" not in {role["key"] for role in data["roles"]}
    assert data["viewer"]["roles"] == [
        {"role": {"key": "auditor", "retired": True}},
        {"role": {"key": "requester", "retired": False}},
    ]
    payload = await change(
        users, UPDATE_ROLE, {"id": key, "retired": False}, **house.admin()
    )
    assert payload["role"] | {"version": 0} == {
        "name": "Auditor",
        "permissions": ["tickets:read", "tickets:read_all"],
        "retired": False,
        "version": 0,
    }
    assert (await change(users, ASSIGN, cem, **house.admin()))["userErrors"] == []


BAD_ROLES: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"key": ""}, "REQUIRED", ["key"]),
    ({"key": "A"}, "INVALID", ["key"]),
    ({"key": "@scoped"}, "INVALID", ["key"]),
    ({"key": "1a"}, "INVALID", ["key"]),
    ({"key": "a\u0000"}, "INVALID", ["key"]),
    ({"key": "a" * (LONGEST_KEY + 1)}, "TOO_LONG", ["key"]),
    ({"key": "admin"}, "TAKEN", ["key"]),
    ({"name": " "}, "REQUIRED", ["name"]),
    ({"name": "a\u202eb"}, "INVALID", ["name"]),
    ({"name": "a" * (LONGEST_NAME + 1)}, "TOO_LONG", ["name"]),
    ({"permissions": ["tickets:read", "all"]}, "INVALID", ["permissions", "1"]),
    ({"permissions": ["tickets:read\n"]}, "INVALID", ["permissions", "0"]),
    ({"permissions": ["a:" + "b" * 80]}, "INVALID", ["permissions", "0"]),
    ({"permissions": ["a:b"] * (MOST_PERMISSIONS + 1)}, "TOO_LONG", ["permissions"]),
]


@pytest.mark.parametrize(("wrong", "code", "path"), BAD_ROLES)
async def test_what_cannot_be_a_role_is_refused(
    users: Subgraph, house: House, wrong: dict[str, Any], code: str, path: list[str]
) -> None:
    key = await made(users, house, key="other")
    before = await roles(users, house)
    error = [{"code": code, "path": ["input", *path]}]
    payload = await change(users, CREATE_ROLE, {**AUDITOR, **wrong}, **house.admin())
    assert payload == {"role": None, "userErrors": error}
    if "key" not in wrong:
        payload = await change(
            users, UPDATE_ROLE, {"id": key, **wrong}, **house.admin()
        )
        assert payload == {"role": None, "userErrors": error}
    assert await roles(users, house) == before


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"id": "rol_01m81agjpgfhdbdabapyn60w59"}, "NOT_FOUND", "id"),
        ({"id": "dep_01m81agjpgfhdbdabapyn60w5g"}, "NOT_FOUND", "id"),
        ({"id": "no id"}, "NOT_FOUND", "id"),
        ({"expectedVersion": 7}, "STALE", "expectedVersion"),
        ({"name": None}, "REQUIRED", "name"),
        ({"permissions": None}, "REQUIRED", "permissions"),
        ({"retired": None}, "REQUIRED", "retired"),
    ],
)
async def test_what_cannot_become_of_a_role_is_refused(
    users: Subgraph, house: House, given: dict[str, Any], code: str, path: str
) -> None:
    key = await made(users, house)
    before = await roles(users, house)
    asked = {"id": key, "name": "Another", **given}
    payload = await change(users, UPDATE_ROLE, asked, **house.admin())
    assert payload["userErrors"] == refused((code, path))
    assert (payload["role"] is not None) is (code == "STALE")
    assert await roles(users, house) == before


async def test_administering_cannot_be_given_away(
    users: Subgraph, house: House
) -> None:
    before = await roles(users, house)
    admin, agent = before["admin"]["id"], before["agent"]["id"]
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"id": admin, "permissions": []}, ("LAST_ADMIN", "permissions")),
        ({"id": admin, "retired": True}, ("LAST_ADMIN", "retired")),
        ({"id": agent, "retired": True}, ("INVALID", "retired")),
    ]
    for given, error in cases:
        payload = await change(users, UPDATE_ROLE, given, **house.admin())
        assert payload == {"role": None, "userErrors": refused(error)}, given
    for lost in ("users:read", "users:manage", "roles:assign", "roles:manage"):
        rest = [each for each in before["admin"]["permissions"] if each != lost]
        given = {"id": admin, "permissions": rest}
        payload = await change(users, UPDATE_ROLE, given, **house.admin())
        assert payload["userErrors"] == refused(("LAST_ADMIN", "permissions")), lost
    assert await roles(users, house) == before
    rest = [p for p in before["admin"]["permissions"] if p != "tickets:import"]
    payload = await change(
        users, UPDATE_ROLE, {"id": admin, "permissions": rest}, **house.admin()
    )
    assert payload["role"]["permissions"] == sorted(rest)


async def test_nobody_puts_more_into_a_role_than_they_have(
    users: Subgraph, house: House
) -> None:
    clerk: dict[str, Any] = {
        "subject": house.people["fay"],
        "scopes": ["users:read", "roles:manage", "tickets:read"],
    }
    before = await roles(users, house)
    more = refused(("FORBIDDEN", "permissions"))
    for permission in ("tickets:work", "assets:read"):
        given = {**AUDITOR, "permissions": ["tickets:read", permission]}
        payload = await change(users, CREATE_ROLE, given, **clerk)
        assert payload == {"role": None, "userErrors": more}
    for key, given in (
        ("agent", {"permissions": ["tickets:read"]}),  # takes what they have not
        ("agent", {"name": "Nobody"}),
        ("admin", {"name": "Nobody"}),
    ):
        asked = {"id": before[key]["id"], **given}
        payload = await change(users, UPDATE_ROLE, asked, **clerk)
        assert payload == {"role": None, "userErrors": more}, asked
    assert await roles(users, house) == before
    given = {**AUDITOR, "permissions": ["tickets:read"]}
    payload = await change(users, CREATE_ROLE, given, **clerk)
    assert payload["userErrors"] == []
    without = {"subject": house.people["fay"], "scopes": ["users:read", "tickets:read"]}
    none = {**AUDITOR, "key": "x", "permissions": []}
    payload = await change(users, CREATE_ROLE, none, **without)
    assert payload == {"role": None, "userErrors": refused(("FORBIDDEN", None))}
    assert set(await roles(users, house)) == {*before, "auditor"}


async def test_administrators_bring_in_the_permissions_of_a_new_domain(
    users: Subgraph, house: House
) -> None:
    admin = (await roles(users, house))["admin"]
    everything = [*admin["permissions"], "assets:read"]
    given = {"id": admin["id"], "permissions": everything}
    payload = await change(users, UPDATE_ROLE, given, **house.admin())
    assert payload["role"]["permissions"] == sorted(everything)
    fewer = [each for each in ADMIN_SCOPES if each != "tickets:triage"]
    who = {"subject": house.people["ada"], "scopes": fewer}
    keeper = {"key": "keeper", "name": "Keeper", "permissions": ["assets:manage"]}
    payload = await change(users, CREATE_ROLE, keeper, **who)
    assert payload["userErrors"] == refused(("FORBIDDEN", "permissions"))


async def test_the_same_key_adds_one_role_however_often_it_is_sent(
    users: Subgraph, house: House
) -> None:
    given = {**AUDITOR, "idempotencyKey": "k"}
    payloads = await asyncio.gather(
        *(change(users, CREATE_ROLE, given, **house.admin()) for _ in range(4))
    )
    assert {payload["role"]["id"] for payload in payloads} == {
        (await roles(users, house))["auditor"]["id"]
    }
    other = {**given, "name": "Other"}
    answer = await users.ask(CREATE_ROLE, {"input": other}, **house.admin())
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
