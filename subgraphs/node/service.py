"""Whether objects are there for the caller, asked from the public graph.

The graph is asked for the very same nodes once more, taken at their word, with a field
of each that only its owner knows and that is never null: what the owner does not find,
or does not show, is null in the answer by GraphQL's own rules.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from aiodataloader import DataLoader

from kit.errors import UnavailableError
from kit.ids import kind_of
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.node.models import KINDS

MOST_IDS: Final = 100
"""In one request; as many as fit on a page."""


class Nodes:
    """What there is for one caller, in one request."""

    def __init__(self, graph: CallerGraph) -> None:
        self._graph = graph

    async def are_there(self, ids: list[str]) -> list[bool]:
        """Say of each id whether the caller may see something by it.

        Where an owner does not answer, ids are taken at their word: the caller asks it
        too, and is told so with the field's path.

        Raises:
            UnavailableError: the graph does not answer at all.

        """
        return await self._there.load_many(ids)

    @cached_property
    def _there(self) -> DataLoader[str, bool]:
        return DataLoader(self._look, max_batch_size=MOST_IDS)

    async def _look(self, ids: list[str]) -> list[bool]:
        known = [each for each in ids if type_of(each)]
        if not known:
            return [False] * len(ids)
        try:
            answer, lost = await self._graph.ask_in_part(
                question(known), {"ids": known}
            )
        except GraphUnavailableError as error:
            raise UnavailableError("Nobody can say what there is just now.") from error
        nodes: list[Any] = answer.get("nodes") or [None] * len(known)
        found = {
            each: lost or node is not None
            for each, node in zip(known, nodes, strict=True)
        }
        return [found.get(each, False) for each in ids]


def type_of(text: str) -> str | None:
    """Name the type that an id is of, or None where it is no id of ours.

    >>> type_of("usr_01jd8x7m2pfa9s0v3k6t4wz1qe"), type_of("usr_1"), type_of("x")
    ('User', None, None)
    """
    kind = KINDS.get(kind_of(text) or "")
    return kind.type if kind else None


def question(ids: Iterable[str]) -> str:
    """Ask for nodes at their word, and of each for what proves that it is there.

    >>> print(question(["usr_01jd8x7m2pfa9s0v3k6t4wz1qe"]))
    query NodesThere($ids: [ID!]!) {
      nodes(ids: $ids, mustExist: false) { ... on User { usr: name } }
    }
    """
    prefixes = sorted({each.partition("_")[0] for each in ids})
    asked = " ".join(
        f"... on {KINDS[prefix].type} {{ {prefix}: {KINDS[prefix].proof} }}"
        for prefix in prefixes
    )
    return (
        "query NodesThere($ids: [ID!]!) {\n"
        f"  nodes(ids: $ids, mustExist: false) {{ {asked} }}\n"
        "}"
    )
