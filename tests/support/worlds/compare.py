"""One operation, answered by the router's stages and by one schema: the same?"""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLSchema, execute_sync, parse

from router.executor.compile import compile_plan
from router.executor.execute import execute
from router.executor.gathered import Caller
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import Headers, Reply
from router.graph import build_graph
from router.operation import normalize
from router.plan.render import render
from router.planner import make_plan
from router.projection.project import Projection
from router.supergraph import api_schema, read_supergraph
from tests.support.worlds.model import Json, World
from tests.support.worlds.servers import Answerer


class InProcess:
    """A transport to a subgraph that is a Python object."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer

    async def send(self, body: bytes, headers: Headers) -> Reply:  # noqa: ARG002
        asked = orjson.loads(body)
        found = self.answerer.answer(asked["query"], asked.get("variables") or {})
        return Reply(
            200, orjson.dumps(found), ((b"content-type", b"application/json"),)
        )

    async def close(self) -> None:
        return None


class Case:
    """A composed world, ready to be asked."""

    def __init__(self, world: World, sdl: str) -> None:
        self.world = world
        self.strict = any(
            part.failing and part.wrap.endswith("!")
            for kind in world.kinds.values()
            for part in kind.parts.values()
        )
        supergraph = read_supergraph(sdl)
        self.graph = build_graph(supergraph)
        self.schema: GraphQLSchema = api_schema(supergraph)
        self.whole = Answerer(world, None)
        self.subgraphs: Mapping[str, Subgraph] = {
            name: Subgraph(
                name, InProcess(Answerer(world, name)), timeout=60, include_errors=True
            )
            for name in world.subgraphs
        }

    def expected(self, text: str) -> tuple[Json | None, set[tuple[Any, ...]]]:
        """Answer from the whole data set in one schema."""
        result = execute_sync(self.whole.schema, parse(text), self.world.root)
        return result.data, {tuple(error.path or ()) for error in result.errors or ()}

    def received(self, text: str) -> tuple[Json | None, set[tuple[Any, ...]]]:
        """Answer through the router's stages."""
        operation = normalize(self.schema, parse(text))
        labels = frozenset(self.world.active)
        plan = make_plan(self.graph, operation, labels=labels)
        defaults = {"yes": True, "no": False, "n": 2}
        known = {one.name: defaults[one.name] for one in operation.variables}
        gathered = asyncio.run(
            execute(
                compile_plan(plan),
                self.subgraphs,
                variables={},
                conditions=known,
                caller=Caller(),
                seconds=60,
            )
        )
        projection = Projection(self.schema, operation)
        answer = projection.answer(
            gathered.data, gathered.problems, variables={}, conditions=known
        )
        body = orjson.loads(answer.body)
        paths = {tuple(one.get("path") or ()) for one in body.get("errors") or ()}
        return body["data"], paths

    def difference(self, text: str) -> str | None:
        """Compare both; tell what differs, and by which plan."""
        self.world.log.clear()
        expected = (*self.expected(text), [*self.world.log])
        self.world.log.clear()
        received = (*self.received(text), [*self.world.log])
        if expected == received:
            return None
        # Where null came up through a non-null field, which of several errors are
        # told is open: whoever stops first never meets the others.
        some = bool(expected[1]) == bool(received[1])
        if self.strict and some and expected[0] == received[0]:
            # Nor need later mutations run once the whole answer is null.
            ran = received[2] if expected[0] else received[2][: len(expected[2])]
            if expected[2] == ran:
                return None
        labels = frozenset(self.world.active)
        operation = normalize(self.schema, parse(text))
        plan = render(make_plan(self.graph, operation, labels=labels))
        return (
            f"seed {self.world.seed} {sorted(labels)}\n{text}\n{plan}\n"
            f"expected {expected}\nreceived {received}"
        )
