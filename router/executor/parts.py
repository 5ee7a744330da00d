"""The fetches of one deferred part, run on what was gathered before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.executor.compile import CompiledPlan
from router.executor.execute import Run
from router.executor.gathered import Caller, Gathered
from router.executor.subgraph import Subgraph

Json = dict[str, Any]

NEVER = 1 << 30
"""What fetches of other parts wait for here."""


@dataclass(frozen=True, slots=True)
class PartFetches:
    """The fetches of one part: which they are, and what waits for whom among them."""

    left: tuple[int, ...]
    ready: tuple[int, ...]
    after: frozenset[int]


def fetches_of(compiled: CompiledPlan, part: int) -> PartFetches:
    """Find the fetches of a part, and the parts that must be settled before."""
    parts = {fetch.plan.id: fetch.plan.part for fetch in compiled.fetches}
    left: list[int] = []
    after: set[int] = set()
    for fetch in compiled.fetches:
        if fetch.plan.part != part:
            left.append(NEVER)
            continue
        awaited = [parts[before] for before in set(fetch.plan.after)]
        left.append(awaited.count(part))
        after.update(awaited)
    ready = tuple(index for index, waits in enumerate(left) if not waits)
    return PartFetches(tuple(left), ready, frozenset(after - {0, part}))


async def execute_part(
    compiled: CompiledPlan,
    fetches: PartFetches,
    data: Json,
    subgraphs: Mapping[str, Subgraph],
    *,
    variables: Json,
    conditions: Json,
    caller: Caller,
    seconds: float,
) -> Gathered:
    """Gather one part into the data that is there; its problems are its own."""
    gathered = Gathered(data=data)
    run = Run(compiled, subgraphs, variables, conditions, caller, gathered, seconds)
    run.prepare()
    run.left = list(fetches.left)
    if fetches.ready:
        await run.to_the_end(fetches.ready)
    return gathered
