"""Siblings wait together: one batch, the same turns, nothing left behind."""

import asyncio
from collections.abc import Callable
from typing import Any

import graphql as g
import pytest
from aiodataloader import DataLoader

import jit

SCHEMA = g.build_schema(
    """
    type Query { people: [Person!]! me: Person! }
    type Mutation { set(to: Int!): Int }
    type Person { name: String boss: Person team: [Person!]! must: Int! }
    """
)

Execute = Callable[..., Any]
Batches = list[list[int]]


def person(
    loader: DataLoader[int, Any], number: int, *, promise: bool
) -> dict[str, Any]:
    """A person whose boss is loaded: by a coroutine, or by the loader's own future."""

    async def boss(_info: Any) -> Any:
        return await loader.load(number // 2)

    return {
        "name": f"p{number}",
        "boss": (lambda _info: loader.load(number // 2)) if promise else boss,
        "team": lambda _info: loader.load_many([number + 1, number + 2]),
    }


async def batches(execute: Execute, text: str, *, promise: bool) -> tuple[Any, Batches]:
    asked: Batches = []

    async def load(keys: list[int]) -> list[Any]:
        asked.append(keys)
        await asyncio.sleep(0)
        return [person(loader, key, promise=promise) for key in keys]

    loader: DataLoader[int, Any] = DataLoader(load)
    people = [person(loader, n, promise=promise) for n in range(8, 28)]
    result = execute(SCHEMA, g.parse(text), {"people": people, "me": people[3]})
    return await result, asked


@pytest.mark.parametrize("promise", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "{ people { name boss { name } } }",
        "{ people { boss { boss { boss { name } } } team { name } } }",
        "{ me { boss { name } team { boss { name } } } people { boss { name } } }",
        "{ people { a: boss { name } boss { boss { name } } } me { team { name } } }",
    ],
)
async def test_loaders_batch_across_siblings_exactly_as_under_graphql_core(
    text: str, promise: bool
) -> None:
    theirs = await batches(g.execute, text, promise=promise)
    ours = await batches(jit.execute, text, promise=promise)
    assert ours == theirs
    assert theirs[0].errors is None


async def test_twenty_siblings_cost_one_batch() -> None:
    _, asked = await batches(jit.execute, "{ people { boss { name } } }", promise=False)
    assert asked == [list(range(4, 14))]


async def test_root_fields_of_a_mutation_wait_for_one_another() -> None:
    log: list[str] = []

    async def set_(_info: Any, to: int) -> int:
        log.append(f"begin {to}")
        await asyncio.sleep(0)
        log.append(f"end {to}")
        return to

    text = "mutation { a: set(to: 1) b: set(to: 2) c: set(to: 3) }"
    result = await jit.execute(SCHEMA, g.parse(text), {"set": set_})  # pyright: ignore[reportGeneralTypeIssues] - its resolver is async
    assert result == ({"a": 1, "b": 2, "c": 3}, None)
    assert log == ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]


class Slow:
    """A resolver that never ends, and notes that it was cancelled."""

    def __init__(self) -> None:
        self.begun = self.cancelled = 0

    async def __call__(self, _info: Any) -> int:
        self.begun += 1
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return 1


@pytest.mark.parametrize("count", [1, 3])
async def test_cancelling_an_execution_cancels_its_resolvers(count: int) -> None:
    slow = Slow()
    people = [{"name": slow} for _ in range(count)]
    pending: Any = jit.execute(
        SCHEMA, g.parse("{ people { name } }"), {"people": people}
    )
    task = asyncio.ensure_future(pending)
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (slow.begun, slow.cancelled) == (count, count)


async def test_an_error_that_nulls_the_parent_cancels_what_still_runs() -> None:
    slow = Slow()

    async def fails(_info: Any) -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    people = [{"name": slow, "must": fails}]
    text = "{ people { name must } }"
    result: Any = await jit.execute(SCHEMA, g.parse(text), {"people": people})  # pyright: ignore[reportGeneralTypeIssues] - its resolvers are async
    assert result.data is None
    assert [error.message for error in result.errors] == ["no"]
    assert (slow.begun, slow.cancelled) == (1, 1)


async def test_a_resolver_that_is_cancelled_ends_the_execution() -> None:
    async def cancelled(_info: Any) -> None:
        raise asyncio.CancelledError

    root = {"people": [{"name": cancelled}, {"name": cancelled}]}
    pending: Any = jit.execute(SCHEMA, g.parse("{ people { name } }"), root)
    with pytest.raises(asyncio.CancelledError):
        await pending


BUBBLES = g.build_schema(
    "type Query { parent: Parent other: String }"
    " type Parent { boom: String! side: String }"
)


async def bubble(execute: Execute, turns: int) -> list[str]:
    """Fail one future at once, and its sibling some turns of the loop later."""
    boom, side = asyncio.Future[str](), asyncio.Future[str]()
    root = {"parent": {"boom": lambda _: boom, "side": lambda _: side}, "other": "ok"}
    task = asyncio.ensure_future(
        execute(BUBBLES, g.parse("{ parent { boom side } other }"), root)
    )
    boom.set_exception(RuntimeError("boom"))
    for _ in range(turns):
        await asyncio.sleep(0)
    told = "too late" if side.done() else "in time"
    if not side.done():
        side.set_exception(RuntimeError("side"))
    result = await task
    return [told, *(error.message for error in result.errors)]


@pytest.mark.parametrize("turns", range(8))
async def test_futures_fail_and_are_cancelled_in_the_turns_of_graphql_core(
    turns: int,
) -> None:
    assert await bubble(jit.execute, turns) == await bubble(g.execute, turns)


async def test_cancelling_an_execution_cancels_the_futures_it_waits_for() -> None:
    futures = [asyncio.Future[str]() for _ in range(3)]
    people = [{"name": lambda _, f=future: f} for future in futures]
    pending: Any = jit.execute(
        SCHEMA, g.parse("{ people { name } }"), {"people": people}
    )
    task = asyncio.ensure_future(pending)
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [future.cancelled() for future in futures] == [True] * 3


async def test_a_future_cancelled_by_its_owner_ends_the_execution() -> None:
    futures = [asyncio.Future[str]() for _ in range(2)]
    people = [{"name": lambda _, f=future: f} for future in futures]
    futures[1].cancel()
    pending: Any = jit.execute(
        SCHEMA, g.parse("{ people { name } }"), {"people": people}
    )
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(pending, 1)
