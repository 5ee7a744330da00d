from typing import Any

from tests.support.house import House
from tests.support.subgraph import Subgraph


async def test_the_viewer_is_the_person_who_asks(users: Subgraph, house: House) -> None:
    query = "{ viewer { id email permissions } }"
    data = await users.data(query, **house.nobody())
    assert data == {
        "viewer": {
            "id": house.people["dot"],
            "email": "dot@example.com",
            "permissions": ["tickets:read", "tickets:write", "users:read"],
        }
    }


async def test_a_service_account_is_no_viewer(users: Subgraph, house: House) -> None:
    who: dict[str, Any] = {
        "subject": "sva_1",
        "scopes": ["users:read"],
        "session": None,
    }
    assert await users.data("{ viewer { id } }", **who) == {"viewer": None}
    del house


async def test_a_person_is_found_by_id_and_by_email_in_any_case(
    users: Subgraph, house: House
) -> None:
    query = """
    query ($id: ID, $email: String) {
      a: user(id: $id) { name department { name head { name } } manager { name } }
      b: user(email: $email) { id }
    }
    """
    variables = {"id": house.people["cem"], "email": "CEM@Example.com"}
    with users.counted() as statements:
        data = await users.data(query, variables, **house.reader())
    assert data == {
        "a": {
            "name": "Cem Example",
            "department": {"name": "It", "head": {"name": "Ben Example"}},
            "manager": {"name": "Ben Example"},
        },
        "b": {"id": house.people["cem"]},
    }
    # by id, by e-mail, the department, and the manager with the head or apart
    assert len(statements) in {4, 5}


async def test_entities_resolve_by_both_keys_in_one_statement_each(
    users: Subgraph, house: House
) -> None:
    query = """
    query ($them: [_Any!]!) {
      _entities(representations: $them) {
        ... on User { name } ... on Department { code } ... on Role { key }
      }
    }
    """
    them: list[dict[str, Any]] = [
        {"__typename": "User", "id": house.people["ben"]},
        {"__typename": "User", "email": "fay@example.com"},
        {"__typename": "Department", "id": house.departments["sales"]},
        {"__typename": "User", "id": house.people["ada"]},
        {"__typename": "User", "id": "usr_nonsense"},
        {"__typename": "User", "id": house.departments["it"]},
    ]
    with users.counted() as statements:
        data = await users.data(query, {"them": them}, **house.reader())
    assert data["_entities"] == [
        {"name": "Ben Example"},
        {"name": "Fay Example"},
        {"code": "SALES"},
        {"name": "Ada Example"},
        None,
        None,
    ]
    assert len(statements) == 3
