"""Fields are collected as graphql-core collects them."""

from typing import Any

import graphql as g
import pytest
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import get_variable_values

from jit.collect_fields import FieldCollector
from jit.operation import (
    NotCompiledError,
    condition_of,
    find_operation,
    read_operation,
)

SCHEMA = g.build_schema(
    """
    interface Node { id: ID }
    type Query implements Node { id: ID a: Int b: Int self: Query }
    type Other implements Node { id: ID c: Int }
    """
)
TEXT = """
query ($yes: Boolean!, $no: Boolean!) {
  a ...F @skip(if: $no) ... on Node { id x: b @include(if: $yes) }
  ... on Other { a } ... @include(if: $no) { b } a: b ...F ...G ...Nope
  b @skip(if: $yes) @include(if: $yes) self @skip(if: false) @include(if: true) { a }
}
fragment F on Query { b ...G }
fragment G on Node { id }
"""


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("no", [True, False])
def test_keys_and_nodes_are_those_of_graphql_core(yes: bool, no: bool) -> None:
    document = g.parse(TEXT)
    node = find_operation(document, None)
    operation = read_operation(document, node)
    assert operation.conditions == ("no", "yes")
    conditions = {"yes": yes, "no": no}
    values: Any = get_variable_values(
        SCHEMA, node.variable_definitions or (), conditions
    )
    query: Any = SCHEMA.query_type
    fragments = {name: FragmentDetails(f) for name, f in operation.fragments.items()}
    theirs = collect_fields(SCHEMA, fragments, values, query, node).grouped_field_set
    collector = FieldCollector(SCHEMA, operation.fragments, conditions)
    ours = collector.collect(query, [node.selection_set])
    assert list(ours.items()) == [
        (key, [details.node for details in group]) for key, group in theirs.items()
    ]


@pytest.mark.parametrize(
    ("directive", "condition"),
    [
        ("@skip(if: true)", True),
        ("@include(if: false)", False),
        ("@skip(if: $v)", "v"),
    ],
)
def test_a_condition_is_a_literal_or_a_variable(
    directive: str, condition: bool | str
) -> None:
    document: Any = g.parse(f"{{ a {directive} }}")
    (node,) = document.definitions[0].selection_set.selections[0].directives
    assert condition_of(node) == condition


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{ a @skip }", "condition without a value"),
        ("{ a @include(if: 1) }", "condition without a value"),
        ("{ ... @defer { a } }", "@defer"),
        ("{ self @stream { a } }", "@stream"),
        ("{ ...F } fragment F on Query { self { ...F } }", "fragment cycle"),
    ],
)
def test_what_is_not_compiled_says_why(text: str, why: str) -> None:
    document = g.parse(text)
    with pytest.raises(NotCompiledError, match=why):
        read_operation(document, find_operation(document, None))
