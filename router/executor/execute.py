"""Run a plan: each fetch starts the moment that all it waits for is settled."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from router.errors import Problem
from router.executor.absorb import absorb_entities, absorb_root, place_fault
from router.executor.answers import read_answer
from router.executor.compile import CompiledFetch, CompiledInput, CompiledPlan, all_hold
from router.executor.contextual import ask_by_values
from router.executor.faults import SubgraphFault, malformed, read_problem
from router.executor.representations import Shown, paths_of
from router.executor.subgraph import Asked, Subgraph
from router.executor.transport.interface import Headers
from router.plan.nodes import Fetch

Json = dict[str, Any]


@dataclass(slots=True)
class Caller:
    """For whom subgraphs are asked, and which headers go along.

    ``who`` keeps callers apart in de-duplication. ``forwarded`` gives the headers
    for a subgraph that are part of the question; ``own`` are those that are not,
    such as the request id.
    """

    who: Hashable = None
    forwarded: Callable[[str], Headers] = lambda _: ()
    own: Headers = ()


@dataclass(frozen=True, slots=True)
class FetchTrace:
    """What one fetch took: seconds since the start, bytes, objects asked about."""

    id: int
    service: str
    started: float
    seconds: float
    sent: int
    received: int
    entities: int
    shared: bool


Answered = tuple[str, Headers]
"""Who answered, and the headers of that."""


@dataclass(slots=True, init=False)
class Gathered:
    """What a plan brought together, and what went wrong, in the order it did."""

    data: Json
    problems: list[Problem]
    trace: list[FetchTrace] | None
    answers: list[Answered]

    def __init__(self, data: Json | None = None, *, trace: bool = False) -> None:
        self.data = {} if data is None else data
        self.problems = []
        self.trace = [] if trace else None
        self.answers = []


async def execute(
    compiled: CompiledPlan,
    subgraphs: Mapping[str, Subgraph],
    *,
    variables: Json,
    conditions: Json,
    caller: Caller,
    seconds: float,
    trace: bool = False,
) -> Gathered:
    """Gather what the plan's fetches bring, whatever becomes of any of them.

    ``variables`` are the client's own, forwarded as they came; ``conditions`` are
    the same with types checked and defaults filled in, for `@skip` and `@include`.
    When ``seconds`` have passed, fetches under way and to come are faults.
    """
    gathered = Gathered(trace=trace)
    run = Run(compiled, subgraphs, variables, conditions, caller, gathered, seconds)
    await run.work()
    return gathered


MOST_ERRORS = 100
"""Read of one answer; each may be about as many objects as were asked for."""


def read_problems(errors: list[Any], subgraph: Subgraph) -> list[Problem]:
    """Read a subgraph's errors as far as a client may."""
    name, whole, codes = subgraph.name, subgraph.include_errors, subgraph.readable
    told = errors[:MOST_ERRORS]
    return [read_problem(each, name, whole=whole, codes=codes) for each in told]


NOTHING_SHOWN: list[Shown] = []
"""What a fetch of root fields shows."""

NO_PROBLEMS: list[Problem] = []
"""Of an answer without errors; only read."""


