"""Lists executed all at once, against graphql-core's execution item by item."""

import asyncio
import os
import re
from collections.abc import Callable
from typing import Any

import graphql as g
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jit
from jit import by_class
from tests.support.jit_lists import SCHEMA, Filling, random_query

CASES = int(os.environ.get("JIT_CASES", "150"))  # noqa: TID251 - a knob of this test alone, not a setting of ours

pytestmark = [
    # Values that lose to an error are awaitables which nobody awaits, in both.
    pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Execute = Callable[..., Any]

ADDRESS = re.compile(" at 0x[0-9a-f]+")


async def outcome(execute: Execute, text: str, filling: Filling) -> Any:
    result = execute(SCHEMA, g.parse(text), None, filling)
    if not isinstance(result, g.ExecutionResult):
        result = await result
    return ADDRESS.sub("", repr(result.data)), [
        (ADDRESS.sub("", repr(error.formatted)), repr(type(error.original_error)))
        for error in result.errors or []
    ]


def both(text: str, seed: int, trouble: float) -> tuple[Any, Any]:
    found: list[Any] = []
    for execute in (g.execute, jit.execute):
        filling = Filling(seed, trouble)
        found.append(asyncio.run(outcome(execute, text, filling)))
        filling.close()
    theirs, ours = found
    return theirs, ours


@settings(
    max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.integers(0, 2**32),
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.002, 0.02, 0.15]),
)
def test_random_lists_give_the_same_data_and_errors(
    query_seed: int, filling_seed: int, trouble: float
) -> None:
    theirs, ours = both(random_query(query_seed), filling_seed, trouble)
    assert ours == theirs


def test_usual_lists_are_executed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, done = 0, 0
    real = by_class.execute_together

    def count(*args: Any) -> Any:
        nonlocal tried, done
        completed = real(*args)
        tried += 1
        done += completed is not None
        return completed

    monkeypatch.setattr("jit.complete_value.execute_together", count)
    for seed in range(60):
        both(random_query(seed), seed, 0.0)
    assert done > tried * 0.5 > 30
