"""Plans and subgraphs written by hand, for tests of the executor."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from router.executor.compile import compile_plan
from router.executor.execute import execute
from router.executor.gathered import Caller, Gathered
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import Headers, Reply, TransportError
from router.plan.nodes import (
    EntityInput,
    Fetch,
    Path,
    QueryPlan,
    Representation,
    Taken,
)

Json = dict[str, Any]
Answer = Callable[[Json], Any]


@dataclass
class FakeSubgraph:
    """Answers each request by a function of its body; it may wait, or raise."""

    answer: Answer
    delay: float = 0.0
    status: int = 200
    asked: list[Json] = field(default_factory=list[Json])
    headers: list[Headers] = field(default_factory=list[Headers])

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """Answer as a transport does."""
        request = orjson.loads(body)
        self.asked.append(request)
        self.headers.append(headers)
        await asyncio.sleep(self.delay)
        found = self.answer(request)
        if isinstance(found, TransportError):
            raise found
        raw = found if isinstance(found, bytes) else orjson.dumps(found)
        return Reply(self.status, raw)

    async def close(self) -> None:
        """Have nothing to close."""


def root(number: int, service: str, document: str, *after: int, **more: Any) -> Fetch:
    """Write a fetch of root fields."""
    return Fetch(number, service, "query", document, after=after, **more)


def entities(
    number: int, service: str, path: Path, fields: str, *after: int, **more: Any
) -> Fetch:
    """Write a fetch of one entity input: type T by its id, at a path."""
    shown = Representation((), "T", (Taken("id", "id", required=True),))
    document = (
        f"query($r:[_Any!]!){{_e:_entities(representations:$r){{...on T{{{fields}}}}}}}"
    )
    renames = more.pop("renames", ())
    guards = more.pop("guards", ())
    return Fetch(
        number,
        service,
        "query",
        document,
        after=after,
        inputs=(EntityInput("r", "_e", path, (shown,), renames, guards),),
        **more,
    )


async def run(
    fetches: list[Fetch],
    subgraphs: dict[str, FakeSubgraph],
    *,
    variables: Json | None = None,
    conditions: Json | None = None,
    caller: Caller | None = None,
    seconds: float = 5.0,
    trace: bool = False,
    **options: Any,
) -> Gathered:
    """Execute a plan over fake subgraphs; options are those of each `Subgraph`."""
    plan = QueryPlan(fetches[0].kind, tuple(fetches))
    return await execute(
        compile_plan(plan),
        {name: Subgraph(name, fake, **options) for name, fake in subgraphs.items()},
        variables=variables or {},
        conditions=conditions or variables or {},
        caller=caller or Caller(),
        seconds=seconds,
        trace=trace,
    )
