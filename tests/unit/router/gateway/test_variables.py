"""Variables: taken at once where plain, judged by graphql-core where not."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, get_variable_values, parse
from hypothesis import given
from hypothesis import strategies as st

from router.gateway.refusals import RefusedError
from router.gateway.variables import compile_coerce

SCHEMA = build_schema("""
  type Query {
    a(i: Int, f: Float, s: String, d: ID, b: Boolean, e: E, l: [Int], n: N): Int
  }
  enum E { A B }
  input N { x: Int }
""")

Json = dict[str, Any]


def definition(text: str) -> OperationDefinitionNode:
    node = parse(text).definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return node


def coerced(text: str, given: Json) -> Json | str:
    try:
        return compile_coerce(SCHEMA, definition(text))(given)
    except RefusedError as refusal:
        return str(refusal.errors[0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("query($i: Int = 3) { a(i: $i) }", {}, {"i": 3}),
        ("query($i: Int = 3) { a(i: $i) }", {"i": None}, {"i": None}),
        ("query($i: Int) { a(i: $i) }", {}, {}),
        ("query($i: Int!) { a(i: $i) }", {}, "BAD_USER_INPUT"),
        ("query($i: Int!) { a(i: $i) }", {"i": None}, "BAD_USER_INPUT"),
        ("query($i: Int!) { a(i: $i) }", {"i": 7, "other": 1}, {"i": 7}),
        ("query($l: [Int]) { a(l: $l) }", {"l": 1}, {"l": [1]}),
        ("query($n: N) { a(n: $n) }", {"n": {"y": 1}}, "BAD_USER_INPUT"),
        ("query($e: E!) { a(e: $e) }", {"e": "C"}, "BAD_USER_INPUT"),
    ],
)
def test_defaults_absence_and_null_are_told_apart(
    text: str, values: Json, expected: Json | str
) -> None:
    assert coerced(text, values) == expected


ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**33), 2**33),
    st.floats(),
    st.sampled_from(["", "A", "B", "C", "1", "x"]),
    st.just([1]),
    st.just({"x": 1}),
)
ALL = "query($i: Int, $f: Float!, $s: String, $d: ID!, $b: Boolean!, $e: E)"


@given(st.dictionaries(st.sampled_from("ifsdbe"), ANY))
def test_every_value_is_judged_as_graphql_core_does(values: Json) -> None:
    node = definition(ALL + "{ a(i: $i f: $f s: $s d: $d b: $b e: $e) }")
    expected = get_variable_values(SCHEMA, node.variable_definitions or (), values)
    found = coerced(ALL + "{ a }", values)
    if isinstance(expected, list):
        assert found == "BAD_USER_INPUT"
    else:
        assert found == expected.coerced
