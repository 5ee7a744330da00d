import asyncio
from typing import Any

from tests.support.house import House
from tests.support.subgraph import Subgraph

CREATE = """
mutation ($input: CreateUserInput!) {
  createUser(input: $input) {
    user { id email name active locale timeZone version permissions
           department { code } manager { name } roles { role { key } scope } }
    userErrors { code path }
  }
}
"""
UPDATE = """
mutation ($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user { name version active locale department { code } manager { name } }
    userErrors { code path }
  }
}
"""
ASSIGN = """
mutation ($input: AssignRoleInput!) {
  assignRole(input: $input) {
    user { version roles { role { key } scope department { code } group { id }
                           grantedBy { name } } }
    userErrors { code path }
  }
}
"""
REVOKE = """
mutation ($input: RevokeRoleInput!) {
  revokeRole(input: $input) {
    user { roles { role { key } scope } } userErrors { code path }
  }
}
"""
CREATE_DEPARTMENT = """
mutation ($input: CreateDepartmentInput!) {
  createDepartment(input: $input) {
    department { code name parent { code } head { name } version }
    userErrors { code path }
  }
}
"""
UPDATE_DEPARTMENT = """
mutation ($input: UpdateDepartmentInput!) {
  updateDepartment(input: $input) {
    department { code name parent { code } head { name } version }
    userErrors { code path }
  }
}
"""
GROUP = "grp_01m81agjpgfhdbdabapyn60w5g"


async def change(
    users: Subgraph, mutation: str, given: dict[str, Any], **who: Any
) -> dict[str, Any]:
    data = await users.data(mutation, {"input": given}, **who)
    (payload,) = data.values()
    found: dict[str, Any] = payload
    return found


