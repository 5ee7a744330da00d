"""What a server keeps for an operation, and calls."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import graphql as g
import orjson
import pytest

import jit

SCHEMA = g.build_schema(
    """
    scalar Anything
    type Query { a: Int any: Anything b: B! }
    type B { c: Int! d: Int! }
    """
)


def prepared(text: str, options: jit.Options | None = None) -> jit.Compiled:
    return jit.compile_operation(SCHEMA, g.parse(text), None, options)


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def test_a_result_comes_at_once_when_nothing_has_to_be_awaited() -> None:
    assert prepared("{ a }").execute({"a": 1}) == ({"a": 1}, None)


async def test_a_result_is_awaited_when_a_resolver_promises() -> None:
    result = prepared("{ a }").execute({"a": lambda _info: later(1)})
    assert not isinstance(result, g.ExecutionResult)
    assert await result == ({"a": 1}, None)


async def test_the_first_of_two_errors_under_one_parent_is_the_one_told() -> None:
    root = {"b": {"c": lambda _: later(KeyError("c")), "d": lambda _: later(None)}}
    result = await prepared("{ a b { c d } }").execute(root)  # pyright: ignore[reportGeneralTypeIssues] - it is awaitable, as the test before shows
    assert result.data is None
    assert [(e.message, e.path) for e in result.errors or []] == [("'c'", ["b", "c"])]


@pytest.mark.parametrize("wanted", [True, False])
def test_each_combination_of_conditions_is_compiled_once(wanted: bool) -> None:
    operation = prepared(
        "query ($if: Boolean!) { a @include(if: $if) any @skip(if: $if) }"
    )
    expected = {"a": 1} if wanted else {"any": 2}
    before = jit.counters.compiled
    for _ in range(3):
        result = operation.execute({"a": 1, "any": 2}, None, {"if": wanted})
        assert result == (expected, None)
    assert jit.counters.compiled == before + 1


def test_no_more_variants_are_kept_than_five_conditions_have() -> None:
    names = [f"v{n}" for n in range(7)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: a @skip(if: ${name})" for name in names)
    operation = prepared(f"query ({declared}) {{ {fields} }}")
    for bits in range(128):
        variables = {name: bool(bits >> n & 1) for n, name in enumerate(names)}
        expected = {name: 1 for name in names if not variables[name]}
        assert operation.execute({"a": 1}, None, variables) == (expected, None)
    assert len(operation._variants) == 32


def test_field_and_type_resolvers_of_a_caller_are_used() -> None:
    options = jit.Options(field_resolver=lambda _source, info: len(info.field_name))
    assert prepared("{ a }", options).execute() == ({"a": 1}, None)


async def test_bytes_are_the_whole_response() -> None:
    body = await prepared("{ a any }").execute_bytes({"a": "x", "any": [1]})
    assert orjson.loads(body) == {
        "data": {"a": None, "any": [1]},
        "errors": [
            {
                "message": "Int cannot represent non-integer value: 'x'",
                "locations": [{"line": 1, "column": 3}],
                "path": ["a"],
            }
        ],
    }


async def test_errors_are_told_as_the_caller_wants_them() -> None:
    body = await prepared("{ a }").execute_bytes(
        {"a": "x"}, format_error=lambda error: {"message": "no", "path": error.path}
    )
    assert body == b'{"data":{"a":null},"errors":[{"message":"no","path":["a"]}]}'


async def test_integers_past_64_bits_are_written_too() -> None:
    body = await prepared("{ any }").execute_bytes({"any": 2**70})
    assert body == b'{"data":{"any":1180591620717411303424}}'


async def test_what_json_cannot_carry_is_the_scalars_fault() -> None:
    with pytest.raises(TypeError):
        await prepared("{ any }").execute_bytes(
            {"any": datetime(2026, 1, 1, tzinfo=UTC)}
        )


def test_an_unknown_operation_is_the_requests_fault() -> None:
    with pytest.raises(g.GraphQLError, match="Unknown operation named 'B'"):
        jit.compile_operation(SCHEMA, g.parse("query A { a }"), "B")


def test_what_is_not_compiled_runs_all_the_same_and_is_counted() -> None:
    operation = prepared("{ a ... @defer(if: false) { any } }")
    assert operation.not_compiled == "@defer"
    assert not operation.source
    before = jit.counters.fallbacks["@defer"]
    assert operation.execute({"a": 1, "any": 2}) == ({"a": 1, "any": 2}, None)
    assert jit.counters.fallbacks["@defer"] == before + 1


async def test_an_answer_in_more_than_one_piece_is_no_body() -> None:
    operation = prepared("{ a ... @defer { any } }")
    with pytest.raises(g.GraphQLError, match="multiple payloads"):
        await operation.execute_bytes({"a": 1, "any": 2})


def test_a_condition_without_a_value_is_refused_by_graphql_core() -> None:
    operation = prepared("query ($if: Boolean) { a @include(if: $if) }")
    result = operation.execute({"a": 1}, None, {"if": None})
    assert isinstance(result, g.ExecutionResult)
    assert result.data is None
    assert "has invalid value" in (result.errors or [])[0].message


def test_subscription_events_execute_like_queries() -> None:
    schema = g.build_schema("type Query { a: Int } type Subscription { tick: Int }")
    operation = jit.compile_operation(schema, g.parse("subscription { tick }"))
    assert operation.execute({"tick": 3}) == ({"tick": 3}, None)


def test_error_propagation_can_be_switched_off() -> None:
    text = "query @experimental_disableErrorPropagation { b { c d } }"
    schema = SCHEMA
    result = jit.execute(schema, g.parse(text), {"b": {"c": None, "d": 1}})
    assert result == g.execute(schema, g.parse(text), {"b": {"c": None, "d": 1}})
    assert isinstance(result, g.ExecutionResult)
    assert result.data == {"b": {"c": None, "d": 1}}
