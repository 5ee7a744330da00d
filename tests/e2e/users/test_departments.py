from typing import Any

from tests.support.house import House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import (
    ASSIGN,
    CREATE,
    CREATE_DEPARTMENT,
    REVOKE,
    UPDATE,
    UPDATE_DEPARTMENT,
    change,
    refused,
)


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
