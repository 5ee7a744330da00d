"""How much a document asks for, found before anything is validated or run.

One walk visits each fragment once and remembers what it costs, so a document of
nested fragment spreads, which would take exponential time to expand, is judged in
time that grows with its text. Nothing here recurses: no nesting is too deep for it.
"""

from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
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
    """Weigh the heaviest of each measure over all definitions of a document.

    A fragment that no operation spreads counts too, as it is validated like the rest.

    >>> from graphql import parse
    >>> weigh(parse("{ a { ...F } b: a { ...F } } fragment F on A { c d: c }"))
    Weight(depth=2, roots=2, fields=6, aliases=3, directives=0)

    Raises:
        GraphQLError: a fragment contains itself, or a selection set nothing.

    """
    fragments: dict[str, _Part] = {}
    operations: list[_Part] = []
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            fragments[node.name.value] = _read(node)
        elif isinstance(node, OperationDefinitionNode):
            operations.append(_read(node))
    known: dict[str, Weight] = {}
    for name in _inside_out(fragments):
        if name in fragments:
            known[name] = fragments[name].whole(known)
    return _heaviest(
        [operation.whole(known) for operation in operations]
        + [replace(weight, roots=0) for weight in known.values()]
    )


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


def _heaviest(weights: list[Weight]) -> Weight:
    return Weight(
        max((weight.depth for weight in weights), default=0),
        max((weight.roots for weight in weights), default=0),
        max((weight.fields for weight in weights), default=0),
        max((weight.aliases for weight in weights), default=0),
        max((weight.directives for weight in weights), default=0),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One definition as it is written, and at which depth it spreads which others."""

    own: Weight
    spreads: list[tuple[str, int]]

    def whole(self, known: dict[str, Weight]) -> Weight:
        """Add what is spread; an unknown fragment weighs nothing."""
        own = self.own
        depth, roots, fields = own.depth, own.roots, own.fields
        aliases, directives = own.aliases, own.directives
        for name, level in self.spreads:
            inner = known.get(name, Weight())
            depth = max(depth, level + inner.depth)
            roots += inner.roots if level == 0 else 0
            fields += inner.fields
            aliases += inner.aliases
            directives += inner.directives
        return Weight(
            depth,
            min(roots, UNBOUNDED),
            min(fields, UNBOUNDED),
            min(aliases, UNBOUNDED),
            min(directives, UNBOUNDED),
        )


def _read(node: OperationDefinitionNode | FragmentDefinitionNode) -> _Part:
    depth = roots = fields = aliases = 0
    directives = len(node.directives or ())
    spreads: list[tuple[str, int]] = []
    waiting = [(node.selection_set, 0)]
    while waiting:
        selections, level = waiting.pop()
        if not selections.selections:  # graphql-core's parser lets it pass
            raise GraphQLError(
                "Syntax Error: a selection set is empty.",
                extensions={"code": "GRAPHQL_PARSE_FAILED"},
            )
        for child in selections.selections:
            directives += len(child.directives or ())
            if isinstance(child, FieldNode):
                depth, fields = max(depth, level + 1), fields + 1
                roots += level == 0
                aliases += child.alias is not None
                if child.selection_set:
                    waiting.append((child.selection_set, level + 1))
            elif isinstance(child, InlineFragmentNode):
                waiting.append((child.selection_set, level))
            elif isinstance(child, FragmentSpreadNode):
                spreads.append((child.name.value, level))
    return _Part(Weight(depth, roots, fields, aliases, directives), spreads)


def _inside_out(fragments: dict[str, _Part]) -> list[str]:
    """Order fragments so that each comes after those it spreads."""
    spread = {
        name: dict.fromkeys(inner for inner, _ in part.spreads)
        for name, part in fragments.items()
    }
    try:
        return list(TopologicalSorter(spread).static_order())
    except CycleError as error:
        raise GraphQLError(
            f"The fragment '{error.args[1][0]}' contains itself.",
            extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
        ) from None
