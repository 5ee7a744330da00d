"""Random operations with random `@defer`s: put together, are they the answer?"""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import orjson
from graphql import (
    DirectiveNode,
    FieldNode,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from kit.guard import GraphQLRequest
from kit.identity import ANONYMOUS
from kit.streams.mailbox import Ending
from kit.streams.stream import Stream
from router.app.crowd import Crowd
from router.app.streams import Streams
from router.executor.merge import merge
from router.gateway.asked import Asked, Streaming
from router.gateway.pipeline import Gateway
from router.gateway.refusals import RefusedError
from router.planner.make import make_plan
from router.settings import read_settings
from router.supergraph import api_schema, read_supergraph
from router.telemetry.observer import Observer
from tests.support.worlds.compare import Case
from tests.support.worlds.operations import make_operation

WIDE = """
limits: {max_depth: 99, max_aliases: 999, max_root_fields: 99, max_directives: 999}
"""


class Deferring(Visitor):
    """Defers some fragments, and some fields in fragments made for it."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> Any:
        """Defer some of a selection set."""
        kept: list[Any] = []
        for each in node.selections:
            chance = self.random.random()
            if isinstance(each, FieldNode) and chance < 0.2:
                inner = SelectionSetNode(selections=(each,))
                kept.append(
                    InlineFragmentNode(selection_set=inner, directives=(defer(),))
                )
            elif not isinstance(each, FieldNode) and chance < 0.5:
                fragment: Any = each
                directives = (*(fragment.directives or ()), defer())
                kept.append(with_directives(fragment, directives))
            else:
                kept.append(each)
        return SelectionSetNode(selections=tuple(kept))


def with_directives(node: Any, directives: tuple[DirectiveNode, ...]) -> Any:
    """Copy a fragment with other directives."""
    given = {key: getattr(node, key) for key in node.keys if key != "loc"}
    return type(node)(**{**given, "directives": directives})


def defer() -> DirectiveNode:
    """Write `@defer`."""
    return DirectiveNode(name=NameNode(value="defer"), arguments=())


def deferring(text: str, seed: int) -> str:
    """Add `@defer`s to a query."""
    return print_ast(visit(parse(text), Deferring(seed)))


class Parts:
    """A world whose router answers in parts."""

    def __init__(self, case: Case, sdl: str) -> None:
        self.case = case
        supergraph = read_supergraph(sdl)
        settings = read_settings(WIDE, {})
        crowd = Crowd(settings.traffic_shaping.router)
        self.keeper = Streams(settings, Observer(settings), crowd)
        self.gateway = Gateway(
            settings,
            supergraph,
            api_schema(supergraph, defer=True),
            case.subgraphs,
            lambda operation: make_plan(case.graph, operation),
        )

    async def together(self, text: str) -> tuple[Any, int, list[Any]]:
        """Give the parts' data put together, how many there were, and the errors."""
        streaming = Streaming(lambda: None, self.keeper, defer=True)
        asked = Asked(GraphQLRequest(text), ANONYMOUS, streaming=streaming)
        outcome = await self.gateway.answer(asked)
        if outcome.stream is None:
            found = orjson.loads(outcome.body)
            return found["data"], 1, found.get("errors") or []
        try:
            return await put_together(outcome.stream)
        finally:
            await outcome.stream.close()


async def put_together(stream: Stream) -> tuple[Any, int, list[Any]]:
    """Merge what comes into what came first."""
    count, data, more = 0, None, True
    errors: list[Any] = []
    while (event := await stream.next(60)) is not None and not isinstance(
        event, Ending
    ):
        count += 1
        part = orjson.loads(event)
        assert more, "nothing comes after the last part"
        more = part["hasNext"]
        errors += part.get("errors") or []
        if "data" in part:
            data = part["data"]
        for item in part.get("incremental", ()):
            errors += item.get("errors") or []
            at: Any = data
            for step in item["path"]:
                at = at[step]
            merge(at, item["data"] or {})
    assert not more, "the last part says so"
    return data, count, errors


def differences(case: Case, sdl: str, operations: int) -> Iterator[str | None]:
    """Compare queries that have no errors with the same in parts."""
    parts = Parts(case, sdl)
    for number in range(operations):
        seed = case.world.seed * 100_000 + number
        text = make_operation(case.schema, seed)
        if text is None or not is_query(text):
            continue
        expected, problems = case.expected(text)
        if problems:
            continue
        later = deferring(text, seed)
        try:
            found, _, errors = asyncio.run(parts.together(later))
        except RefusedError:  # a variable that nothing uses
            continue
        same = found == expected and not errors
        yield None if same else f"{later}\nexpected {expected}\nfound {found} {errors}"


def is_query(text: str) -> bool:
    """Say whether an operation only reads."""
    first = parse(text).definitions[0]
    return (
        isinstance(first, OperationDefinitionNode) and first.operation.value == "query"
    )