@dataclass(slots=True)
class Run:
    """One execution under way.

    ``left`` counts what each fetch still waits for, ``found`` holds the objects at
    each place that an input has looked at.
    """

    compiled: CompiledPlan
    subgraphs: Mapping[str, Subgraph]
    variables: Json
    conditions: Json
    caller: Caller
    gathered: Gathered
    seconds: float
    until: float = 0.0
    left: list[int] = field(init=False)
    found: list[list[Json] | None] = field(init=False)
    tasks: list[asyncio.Task[None]] = field(init=False)

    def __post_init__(self) -> None:
        self.until = time.monotonic() + self.seconds

    def work(self) -> Awaitable[None]:
        """Do all that the plan has to be done, whatever becomes of any of it."""
        fetches = self.compiled.fetches
        if len(fetches) == 1:
            return self.settle(fetches[0])  # there is nothing to arrange
        return self.all()

    async def all(self) -> None:
        """Start what can start, follow it to the end; leave no task behind."""
        if self.compiled.first:
            self.prepare()
            await self.to_the_end(self.compiled.first)

    async def resume(self, settled: CompiledFetch) -> None:
        """Do what comes after a fetch that was settled otherwise."""
        self.prepare()
        await self.to_the_end(self.released_by(settled))

    def prepare(self) -> None:
        """Count what each fetch waits for."""
        self.tasks = []
        self.left = [fetch.waits for fetch in self.compiled.fetches]
        self.found = [None] * self.compiled.places

    async def to_the_end(self, ready: tuple[int, ...] | list[int]) -> None:
        """Follow what is ready and all that comes of it."""
        try:
            await self.follow(ready)
            for task in self.tasks:  # grows while we wait: followers start others
                await task
        finally:
            for task in self.tasks:
                task.cancel()

    async def follow(self, ready: tuple[int, ...] | list[int]) -> None:
        """Run one of the ready fetches here and the others beside it, and so on.

        A chain of fetches is one task from end to end.
        """
        while ready:
            for index in ready[1:]:
                self.tasks.append(asyncio.create_task(self.follow((index,))))
            fetch = self.compiled.fetches[ready[0]]
            await self.settle(fetch)
            ready = self.released_by(fetch)

    def released_by(self, fetch: CompiledFetch) -> list[int]:
        """Count a fetch as settled, and give those that waited only for it."""
        released: list[int] = []
        for index in fetch.followers:
            self.left[index] -= 1
            if not self.left[index]:
                released.append(index)
        return released

    async def settle(self, fetch: CompiledFetch) -> None:
        """Ask what the fetch asks, if there is anything to ask, and absorb it."""
        if fetch.conditional and not self.is_wanted(fetch.plan):
            return
        if fetch.repeated is not None:
            await ask_by_values(self, fetch, fetch.repeated)
            return
        body, shown = fetch.whole, NOTHING_SHOWN
        if body is None:
            shown, variables = self.represent(fetch)
            if fetch.inputs and not any(each.sent for each in shown):
                return
            body = b"%s%s}" % (fetch.start, orjson.dumps(variables))
        await self.carry_out(fetch, body, shown)

    async def carry_out(
        self, fetch: CompiledFetch, body: bytes, shown: list[Shown]
    ) -> None:
        """Send what is written, and absorb what comes of it."""
        try:
            data, problems = await self.ask(fetch, body, shown)
            if fetch.inputs:
                absorb_entities(fetch, shown, data, problems, self.gathered)
            else:
                absorb_root(fetch, data, problems, self.gathered)
        except SubgraphFault as fault:
            place_fault(fetch, shown, fault, self.gathered)
        except RecursionError:
            fault = malformed(fetch.plan.service, "its answer nests too deeply")
            place_fault(fetch, shown, fault, self.gathered)

    def is_wanted(self, plan: Fetch) -> bool:
        """Say whether its conditions hold, and whether there is a place for it."""
        if plan.guards and not all_hold(plan.guards, self.conditions):
            return False
        return not plan.at or bool(paths_of(self.gathered.data, plan.at))

    def represent(self, fetch: CompiledFetch) -> tuple[list[Shown], Json]:
        """Collect what each input shows, and write the request's variables."""
        given = self.variables
        variables = {
            name: given[name] for name in fetch.plan.variables if name in given
        }
        shown: list[Shown] = []
        for each in fetch.inputs:
            guards = each.plan.guards
            taken = not guards or all_hold(guards, self.conditions)
            found = each.show(self.objects(each)) if taken else Shown()
            variables[each.plan.variable] = found.sent
            shown.append(found)
        return shown, variables

    def objects(self, given: CompiledInput) -> list[Json]:
        """Find the objects of an input, unless they are known."""
        known = self.found[given.place]
        if known is None:
            known = self.found[given.place] = given.find(self.gathered.data)
        return known

    async def ask(
        self, fetch: CompiledFetch, body: bytes, shown: list[Shown]
    ) -> tuple[Json | None, list[Problem]]:
        """Send one request and read its answer.

        Raises:
            SubgraphFault: there is none, or it is not one.

        """
        plan, caller, gathered = fetch.plan, self.caller, self.gathered
        subgraph = self.subgraphs[plan.service]
        forwarded = caller.forwarded(plan.service)
        began = time.monotonic()
        asked = await subgraph.ask(
            body,
            forwarded + caller.own,
            seconds=self.until - began,
            same_as=(caller.who, forwarded) if fetch.repeatable else None,
            repeatable=fetch.repeatable,
        )
        if gathered.trace is not None:
            self.note(fetch, began, body, asked, shown)
        reply = asked.reply
        gathered.answers.append((plan.service, reply.headers))
        data, errors = read_answer(reply, plan.service)
        if not errors:
            return data, NO_PROBLEMS
        return data, read_problems(errors, subgraph)

    def note(
        self,
        fetch: CompiledFetch,
        began: float,
        body: bytes,
        asked: Asked,
        shown: list[Shown],
    ) -> None:
        """Write a line of the trace."""
        if self.gathered.trace is not None:
            self.gathered.trace.append(
                FetchTrace(
                    id=fetch.plan.id,
                    service=fetch.plan.service,
                    started=began - self.until + self.seconds,
                    seconds=time.monotonic() - began,
                    sent=len(body),
                    received=len(asked.reply.body),
                    entities=sum(len(each.sent) for each in shown),
                    shared=asked.shared,
                )
            )
