"""What must not stand in an input of users is refused, wherever it stands."""

from tests.support.bad_input import Json, try_everything
from tests.support.house import House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import CREATE_ROLE, change

HARMLESS = frozenset({"importPeople.elsewhere"})
"""Addresses that are compared with those of the file, and kept nowhere."""


async def inputs(users: Subgraph, house: House) -> dict[str, Json]:
    """Give each mutation an input that would be done."""
    role = {"key": "clerk", "name": "Clerk", "permissions": ["tickets:read"]}
    made = await change(users, CREATE_ROLE, role, **house.admin())
    people, units = house.people, house.departments
    held = {"scope": "DEPARTMENT", "departmentId": units["sales"]}
    return {
        "createUser": {
            "email": "new@example.com",
            "name": "New",
            "roleKeys": ["agent"],
            "locale": "en",
            "timeZone": "UTC",
        },
        "updateUser": {"id": people["cem"], "name": "Cem"},
        "assignRole": {"userId": people["dot"], "roleKey": "manager", **held},
        "revokeRole": {"userId": people["dot"], "roleKey": "manager", **held},
        "createRole": {"key": "new", "name": "N", "permissions": ["tickets:read"]},
        "updateRole": {"id": made["role"]["id"], "permissions": ["tickets:work"]},
        "createDepartment": {"code": "NEW", "name": "New"},
        "updateDepartment": {"id": units["operations"], "name": "Operating"},
        "importPeople": {"csv": "email,name\nx@example.com,X"},
        "erasePerson": {"id": people["gus"]},
    }


async def test_what_must_not_stand_in_an_input_is_refused_wherever_it_stands(
    users: Subgraph, house: House
) -> None:
    given = await inputs(users, house)
    tried = await try_everything(
        users, "users", given, house.admin(), harmless=HARMLESS
    )
    assert tried > 100
