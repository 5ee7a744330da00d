import re
from typing import Any

import pytest

from tests.support.house import House
from tests.support.subgraph import Subgraph
from tests.support.tokens import bearer

UNKNOWN = "01m81agjpgfhdbdabapyn60w5g"
NOT_AN_ID = [
    "",
    "x",
    "usr_1",
    "usr_\u0000",
    "usr_" + "z" * 26,
    "dep_" + UNKNOWN,
    "é" * 300,
]


async def everything(users: Subgraph, house: House) -> Any:
    query = """
    {
      users(first: 100) { nodes { id email name active locale timeZone version
        updatedAt department { id } manager { id } roles { scope role { key } } } }
      departments(first: 100) {
        nodes { id code name version parent { id } head { id } }
      }
    }
    """
    return await users.data(query, **house.reader())


async def rejections(
    users: Subgraph, house: House, verb: str, given: dict[str, Any]
) -> list[tuple[str, list[str] | None]]:
    kind = verb[0].upper() + verb[1:]
    document = (
        f"mutation ($input: {kind}Input!) "
        f"{{ {verb}(input: $input) {{ userErrors {{ code path }} }} }}"
    )
    data = await users.data(document, {"input": given}, **house.admin())
    return [(e["code"], e["path"]) for e in data[verb]["userErrors"]]


def placed(house: House, value: Any) -> Any:
    """Put real ids in place of names: ``@cem`` is a person, ``#it`` a department."""
    if isinstance(value, str) and value[:1] == "@":
        return house.people.get(value[1:], value)
    if isinstance(value, str) and value[:1] == "#":
        return house.departments.get(value[1:], value)
    return value


NEW = {"email": "new@example.com", "name": "New"}
BAD: list[tuple[str, dict[str, Any], str, str]] = [
    *(
        ("createUser", {**NEW, "email": email}, code, "email")
        for email, code in (
            ("", "REQUIRED"),
            ("   ", "REQUIRED"),
            ("ada", "INVALID"),
            ("@example.com", "INVALID"),
            ("a@", "INVALID"),
            ("a b@example.com", "INVALID"),
            ("a@b@c", "INVALID"),
            ("a\u0000@example.com", "INVALID"),
            ("ä@example.com", "INVALID"),
            ("a@-x.com", "INVALID"),
            ("a" * 250 + "@b.co", "TOO_LONG"),
            ("ADA@example.com", "TAKEN"),
        )
    ),
    *(
        (verb, {**base, "name": name}, code, "name")
        for verb, base in (
            ("createUser", NEW),
            ("updateUser", {"id": "@cem"}),
            ("createDepartment", {"code": "NEW"}),
            ("updateDepartment", {"id": "#it"}),
        )
        for name, code in (
            ("", "REQUIRED"),
            (" \t\n ", "REQUIRED"),
            ("x" * 201, "TOO_LONG"),
            ("a\u0000b", "INVALID"),
            ("a\nb", "INVALID"),
            ("a\u0085b", "INVALID"),
            ("a\u2028b", "INVALID"),
            ("a\u202eb", "INVALID"),
        )
    ),
    ("updateUser", {"id": "@cem", "name": None}, "REQUIRED", "name"),
    ("updateUser", {"id": "@cem", "active": None}, "REQUIRED", "active"),
    ("updateUser", {"id": "@cem", "locale": None}, "REQUIRED", "locale"),
    ("updateUser", {"id": "@cem", "timeZone": None}, "REQUIRED", "timeZone"),
    ("updateUser", {"id": "@cem", "locale": "english please"}, "INVALID", "locale"),
    ("updateUser", {"id": "@cem", "locale": "e" * 36}, "TOO_LONG", "locale"),
    ("updateUser", {"id": "@cem", "timeZone": "Mars/Base"}, "INVALID", "timeZone"),
    ("updateUser", {"id": "@cem", "timeZone": "localtime"}, "INVALID", "timeZone"),
    ("updateUser", {"id": "@cem", "timeZone": "../etc/x"}, "INVALID", "timeZone"),
    ("updateUser", {"id": "@cem", "timeZone": "x" * 65}, "TOO_LONG", "timeZone"),
    ("updateUser", {"id": "@cem", "managerId": "@cem"}, "CYCLE", "managerId"),
    ("updateUser", {"id": "@ben", "managerId": "@eve"}, "CYCLE", "managerId"),
    ("updateDepartment", {"id": "#it", "code": None}, "REQUIRED", "code"),
    ("updateDepartment", {"id": "#it", "code": "x" * 41}, "TOO_LONG", "code"),
    ("updateDepartment", {"id": "#it", "code": "SALES"}, "TAKEN", "code"),
    ("updateDepartment", {"id": "#it", "parentId": "#it"}, "CYCLE", "parentId"),
    (
        "updateDepartment",
        {"id": "#company", "parentId": "#operations"},
        "CYCLE",
        "parentId",
    ),
    ("createDepartment", {"code": "IT", "name": "X"}, "TAKEN", "code"),
    *(
        (verb, {**base, field: value}, "NOT_FOUND", field)
        for value in [*NOT_AN_ID, "tkt_" + UNKNOWN]
        for verb, base, field in (
            ("createUser", NEW, "departmentId"),
            ("createUser", NEW, "managerId"),
            ("updateUser", {"name": "X"}, "id"),
            ("updateUser", {"id": "@cem", "departmentId": ""}, "departmentId"),
            ("updateUser", {"id": "@cem"}, "managerId"),
            ("assignRole", {"roleKey": "agent"}, "userId"),
            ("assignRole", {"userId": "@dot"}, "roleKey"),
            ("revokeRole", {"userId": "@ben"}, "roleKey"),
            ("createDepartment", {"code": "N", "name": "X"}, "parentId"),
            ("createDepartment", {"code": "N", "name": "X"}, "headId"),
            ("updateDepartment", {"name": "X"}, "id"),
            ("updateDepartment", {"id": "#it"}, "parentId"),
            ("updateDepartment", {"id": "#it"}, "headId"),
        )
    ),
    ("createUser", {**NEW, "managerId": "usr_" + UNKNOWN}, "NOT_FOUND", "managerId"),
    ("createUser", {**NEW, "managerId": "#it"}, "NOT_FOUND", "managerId"),
    ("createUser", {**NEW, "departmentId": "@ada"}, "NOT_FOUND", "departmentId"),
    ("createUser", {**NEW, "roleKeys": ["agent", "boss"]}, "NOT_FOUND", "roleKeys"),
]


