from typing import Any

import pytest

from kit.pagination import Order, place_cursor
from tests.support.house import House
from tests.support.subgraph import Subgraph

NAMES = """
query ($filter: UserFilter, $orderBy: [UserOrder!], $first: Int, $after: String,
       $last: Int, $before: String) {
  users(filter: $filter, orderBy: $orderBy, first: $first, after: $after,
        last: $last, before: $before) {
    nodes { name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


def short(connection: dict[str, Any]) -> list[str]:
    return [node["name"].split()[0].lower() for node in connection["nodes"]]


async def found(users: Subgraph, house: House, **variables: Any) -> list[str]:
    data = await users.data(NAMES, variables, **house.reader())
    return short(data["users"])


async def test_a_list_costs_one_statement_and_its_count_one_more(
    users: Subgraph, house: House
) -> None:
    with users.counted() as statements:
        await users.data("{ users { nodes { name } } }", **house.reader())
    assert len(statements) == 1
    with users.counted() as statements:
        data = await users.data(
            "{ users(first: 2) { totalCount nodes { id } } }", **house.reader()
        )
    assert data["users"]["totalCount"] == 7
    assert len(statements) == 2


async def test_every_filter_finds_whom_it_says(users: Subgraph, house: House) -> None:
    people, departments = house.people, house.departments
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "ada ben cem dot eve fay gus"),
        ({"id": {"in": [people["ada"], people["gus"], "usr_x"]}}, "ada gus"),
        (
            {"id": {"nin": [people["ada"]]}, "active": {"eq": True}},
            "ben cem dot eve fay",
        ),
        ({"email": {"eq": "ada@example.com"}}, "ada"),
        ({"email": {"startsWith": "A"}}, "ada"),
        ({"name": {"contains": "E E"}}, "eve"),
        ({"name": {"contains": "%"}}, ""),
        ({"name": {"contains": "_"}}, ""),
        ({"name": {"neq": "Ada Example"}}, "ben cem dot eve fay gus"),
        ({"active": {"eq": False}}, "gus"),
        ({"department": {"eq": departments["it"]}}, "ben cem dot"),
        ({"manager": {"isNull": True}}, "ada"),
        ({"manager": {"eq": people["ben"]}}, "cem dot"),
        ({"roleKey": {"eq": "admin"}}, "ada eve"),
        ({"roleKey": {"neq": "admin"}}, "ben cem dot fay gus"),
        ({"roleKey": {"in": ["agent", "manager"]}}, "ben cem fay"),
        ({"roleKey": {"nin": ["agent", "requester"]}}, "ada fay"),
        ({"roleKey": {"startsWith": "MAN"}}, "fay"),
        ({"roleKey": {"isNull": True}}, ""),
        ({"roleKey": {"isNull": False}}, "ada ben cem dot eve fay gus"),
        ({"updatedAt": {"gte": "-PT1H"}}, "ada ben cem dot eve fay gus"),
        ({"updatedAt": {"lt": "2020-01-01T00:00:00Z"}}, ""),
        ({"or": []}, ""),
        ({"and": []}, "ada ben cem dot eve fay gus"),
        (
            {
                "or": [
                    {"name": {"startsWith": "ada"}},
                    {"not": {"department": {"in": list(departments.values())[1:3]}}},
                ],
                "active": {"eq": True},
            },
            "ada fay",
        ),
        ({"not": {"manager": {"eq": people["ben"]}}}, "ada ben eve fay gus"),
        ({"name": None, "and": None, "not": None}, "ada ben cem dot eve fay gus"),
    ]
    for filter_, names in cases:
        assert await found(users, house, filter=filter_) == names.split(), filter_


async def test_pages_join_up_in_both_directions_and_every_order(
    users: Subgraph, house: House
) -> None:
    orders: list[list[dict[str, str]] | None] = [
        None,
        [{"field": "NAME", "direction": "DESC"}],
        [{"field": "EMAIL"}],
        [{"field": "CREATED_AT", "direction": "DESC"}],
        [{"field": "UPDATED_AT"}, {"field": "NAME", "direction": "DESC"}],
    ]
    for order in orders:
        whole = await found(users, house, orderBy=order)
        for size, cursor, there, back in (
            ("first", "after", "endCursor", "hasNextPage"),
            ("last", "before", "startCursor", "hasPreviousPage"),
        ):
            gathered: list[str] = []
            place, more = None, True
            while more:
                variables = {"orderBy": order, size: 3, cursor: place}
                data = await users.data(NAMES, variables, **house.reader())
                page = short(data["users"])
                gathered = gathered + page if size == "first" else page + gathered
                place = data["users"]["pageInfo"][there]
                more = data["users"]["pageInfo"][back]
            assert gathered == whole, (order, size)


async def test_an_empty_page_knows_that_more_follow(
    users: Subgraph, house: House
) -> None:
    data = await users.data(NAMES, {"first": 0}, **house.reader())
    assert data["users"] == {
        "nodes": [],
        "pageInfo": {
            "hasNextPage": True,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


async def test_the_whole_tree_costs_the_same_statements_for_all(
    users: Subgraph, house: House
) -> None:
    query = """
    {
      departments {
        totalCount
        nodes {
          code
          parent { code }
          children { code }
          head { name }
          members(first: 2) { totalCount nodes { name manager { name } } }
          all: members(includeDescendants: true) { totalCount }
        }
      }
    }
    """
    with users.counted() as statements:
        data = await users.data(query, **house.reader())
    nodes = {node["code"]: node for node in data["departments"]["nodes"]}
    assert nodes["IT"] == {
        "code": "IT",
        "parent": {"code": "COMPANY"},
        "children": [{"code": "OPERATIONS"}],
        "head": {"name": "Ben Example"},
        "members": {
            "totalCount": 3,
            "nodes": [
                {"name": "Ben Example", "manager": {"name": "Ada Example"}},
                {"name": "Cem Example", "manager": {"name": "Ben Example"}},
            ],
        },
        "all": {"totalCount": 4},
    }
    counts = {code: node["all"]["totalCount"] for code, node in nodes.items()}
    assert counts == {"COMPANY": 7, "IT": 4, "OPERATIONS": 1, "SALES": 2}
    assert [child["code"] for child in nodes["COMPANY"]["children"]] == ["IT", "SALES"]
    # departments, their count, parents, children, heads, two pages of members with
    # two counts, managers (those whom the heads' batch did not bring)
    assert len(statements) == 10


async def test_reports_and_roles_of_all_cost_one_statement_each(
    users: Subgraph, house: House
) -> None:
    query = """
    {
      users {
        nodes {
          name
          directReports(first: 1) { nodes { name } pageInfo { hasNextPage } totalCount }
          roles { role { key } scope department { code } }
        }
      }
    }
    """
    with users.counted() as statements:
        data = await users.data(query, **house.reader())
    people = {node["name"].split()[0]: node for node in data["users"]["nodes"]}
    assert people["Ben"] == {
        "name": "Ben Example",
        "directReports": {
            "nodes": [{"name": "Cem Example"}],
            "pageInfo": {"hasNextPage": True},
            "totalCount": 2,
        },
        "roles": [{"role": {"key": "agent"}, "scope": "GLOBAL", "department": None}],
    }
    assert people["Eve"]["roles"][0] == {
        "role": {"key": "admin"},
        "scope": "DEPARTMENT",
        "department": {"code": "OPERATIONS"},
    }
    # people, a page of reports, their counts, roles, the one department
    assert len(statements) == 5


async def test_a_page_of_reports_goes_on_after_its_cursor(
    users: Subgraph, house: House
) -> None:
    query = """
    query ($id: ID!, $after: String) {
      user(id: $id) {
        directReports(first: 1, after: $after) {
          edges { cursor node { name } }
          pageInfo { hasNextPage hasPreviousPage }
        }
      }
    }
    """
    names: list[str] = []
    page: dict[str, Any] = {}
    after: str | None = None
    for _ in range(2):
        variables = {"id": house.people["ben"], "after": after}
        data = await users.data(query, variables, **house.reader())
        page = data["user"]["directReports"]
        (edge,) = page["edges"]
        names.append(edge["node"]["name"])
        after = edge["cursor"]
    assert names == ["Cem Example", "Dot Example"]
    assert page["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}


async def test_roles_say_what_they_allow(users: Subgraph, house: House) -> None:
    data = await users.data("{ roles { key builtIn permissions } }", **house.reader())
    roles = {role["key"]: role for role in data["roles"]}
    assert sorted(roles) == ["admin", "agent", "analyst", "manager", "requester"]
    assert all(role["builtIn"] for role in roles.values())
    every = {p for role in roles.values() for p in role["permissions"]}
    assert every == set(roles["admin"]["permissions"])
    assert set(roles["agent"]["permissions"]) == {
        "users:read",
        "tickets:read",
        "tickets:write",
        "tickets:work",
        "tickets:read_all",
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


async def test_a_cursor_is_good_for_its_own_list_alone(
    users: Subgraph, house: House
) -> None:
    by_name = Order("users", (("name", False), ("id", False)))
    good = place_cursor(by_name, ["Cem Example", house.people["cem"]])
    assert await found(users, house, after=good) == ["dot", "eve", "fay", "gus"]
    altered = good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1]
    other = place_cursor(Order("members", by_name.by), ["Cem", house.people["cem"]])
    for cursor in (altered, other, "", "%", "é", "AAAA", good + good, "x" * 5000):
        for orders in (None, [{"field": "EMAIL"}]):
            answer = await users.ask(
                NAMES, {"after": cursor, "orderBy": orders}, **house.reader()
            )
            (error,) = answer["errors"]
            assert error["extensions"]["code"] == "BAD_USER_INPUT"
            assert error["path"] == ["users"]
            assert "cursor" in error["message"]
