"""One event of a subscription → what its plan gathers: the event, then the rest."""

from collections.abc import Mapping
from typing import Any

from router.executor.absorb import absorb_root, place_fault
from router.executor.answers import read_answer
from router.executor.compile import CompiledPlan
from router.executor.execute import Run, read_problems
from router.executor.faults import SubgraphFault
from router.executor.gathered import Caller, Gathered
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import Reply

Json = dict[str, Any]


async def execute_event(
    compiled: CompiledPlan,
    event: bytes,
    subgraphs: Mapping[str, Subgraph],
    *,
    variables: Json,
    conditions: Json,
    caller: Caller,
    seconds: float,
) -> Gathered:
    """Take an event as the answer to the plan's first fetch, and run what is left."""
    gathered = Gathered()
    first = compiled.fetches[0]
    service = first.plan.service
    run = Run(compiled, subgraphs, variables, conditions, caller, gathered, seconds)
    try:
        data, errors = read_answer(Reply(200, event), service)
        problems = read_problems(errors, subgraphs[service])
        absorb_root(first, data, problems, gathered)
    except SubgraphFault as fault:
        place_fault(first, [], fault, gathered)
    if len(compiled.fetches) > 1:
        await run.resume(first)
    return gathered