async def test_each_bad_input_is_named_and_changes_nothing(
    users: Subgraph, house: House
) -> None:
    before = await everything(users, house)
    for verb, given, code, field in BAD:
        filled = {name: placed(house, value) for name, value in given.items()}
        found = await rejections(users, house, verb, filled)
        assert found == [(code, ["input", field])], (verb, given)
    assert await everything(users, house) == before


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({"name": {"eq": None}}, "'name.eq'.*isNull"),
    ({"id": {"in": ["x"] * 501}}, "'id.in'.*500"),
    ({"name": {"eq": "a\u0000"}}, r"'name.eq'.*U\+0000"),
    ({"name": {"in": ["a", "a\u0000"]}}, r"'name.in'.*U\+0000"),
    ({"and": [{"roleKey": {"eq": "\u0000"}}]}, r"'roleKey.eq'.*U\+0000"),
    ({"updatedAt": {"gte": "yesterday"}}, "'updatedAt.gte'.*ISO-8601"),
    ({"updatedAt": {"gte": "2020-01-01"}}, "'updatedAt.gte'.*offset"),
    ({"updatedAt": {"gte": "-P99999999D"}}, "'updatedAt.gte'.*range"),
]


@pytest.mark.parametrize(("filter_", "says"), FILTERS)
async def test_a_filter_that_cannot_be_read_is_refused(
    users: Subgraph, house: House, filter_: dict[str, Any], says: str
) -> None:
    await refuses(users, house, {"filter": filter_}, says)


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"first": 101}, "0 to 100"),
        ({"first": -1}, "0 to 100"),
        ({"last": 101}, "0 to 100"),
        ({"first": 1, "last": 1}, "not both"),
        ({"orderBy": [{"field": "NAME"}, {"field": "NAME"}]}, "twice"),
    ],
)
async def test_a_page_that_cannot_be_read_is_refused(
    users: Subgraph, house: House, variables: dict[str, Any], says: str
) -> None:
    await refuses(users, house, variables, says)


async def test_a_filter_nests_so_deep_and_no_deeper(
    users: Subgraph, house: House
) -> None:
    nested: dict[str, Any] = {"active": {"eq": True}}
    for _ in range(9):
        nested = {"not": nested}
    await refuses(users, house, {"filter": nested}, "levels deep")


async def refuses(
    users: Subgraph, house: House, variables: dict[str, Any], says: str
) -> None:
    document = """
    query ($filter: UserFilter, $orderBy: [UserOrder!], $first: Int, $last: Int) {
      users(filter: $filter, orderBy: $orderBy, first: $first, last: $last) {
        totalCount
      }
    }
    """
    response = await users.post(document, variables, headers=bearer(**house.reader()))
    answer = response.json()
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert re.search(says, error["message"])


@pytest.mark.parametrize("given", NOT_AN_ID)
async def test_what_is_no_id_names_nobody(
    users: Subgraph, house: House, given: str
) -> None:
    query = """
    query ($id: ID!, $text: String!) {
      user(id: $id) { id } mail: user(email: $text) { id } department(id: $id) { id }
      _entities(representations: [
        { __typename: "User", id: $id } { __typename: "User", email: $text }
        { __typename: "Department", id: $id } { __typename: "Role", id: $id }
      ]) { __typename }
    }
    """
    variables = {"id": given, "text": given}
    data = await users.data(query, variables, **house.reader())
    assert data == {
        "user": None,
        "mail": None,
        "department": None,
        "_entities": [None] * 4,
    }


@pytest.mark.parametrize("them", ["", '(id: "a", email: "b")'])
async def test_a_person_is_asked_for_by_exactly_one_key(
    users: Subgraph, house: House, them: str
) -> None:
    answer = await users.ask(f"{{ user{them} {{ id }} }}", **house.reader())
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"] == ["user"]
