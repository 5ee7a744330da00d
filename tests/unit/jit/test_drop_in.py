"""`jit.execute` against `graphql.execute`, over random worlds."""

import asyncio
import os
from collections.abc import Callable
from typing import Any

import graphql as g
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jit
from tests.support.jit_queries import Query
from tests.support.jit_worlds import World

CASES = int(os.environ.get("JIT_CASES", "250"))  # noqa: TID251 - a knob of this test alone, not a setting of ours

pytestmark = [
    # Values that lose to an error are awaitables which nobody awaits, in both.
    pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Execute = Callable[..., Any]


async def outcome(execute: Execute, world: World, query: Query) -> Any:
    """Everything that a caller can tell two executions apart by."""
    try:
        result = execute(
            world.schema, g.parse(query.text), None, None, dict(query.variables)
        )
        if not isinstance(result, g.ExecutionResult):
            result = await result
    except Exception as error:  # noqa: BLE001 - both must raise the same
        return type(error), str(error)
    for _ in range(12):
        await asyncio.sleep(0)
    return repr(result.data), [
        (repr(error.formatted), repr(type(error.original_error)))
        for error in result.errors or []
    ]


def both(world: World, query: Query) -> tuple[Any, Any]:
    return (
        asyncio.run(outcome(g.execute, world, query)),
        asyncio.run(outcome(jit.execute, world, query)),
    )


@settings(
    max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.integers(0, 2**32), st.integers(0, 2**32), st.booleans(), st.booleans())
def test_random_operations_give_the_same_data_and_errors(
    world_seed: int, query_seed: int, calm: bool, waits: bool
) -> None:
    world = World(world_seed, calm=calm, waits=waits)
    query = Query(world, query_seed)
    theirs, ours = both(world, query)
    assert ours == theirs


def test_random_operations_are_compiled_and_fail_often_enough_to_prove_something() -> (
    None
):
    before = jit.counters.fallbacks.copy()
    failing = 0
    for seed in range(60):
        world = World(seed)
        theirs, _ = both(world, Query(world, seed))
        failing += bool(theirs[1])
    assert jit.counters.fallbacks == before
    assert failing > 30


SCHEMA = g.build_schema("type Query { a: Int b: String! }")


@pytest.mark.parametrize(
    ("text", "name", "variables"),
    [
        ("{ a }", "Other", None),
        ("query A { a } query B { b }", None, None),
        ("fragment F on Query { a }", None, None),
        ("query ($n: Int!) { a }", None, {}),
        ("query ($n: Int!) { a }", None, {"n": "x"}),
        ("query ($n: Nope) { a }", None, {"n": 1}),
        ("mutation { a }", None, None),
        ("{ a unknown ...Nope }", None, None),
        ("query ($if: Boolean) { a @include(if: $if) }", None, {}),
        ("{ a @include(if: 7) }", None, {}),
        (
            "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F a }",
            None,
            {},
        ),
    ],
)
def test_requests_that_nobody_validated_end_as_they_do_in_graphql_core(
    text: str, name: str | None, variables: dict[str, Any] | None
) -> None:
    document = g.parse(text)
    root = {"a": 1, "b": "b"}

    def run(execute: Execute) -> Any:
        return execute(
            SCHEMA, document, root, variable_values=variables, operation_name=name
        )

    assert run(jit.execute) == run(g.execute)


def test_an_invalid_schema_is_the_callers_fault() -> None:
    with pytest.raises(TypeError, match="Query root type must be provided"):
        jit.execute(g.GraphQLSchema(), g.parse("{ a }"))


def test_middleware_that_is_none_is_the_callers_fault() -> None:
    with pytest.raises(TypeError, match="Middleware must be passed as a list"):
        jit.execute(SCHEMA, g.parse("{ a }"), middleware=7)


def test_middleware_sees_every_field() -> None:
    seen: list[str] = []

    def note(following: Execute, source: Any, info: Any, **arguments: Any) -> Any:
        seen.append(info.field_name)
        return following(source, info, **arguments)

    result = jit.execute(
        SCHEMA, g.parse("{ a __typename b }"), {"b": "b"}, middleware=[note]
    )
    assert result == ({"a": None, "__typename": "Query", "b": "b"}, None)
    assert seen == ["a", "__typename", "b"]


def test_execute_sync_refuses_what_must_be_awaited() -> None:
    async def later(_info: Any) -> int:
        raise AssertionError

    with pytest.raises(RuntimeError, match="failed to complete synchronously"):
        jit.execute_sync(SCHEMA, g.parse("{ a }"), {"a": later}, check_sync=True)


def test_arguments_that_reach_into_the_executor_are_left_to_graphql_core() -> None:
    before = jit.counters.fallbacks["own executor"]
    result = jit.execute(SCHEMA, g.parse("{ a }"), {"a": 1}, executor_class=g.Executor)
    assert result == ({"a": 1}, None)
    assert jit.counters.fallbacks["own executor"] == before + 1
