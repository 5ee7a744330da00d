"""Objects of equal values are asked about together, those without one not at all."""

from typing import Any

import pytest

from router.executor.contextual import MOST_IN_ONE, read, trails
from router.executor.representations import ABSENT
from router.plan.nodes import (
    Contextual,
    EntityInput,
    Fetch,
    Representation,
    Taken,
    TypeCondition,
)
from tests.support.fetch_plans import FakeSubgraph, root, run

Json = dict[str, Any]

KEY = Representation((), "Item", (Taken("id", "id", required=True),))
VALUE = Contextual("c0", "currency", "String", "price", 1, (Taken("c", "c"),))


def asking(value: Contextual = VALUE, *shown: Representation) -> Fetch:
    """Write a fetch of the price of each ticket's item."""
    document = (
        f"query($r0:[_Any!]!,$c0:{value.type})"
        "{_entities(representations:$r0){...on Item{price(currency:$c0)}}}"
    )
    path = ("tickets", "@", "item")
    each = EntityInput("r0", "_entities", path, shown or (KEY,), contextual=(value,))
    return Fetch(1, "b", "query", document, after=(0,), inputs=(each,))


def priced(request: Json) -> Json:
    """Answer each `_entities` by the value that goes with it."""
    given = request["variables"]
    data: Json = {}
    for name, shown in given.items():
        if name.startswith("r0"):
            number = name.removeprefix("r0")
            price = given[f"c0{number}"]
            key = f"_entities{number}"
            data[key] = [{"price": f"{one['id']} in {price}"} for one in shown]
    return {"data": data}


async def gathered(tickets: list[Json], fetch: Fetch) -> tuple[Any, list[Any], Any]:
    """Run it; give the items, the problems, and what was asked."""
    a = FakeSubgraph(lambda _: {"data": {"tickets": tickets}})
    b = FakeSubgraph(priced)
    first = root(0, "a", "{tickets{c item{id}}}")
    found = await run([first, fetch], {"a": a, "b": b})
    items = [ticket.get("item") for ticket in found.data["tickets"]]
    problems = [(one.path, one.extensions["code"]) for one in found.problems]
    return items, problems, [one["variables"] for one in b.asked]


async def test_equal_values_share_one_question_and_others_have_their_own() -> None:
    tickets: list[Json] = [
        {"c": "EUR", "item": {"id": 1}},
        {"c": "USD", "item": {"id": 1}},
        {"c": "EUR", "item": {"id": 2}},
        {"c": "EUR", "item": {"id": 1}},
        {"c": "EUR", "item": None},
    ]
    items, problems, asked = await gathered(tickets, asking())

    assert [one and one["price"] for one in items] == [
        "1 in EUR",
        "1 in USD",
        "2 in EUR",
        "1 in EUR",
        None,
    ]
    one, two = ({"__typename": "Item", "id": number} for number in (1, 2))
    assert asked == [{"r0": [one, two], "c0": "EUR", "r0_1": [one], "c0_1": "USD"}]
    assert problems == []


async def test_null_is_sent_where_the_argument_takes_it() -> None:
    items, problems, _ = await gathered([{"c": None, "item": {"id": 1}}], asking())

    assert (items[0]["price"], problems) == ("1 in None", [])


async def test_null_where_it_takes_none_is_an_error_of_the_field() -> None:
    needed = Contextual("c0", "currency", "String!", "price", 1, VALUE.taken)
    tickets: list[Json] = [
        {"c": None, "item": {"id": 1}},
        {"c": "EUR", "item": {"id": 1}},
    ]
    items, problems, asked = await gathered(tickets, asking(needed))

    assert items == [{"id": 1}, {"id": 1, "price": "1 in EUR"}]
    assert problems == [(("tickets", 0, "item", "price"), "CONTEXTUAL_ARGUMENT_NULL")]
    assert [len(one["r0"]) for one in asked] == [1]


async def test_it_is_none_of_objects_that_are_not_asked_about() -> None:
    needed = Contextual("c0", "currency", "String!", "price", 1, VALUE.taken)
    other = Representation(("Other",), "Other", KEY.fields)
    tickets: list[Json] = [{"c": None, "item": {"id": 1, "__typename": "Item"}}]

    assert await gathered(tickets, asking(needed, other)) == (
        [{"id": 1, "__typename": "Item"}],
        [],
        [],
    )


async def test_what_was_never_gathered_is_not_asked_with() -> None:
    items, problems, asked = await gathered([{"item": {"id": 1}}], asking())

    assert (items, problems, asked) == ([{"id": 1}], [], [])


async def test_many_values_go_in_several_requests() -> None:
    count = 2 * MOST_IN_ONE + 1
    tickets: list[Json] = [{"c": str(n), "item": {"id": n}} for n in range(count)]
    items, problems, asked = await gathered(tickets, asking())

    assert [one["price"] for one in items] == [f"{n} in {n}" for n in range(count)]
    assert sorted(len(one) // 2 for one in asked) == [1, MOST_IN_ONE, MOST_IN_ONE]
    assert problems == []


@pytest.mark.parametrize(
    ("holder", "value"),
    [
        ({"s": {"n": 1}}, 1),
        ({"s": None}, None),
        ({"s": [{"n": 1}, None, {"n": None}]}, [1, None, None]),
        ({"s": [{"n": 1}, {}]}, ABSENT),
        ({}, ABSENT),
        (None, None),
    ],
)
def test_a_value_is_read_through_objects_and_lists(holder: Any, value: Any) -> None:
    assert read(holder, (Taken("s", "s", (Taken("n", "n"),)),)) == value


def test_a_trail_tells_the_way_through_lists_and_types() -> None:
    cat: Json = {"__typename": "Cat", "toy": {"id": 1}}
    data: Json = {"pets": [{"__typename": "Dog", "toy": {}}, cat]}

    assert trails(data, ("pets", "@", TypeCondition(("Cat",)), "toy")) == [
        (("pets", 1, "toy"), (data, data["pets"], cat, cat, cat["toy"]))
    ]
    assert trails({"pets": None}, ("pets", "@")) == []
