"""A prepared query with `@defer` → its first answer and its parts, as they come.

Source: Apollo's and graphql-js's incremental delivery of August 2022
(``deferSpec=20220824``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from contextvars import copy_context
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson
import structlog

from kit.streams.stream import Stream, stream_of
from router.errors import OURS, Problem
from router.executor.merge import merge
from router.executor.parts import execute_part
from router.gateway.delivery import Delivery, Part
from router.gateway.telling import tell
from router.projection.items import divided, holds, places
from router.projection.places import in_order
from router.projection.project import write_problem
from router.telemetry.record import Record
from router.telemetry.trace_context import trace_context

if TYPE_CHECKING:
    from router.executor.gathered import Gathered
    from router.gateway.asked import Asked, Keeper
    from router.gateway.pipeline import Gateway
    from router.gateway.prepared import Prepared
    from router.telemetry.trace_context import TraceContext

log = structlog.get_logger(__name__)

Json = dict[str, Any]


def deliver(
    gateway: Gateway,
    prepared: Prepared,
    delivery: Delivery,
    conditions: Json,
    asked: Asked,
) -> Stream:
    """Answer in parts."""
    streaming = asked.streaming
    assert streaming is not None  # noqa: S101 - who cannot take parts does not ask
    streaming.deferred = True
    work = Delivering(gateway, prepared, delivery, conditions, asked)
    answers = counted(work, streaming.keeper, trace_context.get())
    return stream_of(answers, streaming.confirm, ours=OURS)


async def counted(
    work: Delivering, keeper: Keeper, context: TraceContext | None
) -> AsyncGenerator[bytes]:
    """Give its answers, and take note of each while it is worked out."""
    async with aclosing(work.answers()) as answers:
        while True:
            async with keeper.at_work(context, "part") as work.record:
                answer = await anext(answers, None)
            if answer is None:
                return
            yield answer


class Delivering:
    """One answer in parts, on its way."""

    def __init__(
        self,
        gateway: Gateway,
        prepared: Prepared,
        delivery: Delivery,
        conditions: Json,
        asked: Asked,
    ) -> None:
        self._gateway = gateway
        self._prepared = prepared
        self._delivery = delivery
        self._conditions = conditions
        self._asked = asked
        self._data: Json = {}
        self._seen: Any = None
        self._runs: dict[int, asyncio.Task[Gathered]] = {}
        self._sent = {0}
        self._around = copy_context()  # of the request, and not of one part
        self.record = Record()

    async def answers(self) -> AsyncGenerator[bytes]:
        """Give the first answer, then each part as soon as it can be answered."""
        first = await self._execute(0)
        body = self._first(first)
        self._seen = orjson.loads(body).get("data")
        waiting = list(self._delivery.parts) if self._seen is not None else []
        yield b'%s,"hasNext":%s}' % (body[:-1], b"true" if waiting else b"false")
        try:
            for number in {n for part in waiting for n in part.reads}:
                around = self._around.copy()
                run = asyncio.create_task(self._part(number), context=around)
                self._runs[number] = run
            while waiting:
                ready = await self._ready(waiting)
                waiting = [part for part in waiting if part not in ready]
                items = [item for part in ready for item in self._items(part)]
                self._sent.update(part.number for part in ready)
                if items or not waiting:
                    more = {"incremental": items} if items else {}
                    yield orjson.dumps({**more, "hasNext": bool(waiting)})
        finally:
            for run in self._runs.values():
                run.cancel()
            await asyncio.gather(*self._runs.values(), return_exceptions=True)

    async def _execute(self, number: int) -> Gathered:
        gateway, asked = self._gateway, self._asked
        began = perf_counter()
        gathered = await execute_part(
            self._delivery.plan,
            self._delivery.fetches[number],
            self._data,
            gateway.subgraphs,
            variables=asked.request.variables,
            conditions=self._conditions,
            caller=gateway.caller(asked),
            seconds=gateway.patience,
        )
        self.record.stage("execute", began)
        return gathered

    async def _part(self, number: int) -> Gathered:
        """Gather what a part waits for, after what it builds on."""
        for before in self._delivery.fetches[number].after:
            if before in self._runs:
                await asyncio.shield(self._runs[before])
        return await self._execute(number)

    async def _ready(self, waiting: list[Part]) -> list[Part]:
        """Wait until a part can be answered; give all that can be."""
        while True:
            ready = [part for part in waiting if self._can_be_answered(part)]
            if ready:
                return ready
            open_runs = [run for run in self._runs.values() if not run.done()]
            await asyncio.wait(open_runs, return_when=asyncio.FIRST_COMPLETED)

    def _can_be_answered(self, part: Part) -> bool:
        return part.parent in self._sent and all(
            self._runs[number].done() for number in part.reads
        )

    def _first(self, gathered: Gathered) -> bytes:
        visible, projection = self._prepared.visible, self._delivery.first
        gathered.problems += [
            each
            for each in visible.problems()
            if each.path is not None and holds(projection.operation, each.path)
        ]
        answer = projection.answer(
            gathered.data,
            gathered.problems,
            variables=self._asked.request.variables,
            conditions=self._conditions,
            extensions=visible.extensions,
            request_id=self._asked.request_id or None,
            owner=self._prepared.owner,
        )
        self._tell(answer.problems)
        return answer.body

    def _items(self, part: Part) -> list[Json]:
        """Write a part: one entry for each object that it belongs to."""
        projection = part.projection
        problems = [
            problem
            for number in part.reads
            for problem in self._runs[number].result().problems
            if problem.path is None or holds(projection.operation, problem.path)
        ]
        problems += [
            each
            for each in self._prepared.visible.problems()
            if each.path is not None
            and holds(projection.operation, each.path)
            and not holds(self._delivery.first.operation, each.path)
        ]
        gathered = dict(self._data)
        if projection.introspection.fields:
            variables = self._asked.request.variables
            gathered |= projection.introspection.answer(variables, self._conditions)
        data = projection.data(
            gathered, problems, self._conditions, self._prepared.owner
        )
        said = [each for each in problems if not each.silent]
        told = in_order(projection.operation, said)
        self._tell(told)
        items: list[Json] = []
        for path, seen, found in places(self._seen, data, part.path):
            if found == {}:
                continue
            item: Json = {"path": list(path), "data": found}
            if part.label is not None:
                item["label"] = part.label
            own, told = divided(told, path, last=found is None)
            if own:
                name = self._asked.request_id or None
                item["errors"] = [write_problem(each, name) for each in own]
            if isinstance(found, dict):
                merge(seen, found)
            items.append(item)
        return items

    def _tell(self, problems: list[Problem]) -> None:
        if problems:
            tell(problems, self._prepared.operation)
            self.record.note(problem.extensions for problem in problems)
