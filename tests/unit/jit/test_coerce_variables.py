"""Variables are coerced as graphql-core coerces them, whatever is sent."""

from typing import Any

import graphql as g
import pytest
from graphql.execution.values import get_variable_values
from hypothesis import given, settings
from hypothesis import strategies as st

from jit.coerce_variables import Variables

SCHEMA = g.build_schema(
    """
    enum Color { RED GREEN }
    scalar Odd
    input Box { w: Int! = 2, tags: [String!], color: Color }
    input Tree { name: String, leaves: [Tree!] }
    type Query { a: Int }
    """
)
ODD: Any = SCHEMA.type_map["Odd"]


def parse_odd(value: Any) -> Any:
    if value == "bad":
        raise g.GraphQLError("bad", extensions={"code": "BAD"})
    return None if value == "null" else value


ODD.coerce_input_value = parse_odd

TYPES = (
    "Int", "Int!", "Float", "String!", "ID", "ID!", "Boolean!", "Color", "Odd", "Odd!",
    "[Int!]", "[[ID]!]!", "[Odd!]!", "Box", "Box!", "[Box!]", "Tree", "Nope",
)  # fmt: skip

KEYS = ("w", "tags", "color", "name", "leaves", "no")

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats()
    | st.sampled_from(["a", "RED", "bad", "null", "", g.Undefined]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
definitions = st.tuples(
    st.sampled_from(TYPES), st.sampled_from(["", " = 1", " = null", ' = "x"'])
)


def show(found: Any) -> str:
    if isinstance(found, list):
        return repr([(error.formatted, error.locations) for error in found])
    sent = {name: source.value for name, source in found.sources.items()}
    return repr((found.coerced, sent))


@settings(max_examples=400, deadline=None)
@given(st.lists(definitions, max_size=3), st.lists(values, max_size=3))
def test_all_values_are_coerced_or_refused_as_by_graphql_core(
    declared: list[tuple[str, str]], sent: list[Any]
) -> None:
    listed = ", ".join(
        f"$v{n}: {kind}{default}" for n, (kind, default) in enumerate(declared)
    )
    document = g.parse(f"query ({listed}) {{ a }}" if listed else "{ a }")
    operation: Any = document.definitions[0]
    inputs = {f"v{n}": value for n, value in enumerate(sent)}
    theirs = get_variable_values(
        SCHEMA,
        operation.variable_definitions or (),
        inputs,
        max_errors=2,
        hide_suggestions=True,
    )
    ours = Variables(SCHEMA, operation, 2, hide_suggestions=True).coerce(inputs)
    assert show(ours) == show(theirs)


def test_values_that_nest_without_end_are_refused() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = {"leaves": [deep]}
    operation: Any = g.parse("query ($t: Tree) { a }").definitions[0]
    found: Any = Variables(SCHEMA, operation, 50, hide_suggestions=False).coerce(
        {"t": deep}
    )
    (error,) = found
    assert error.message == "Variable values are nested too deeply."


@pytest.mark.parametrize("given_value", [[1], ["x"], "x", None])
def test_lists_given_by_a_client_are_not_shared_with_resolvers(
    given_value: Any,
) -> None:
    operation: Any = g.parse("query ($v: [Odd]) { a }").definitions[0]
    coerced: Any = Variables(SCHEMA, operation, 50, hide_suggestions=False).coerce(
        {"v": given_value}
    )
    assert coerced.coerced["v"] is not given_value or given_value is None
