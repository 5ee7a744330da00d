"""``make bench-planning``: what new operations cost before their first fetch.

Operations of fifty fields are invented over the project's own supergraph, each another;
each is read, then normalised and planned as for its first request. Then a fragment
bomb, which must be refused wherever that is. Milliseconds of the processor.
"""

import argparse
import random
import sys
from collections.abc import Callable
from time import thread_time

from graphql import (
    GraphQLField,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_object_type,
    is_required_argument,
)

from helpnest.supergraph import SUPERGRAPH
from kit.garbage import look_seldom, settle
from router.errors import OperationLimitError
from router.gateway.documents import Document, Documents
from router.gateway.refusals import RefusedError
from router.graph import build_graph
from router.operation import normalize
from router.planner import make_plan
from router.settings.model import Settings
from router.supergraph import api_schema, read_supergraph

FIELDS = 50
BOMB = 40
"""Fragments, each of which asks for the next one twice."""


class Inventor:
    """Write operations: fields that need no argument, to any depth."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        query = schema.query_type
        self._roots = list(query.fields.items()) if query else []
        self._random = random.Random(seed)
        self._left = FIELDS

    def operation(self) -> str:
        """Invent one of `FIELDS` fields."""
        parts: list[str] = []
        while self._left:
            alias = f"r{len(parts)}"
            if text := self._field(alias, *self._random.choice(self._roots), depth=5):
                parts.append(text)
        return "{ " + " ".join(parts) + " }"

    def _field(self, alias: str, name: str, field: GraphQLField, *, depth: int) -> str:
        needs = any(map(is_required_argument, field.args.values()))
        kind = get_named_type(field.type)
        if needs or not self._left or (is_composite_type(kind) and not depth):
            return ""
        if not is_composite_type(kind):
            self._left -= 1
            return f"{alias}: {name}" if alias else name
        if not is_object_type(kind):
            return ""
        self._left -= 1
        fields = list(kind.fields.items())
        chosen = self._random.sample(fields, min(len(fields), 7))
        inner = [self._field("", *each, depth=depth - 1) for each in chosen]
        inside = " ".join(each for each in inner if each) or "__typename"
        return f"{alias}: {name} {{ {inside} }}" if alias else f"{name} {{ {inside} }}"


def bomb() -> str:
    """Write a short document with more fields than atoms: each doubles the next."""
    parts = [
        f"fragment F{n} on User {{ a: manager {{ ...F{n + 1} }} "
        f"b: manager {{ ...F{n + 1} }} }}"
        for n in range(BOMB)
    ]
    end = f"fragment F{BOMB} on User {{ name }}"
    return " ".join(("{ viewer { ...F0 } }", *parts, end))


def took(work: Callable[[], object]) -> float:
    """Give the milliseconds of one call."""
    began = thread_time()
    work()
    return (thread_time() - began) * 1000


def main() -> None:
    """Plan them all, and print one line for each figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--operations", type=int, default=1_000)
    given = parser.parse_args()
    look_seldom()
    supergraph = read_supergraph(SUPERGRAPH.read_text(encoding="utf-8"))
    schema, graph = api_schema(supergraph), build_graph(supergraph)
    documents = Documents(schema, Settings())
    texts = [Inventor(schema, seed).operation() for seed in range(given.operations + 1)]
    settle()

    def plan(document: Document) -> None:
        make_plan(graph, normalize(schema, document.ast))

    def refused() -> None:
        try:
            plan(documents.read(bomb()))
        except (RefusedError, OperationLimitError):
            return
        raise SystemExit("The bomb was not refused.")

    plan(documents.read(texts.pop()))
    reading: list[float] = []
    planning: list[float] = []
    for text in texts:
        reading.append(took(lambda text=text: documents.read(text)))
        document = documents.read(text)
        planning.append(took(lambda known=document: plan(known)))
    sys.stdout.write(
        f"{len(texts)} operations of {FIELDS} fields, planned: {shown(planning)}\n"
        f"read and validated before: {shown(reading)}\n"
        f"a bomb of 2^{BOMB} fields, refused: {took(refused):.1f} ms\n"
    )


def shown(times: list[float]) -> str:
    """Say how long it took, usually and at times."""
    ordered = sorted(times)
    median, slow = (ordered[int(len(ordered) * part)] for part in (0.5, 0.95))
    return f"median {median:.1f} ms, 95 % {slow:.1f}, slowest {ordered[-1]:.1f}"


if __name__ == "__main__":
    main()