def refused(*errors: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [
        {"code": code, "path": ["input", field] if field else None}
        for code, field in errors
    ]


async def test_a_person_is_added_as_a_requester(users: Subgraph, house: House) -> None:
    given = {
        "email": "Hal@Example.com",
        "name": " Hal Example ",
        "departmentId": house.departments["operations"],
        "managerId": house.people["cem"],
        "locale": "de-AT",
        "timeZone": "Europe/Vienna",
    }
    payload = await change(users, CREATE, given, **house.admin())
    user = payload["user"]
    assert user.pop("id").startswith("usr_")
    assert payload == {
        "user": {
            "email": "hal@example.com",
            "name": "Hal Example",
            "active": True,
            "locale": "de-AT",
            "timeZone": "Europe/Vienna",
            "version": 1,
            "permissions": ["tickets:read", "tickets:write", "users:read"],
            "department": {"code": "OPERATIONS"},
            "manager": {"name": "Cem Example"},
            "roles": [{"role": {"key": "requester"}, "scope": "GLOBAL"}],
        },
        "userErrors": [],
    }


async def test_absent_is_unchanged_and_null_clears(
    users: Subgraph, house: House
) -> None:
    cem = house.people["cem"]
    given = {"id": cem, "managerId": None, "locale": "fr"}
    payload = await change(users, UPDATE, given, **house.admin())
    assert payload == {
        "user": {
            "name": "Cem Example",
            "version": 2,
            "active": True,
            "locale": "fr",
            "department": {"code": "IT"},
            "manager": None,
        },
        "userErrors": [],
    }
    again = await change(users, UPDATE, given, **house.admin())
    assert again["user"]["version"] == 2  # nothing changed, so it is the same version


async def test_people_change_their_own_language_and_nothing_else(
    users: Subgraph, house: House
) -> None:
    dot = house.people["dot"]
    own = await change(users, UPDATE, {"id": dot, "locale": "tr"}, **house.nobody())
    assert (own["user"]["locale"], own["userErrors"]) == ("tr", [])
    for field, value in (("name", "Dorothy"), ("active", False), ("managerId", None)):
        payload = await change(
            users, UPDATE, {"id": dot, field: value}, **house.nobody()
        )
        assert payload == {"user": None, "userErrors": refused(("FORBIDDEN", None))}
    query = "{ viewer { name active version } }"
    data = await users.data(query, **house.nobody())
    assert data["viewer"] == {"name": "Dot Example", "active": True, "version": 2}


async def test_whoever_may_not_see_a_person_is_told_there_is_none(
    users: Subgraph, house: House
) -> None:
    given = {"id": house.people["ada"], "locale": "tr"}
    payload = await change(users, UPDATE, given, **house.nobody())
    assert payload == {"user": None, "userErrors": refused(("NOT_FOUND", "id"))}


async def test_a_stale_version_changes_nothing_and_shows_what_is(
    users: Subgraph, house: House
) -> None:
    cem = house.people["cem"]
    given = {"id": cem, "name": "Cem One", "expectedVersion": 1}
    assert (await change(users, UPDATE, given, **house.admin()))["userErrors"] == []
    given = {"id": cem, "name": "Cem Two", "expectedVersion": 1}
    payload = await change(users, UPDATE, given, **house.admin())
    assert payload["userErrors"] == refused(("STALE", "expectedVersion"))
    assert (payload["user"]["name"], payload["user"]["version"]) == ("Cem One", 2)


async def test_of_parallel_changes_to_one_version_one_wins(
    users: Subgraph, house: House
) -> None:
    payloads = await asyncio.gather(
        *(
            change(
                users,
                UPDATE,
                {"id": house.people["cem"], "name": f"Cem {n}", "expectedVersion": 1},
                **house.admin(),
            )
            for n in range(5)
        )
    )
    codes = sorted(e["code"] for p in payloads for e in p["userErrors"])
    assert codes == ["STALE"] * 4


async def test_nobody_reports_to_themselves(users: Subgraph, house: House) -> None:
    for boss in ("ben", "cem", "eve"):
        given = {"id": house.people["ben"], "managerId": house.people[boss]}
        payload = await change(users, UPDATE, given, **house.admin())
        assert payload["userErrors"] == refused(("CYCLE", "managerId"))
    ben = await users.data(
        "query ($id: ID!) { user(id: $id) { version manager { name } } }",
        {"id": house.people["ben"]},
        **house.reader(),
    )
    assert ben["user"] == {"version": 1, "manager": {"name": "Ada Example"}}


async def test_two_moves_at_once_make_no_circle(users: Subgraph, house: House) -> None:
    cem, dot = house.people["cem"], house.people["dot"]
    payloads = await asyncio.gather(
        change(users, UPDATE, {"id": cem, "managerId": dot}, **house.admin()),
        change(users, UPDATE, {"id": dot, "managerId": cem}, **house.admin()),
    )
    codes = [[e["code"] for e in payload["userErrors"]] for payload in payloads]
    assert sorted(codes) == [[], ["CYCLE"]]


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


async def test_whoever_left_is_named_still_and_may_come_back(
    users: Subgraph, house: House
) -> None:
    gus = house.people["gus"]
    payload = await change(users, UPDATE, {"id": gus, "active": True}, **house.admin())
    assert payload["user"]["active"] is True
    payload = await change(users, UPDATE, {"id": gus, "active": False}, **house.admin())
    assert payload["user"] == {
        "name": "Gus Example",
        "version": 3,
        "active": False,
        "locale": "en",
        "department": {"code": "SALES"},
        "manager": {"name": "Fay Example"},
    }


async def test_departments_are_added_and_moved_but_never_into_themselves(
    users: Subgraph, house: House
) -> None:
    given: dict[str, Any] = {
        "code": "NET",
        "name": "Networks",
        "parentId": house.departments["operations"],
        "headId": house.people["eve"],
    }
    payload = await change(users, CREATE_DEPARTMENT, given, **house.admin())
    assert payload == {
        "department": {
            "code": "NET",
            "name": "Networks",
            "parent": {"code": "OPERATIONS"},
            "head": {"name": "Eve Example"},
            "version": 1,
        },
        "userErrors": [],
    }
    payload = await change(users, CREATE_DEPARTMENT, given, **house.admin())
    assert payload == {"department": None, "userErrors": refused(("TAKEN", "code"))}

    it = house.departments["it"]
    for inner in ("it", "operations"):
        move = {"id": it, "parentId": house.departments[inner]}
        payload = await change(users, UPDATE_DEPARTMENT, move, **house.admin())
        assert payload["userErrors"] == refused(("CYCLE", "parentId"))
    taken = {"id": it, "code": "SALES"}
    payload = await change(users, UPDATE_DEPARTMENT, taken, **house.admin())
    assert payload["userErrors"] == refused(("TAKEN", "code"))
    move = {"id": it, "parentId": house.departments["sales"], "headId": None}
    payload = await change(
        users, UPDATE_DEPARTMENT, move | {"expectedVersion": 1}, **house.admin()
    )
    assert payload == {
        "department": {
            "code": "IT",
            "name": "It",
            "parent": {"code": "SALES"},
            "head": None,
            "version": 2,
        },
        "userErrors": [],
    }
    payload = await change(
        users, UPDATE_DEPARTMENT, move | {"expectedVersion": 1}, **house.admin()
    )
    assert payload["userErrors"] == refused(("STALE", "expectedVersion"))
    assert payload["department"]["version"] == 2


async def test_writes_are_refused_by_the_service_itself(
    users: Subgraph, house: House
) -> None:
    cases: list[tuple[str, dict[str, Any]]] = [
        (CREATE, {"email": "x@example.com", "name": "X"}),
        (ASSIGN, {"userId": house.people["dot"], "roleKey": "requester"}),
        (REVOKE, {"userId": house.people["dot"], "roleKey": "requester"}),
        (CREATE_DEPARTMENT, {"code": "X", "name": "X"}),
        (UPDATE_DEPARTMENT, {"id": house.departments["it"], "name": "X"}),
        (UPDATE, {"id": house.people["ada"], "name": "X"}),
    ]
    for mutation, given in cases:
        payload = await change(users, mutation, given, **house.reader())
        assert payload["userErrors"] == refused(("FORBIDDEN", None)), mutation
    counts = "{ users { totalCount } departments { totalCount nodes { version } } }"
    data = await users.data(counts, **house.reader())
    assert data == {
        "users": {"totalCount": 7},
        "departments": {"totalCount": 4, "nodes": [{"version": 1}] * 4},
    }
