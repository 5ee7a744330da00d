"""Run a plan: each fetch starts the moment that all it waits for is settled."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import orjson

from router.errors import Problem
from router.executor.absorb import absorb_entities, absorb_root, place_fault
from router.executor.answers import read_answer
from router.executor.compile import CompiledFetch, CompiledInput, CompiledPlan, all_hold
from router.executor.contextual import ask_by_values
from router.executor.faults import SubgraphFault, malformed, read_problem
from router.executor.gathered import Caller, FetchTrace, Gathered
from router.executor.representations import Shown, paths_of
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import Headers, Reply, Written
from router.plan.nodes import Fetch

Json = dict[str, Any]


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


async def nothing() -> None:
    """Do what there is to do where a fetch asks nothing."""


@dataclass(slots=True)
class Run:
    """One execution under way.

    ``left`` counts what each fetch still waits for, ``found`` holds the objects at
    each place that an input has looked at, and ``shown`` what was shown of them.
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
    shown: list[Shown | None] = field(init=False)
    tasks: list[asyncio.Task[None]] = field(init=False)
    _forwarded: Headers | None = None
    _headers: Headers = ()

    def __post_init__(self) -> None:
        self.until = monotonic() + self.seconds

    def work(self) -> Awaitable[None]:
        """Do all that the plan has to be done, whatever becomes of any of it."""
        fetches = self.compiled.fetches
        if len(fetches) == 1:  # there is nothing to arrange
            self.shown = [None] * self.compiled.kinds
            self.found = [None] * self.compiled.places
            return self.settle(fetches[0]) or nothing()
        self.prepare()
        return self.to_the_end(self.compiled.first)

    async def resume(self, settled: CompiledFetch) -> None:
        """Do what comes after a fetch that was settled otherwise."""
        self.prepare()
        await self.to_the_end(self.released_by(settled))

    def prepare(self) -> None:
        """Count what each fetch waits for."""
        self.tasks = []
        self.left = [*self.compiled.waits]
        self.found = [None] * self.compiled.places
        self.shown = [None] * self.compiled.kinds

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
            work = self.settle(fetch)
            if work is not None:
                await work
            ready = self.released_by(fetch) if fetch.followers else ()

    def released_by(self, fetch: CompiledFetch) -> list[int]:
        """Count a fetch as settled, and give those that waited only for it."""
        released: list[int] = []
        for index in fetch.followers:
            self.left[index] -= 1
            if not self.left[index]:
                released.append(index)
        return released

    def settle(self, fetch: CompiledFetch) -> Awaitable[None] | None:
        """Begin to ask what the fetch asks; None where there is nothing to ask."""
        if fetch.conditional and not self.is_wanted(fetch.plan):
            return None
        if fetch.repeated is not None:
            return ask_by_values(self, fetch, fetch.repeated)
        if fetch.whole is not None:
            return self.carry_out(fetch, fetch.whole, NOTHING_SHOWN)
        variables: Json = {}
        for name in fetch.plan.variables:
            if name in self.variables:
                variables[name] = self.variables[name]
        shown = self.represent(fetch, variables) if fetch.inputs else NOTHING_SHOWN
        if shown is None:
            return None
        body = b"%s%s}" % (fetch.start, orjson.dumps(variables))
        return self.carry_out(fetch, body, shown)

    async def carry_out(
        self, fetch: CompiledFetch, body: bytes, shown: list[Shown]
    ) -> None:
        """Send what is written, and absorb what comes of it."""
        service, gathered, began = fetch.plan.service, self.gathered, monotonic()
        forwarded = self.caller.forwarded(service)
        if forwarded is not self._forwarded:
            self._forwarded = forwarded
            self._headers = Written(forwarded + self.caller.own)
        subgraph = self.subgraphs[service]
        try:
            reply, shared = await subgraph.ask(
                body,
                self._headers,
                seconds=self.until - began,
                same_as=(self.caller.who, forwarded) if fetch.repeatable else None,
                repeatable=fetch.repeatable,
            )
            if gathered.trace is not None:
                seen = sum(len(each.sent) for each in shown)
                self.note(fetch, began, body, reply, seen, shared=shared)
            gathered.answers.append((service, reply.headers))
            data, errors = read_answer(reply, service)
            problems = read_problems(errors, subgraph) if errors else NO_PROBLEMS
            if fetch.inputs:
                absorb_entities(fetch, shown, data, problems, gathered)
            else:
                absorb_root(fetch, data, problems, gathered)
        except SubgraphFault as fault:
            place_fault(fetch, shown, fault, gathered)
        except RecursionError:
            fault = malformed(service, "its answer nests too deeply")
            place_fault(fetch, shown, fault, gathered)

    def is_wanted(self, plan: Fetch) -> bool:
        """Say whether its conditions hold, and whether there is a place for it."""
        if plan.guards and not all_hold(plan.guards, self.conditions):
            return False
        return not plan.at or bool(paths_of(self.gathered.data, plan.at))

    def represent(self, fetch: CompiledFetch, variables: Json) -> list[Shown] | None:
        """Collect what each input shows into variables; None if that is nothing."""
        shown: list[Shown] = []
        some = False
        for each in fetch.inputs:
            guards = each.plan.guards
            taken = not guards or all_hold(guards, self.conditions)
            found = self.show(each) if taken else Shown()
            variables[each.plan.variable] = found.sent
            shown.append(found)
            some = some or bool(found.sent)
        return shown if some else None

    def show(self, given: CompiledInput) -> Shown:
        """Show the objects of an input, unless another has shown the same."""
        known = self.shown[given.alike]
        if known is None:
            known = self.shown[given.alike] = given.show(self.objects(given))
        return known

    def objects(self, given: CompiledInput) -> list[Json]:
        """Find the objects of an input, unless they are known."""
        known = self.found[given.place]
        if known is None:
            known = self.found[given.place] = given.find(self.gathered.data)
        return known

    def note(
        self,
        fetch: CompiledFetch,
        began: float,
        body: bytes,
        reply: Reply,
        entities: int,
        *,
        shared: bool,
    ) -> None:
        """Write a line of the trace."""
        if self.gathered.trace is not None:
            self.gathered.trace.append(
                FetchTrace(
                    id=fetch.plan.id,
                    service=fetch.plan.service,
                    started=began - self.until + self.seconds,
                    seconds=monotonic() - began,
                    sent=len(body),
                    received=len(reply.body),
                    entities=entities,
                    shared=shared,
                )
            )
