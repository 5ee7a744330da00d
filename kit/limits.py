"""How much a document asks for, found before anything is validated or run.

One walk visits each fragment once and remembers what it costs, so a document of
nested fragment spreads, which would take exponential time to expand, is judged in
time that grows with its text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

UNBOUNDED: Final = 10**9
"""Sums stop growing here; a fragment bomb reaches it, an honest query never."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection asks for, its fragments written out.

    ``depth`` counts nested fields, ``roots`` the fields at the top, ``fields`` all
    of them, ``aliases`` those renamed, ``directives`` those applied.
    """

    depth: int = 0
    roots: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Weight") -> "Weight":
        """Add a sibling."""
        return Weight(
            max(self.depth, other.depth),
            min(self.roots + other.roots, UNBOUNDED),
            min(self.fields + other.fields, UNBOUNDED),
            min(self.aliases + other.aliases, UNBOUNDED),
            min(self.directives + other.directives, UNBOUNDED),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of each that is taken. The router's defaults; a subgraph's are wider."""

    tokens: int = 2_000
    depth: int = 15
    roots: int = 20
    fields: int = 5_000
    aliases: int = 30
    directives: int = 50


SUBGRAPH_LIMITS: Final = Limits(
    tokens=20_000, depth=25, roots=60, fields=20_000, aliases=2_000, directives=500
)
"""What the router may send: it joins operations and renames fields itself."""

NAMES: Final = {
    "depth": ("MAX_DEPTH_LIMIT", "is {found} levels deep"),
    "roots": ("MAX_ROOT_FIELDS_LIMIT", "has {found} root fields"),
    "fields": ("MAX_HEIGHT_LIMIT", "has {found} fields"),
    "aliases": ("MAX_ALIASES_LIMIT", "has {found} aliases"),
    "directives": ("MAX_DIRECTIVES_LIMIT", "has {found} directives"),
}


def weigh(document: DocumentNode) -> Weight:
    """Weigh the heaviest of each measure over all operations of a document.

    Raises:
        GraphQLError: a fragment contains itself.

    """
    scale = _Scale(
        {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
    )
    heaviest = Weight()
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            found = scale.selection(node.selection_set)
            own = Weight(directives=len(node.directives or ()))
            heaviest = _most(heaviest, found.beside(own))
    return heaviest


def refuse_excess(document: DocumentNode, limits: Limits) -> Weight:
    """Weigh a document and refuse it when it asks for more than the limits.

    Raises:
        GraphQLError: it does; ``extensions.code`` names the limit, the message the
            figure found and the figure allowed.

    """
    found = weigh(document)
    for measure, (code, says) in NAMES.items():
        value, allowed = getattr(found, measure), getattr(limits, measure)
        if value > allowed:
            amount = "countless" if value >= UNBOUNDED else str(value)
            raise GraphQLError(
                f"The operation {says.format(found=amount)}; at most {allowed} "
                "are allowed.",
                extensions={"code": code},
            )
    return found


def _most(one: Weight, other: Weight) -> Weight:
    return Weight(
        max(one.depth, other.depth),
        max(one.roots, other.roots),
        max(one.fields, other.fields),
        max(one.aliases, other.aliases),
        max(one.directives, other.directives),
    )


class _Scale:
    """Weighs selections, each fragment once."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self.known: dict[str, Weight | None] = {}

    def selection(self, node: SelectionSetNode | None) -> Weight:
        total = Weight()
        for part in self._parts(node):
            total = total.beside(part)
        return total

    def _parts(self, node: SelectionSetNode | None) -> Iterator[Weight]:
        for child in node.selections if node else ():
            own = Weight(directives=len(child.directives or ()))
            if isinstance(child, FieldNode):
                inner = self.selection(child.selection_set)
                yield Weight(
                    depth=inner.depth + 1,
                    roots=1,
                    fields=inner.fields + 1,
                    aliases=inner.aliases + (child.alias is not None),
                    directives=inner.directives + own.directives,
                )
            elif isinstance(child, InlineFragmentNode):
                yield self.selection(child.selection_set).beside(own)
            elif isinstance(child, FragmentSpreadNode):
                yield self.fragment(child.name.value).beside(own)

    def fragment(self, name: str) -> Weight:
        if name in self.known:
            weight = self.known[name]
            if weight is None:
                raise GraphQLError(
                    f"The fragment '{name}' contains itself.",
                    extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
                )
            return weight
        self.known[name] = None
        node = self.fragments.get(name)
        weight = self.selection(node.selection_set) if node else Weight()
        self.known[name] = weight
        return weight
