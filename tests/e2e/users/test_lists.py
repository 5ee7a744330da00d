from typing import Any

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
