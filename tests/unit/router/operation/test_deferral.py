from itertools import pairwise

from graphql import parse

from router.operation import normalize
from router.operation.deferral import (
    active,
    deferred,
    first_answer,
    later_answer,
    undeferred,
)
from router.operation.model import Defer, Operation
from router.operation.render import render
from tests.support.planning import operation_of, schema_of

TICKET = """
query($d: Boolean!) {
  ticket {
    title
    ...Later @defer(label: "later", if: $d)
    ... @defer { owner { name ... @defer(label: "inner") { id } } }
    ... @defer(if: false) { cost }
  }
}
fragment Later on Ticket { title cost }
"""


def read(text: str = TICKET) -> Operation:
    return normalize(schema_of("conditions"), parse(text))


def test_each_defer_has_its_place_and_its_parent() -> None:
    assert read().defers == (
        Defer(1, 0, "later", "d", ("ticket",)),
        Defer(2, 0, None, None, ("ticket",)),
        Defer(3, 2, "inner", None, ("ticket", "owner")),
    )


def test_a_variable_decides_while_it_is_there() -> None:
    operation = read()
    assert active(operation, {"d": True}) == {1, 2, 3}
    assert active(operation, {"d": False}) == {2, 3}


def test_what_is_answered_first_has_no_more_than_that() -> None:
    assert render(first_answer(read())).splitlines()[1:] == [
        "  ticket {",
        "    title",
        "    cost",
        "  }",
        "}",
    ]


def test_a_part_has_all_that_its_fragment_has() -> None:
    operation = read()
    first, second, third = (
        render(later_answer(operation, one)).splitlines()[2:-2]
        for one in operation.defers
    )
    assert first == ["    title", "    cost"]
    assert second == ["    owner {", "      name", "    }"]
    assert third == ["    owner {", "      id", "    }"]


def test_on_the_way_to_a_part_everything_may_be_null() -> None:
    operation = read()
    (ticket,) = later_answer(operation, operation.defers[2]).selections.fields
    assert "!" not in ticket.type


def test_parts_that_are_not_deferred_come_with_the_one_around_them() -> None:
    operation = deferred(read(), frozenset({3}))
    assert operation.defers == (Defer(3, 0, "inner", None, ("ticket", "owner")),)
    assert "owner" in render(first_answer(operation))
    assert undeferred(read()).defers == ()
    whole = render(undeferred(read()))
    assert whole == render(first_answer(undeferred(read())))


def test_parts_cannot_be_made_without_end() -> None:
    names = [f"F{number}" for number in range(25)]
    spread = "\n".join(
        f"fragment {name} on Ticket {{ cost ...{after} @defer ...{after} @defer }}"
        for name, after in pairwise(names)
    )
    text = (
        f"{{ ticket {{ ...F0 @defer }} }} {spread} fragment F24 on Ticket {{ title }}"
    )
    assert len(read(text).defers) == 20


def test_the_operations_text_is_the_same_with_and_without() -> None:
    plain = operation_of("conditions", "{ ticket { title cost } }")
    assert read("{ ticket { title ... @defer { cost } } }").text == plain.text
