"""Supergraph → the API schema: what clients may know of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLDeferDirective,
    GraphQLSchema,
    NamedTypeNode,
    Node,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    build_ast_schema,
    parse,
)
from graphql.utilities.print_schema import print_directive

from router.supergraph.links import Links, read_links
from router.supergraph.model import Supergraph

NodeT = TypeVar("NodeT", bound=Node)

EXECUTABLE = {
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
}
"""Directive locations that a client can write."""

KEPT = {"deprecated", "specifiedBy", "oneOf"}
"""Applied directives that are part of the API."""


def api_schema(supergraph: Supergraph, *, defer: bool = False) -> GraphQLSchema:
    """Give the schema that clients see: no join types, nothing `@inaccessible`.

    It validates operations and answers introspection; it has no resolvers. With
    ``defer``, operations may use `@defer`, which the router itself carries out.
    """
    links = read_links(supergraph.document)
    hidden = {
        name
        for name, definition in supergraph.types.items()
        if any(mark.name == "inaccessible" for mark in definition.applied)
    }
    cleaner = _Cleaner(links, hidden)
    definitions = [
        cleaned
        for definition in supergraph.document.definitions
        if (cleaned := cleaner.definition(definition)) is not None
    ]
    if defer and not any(defines_defer(each) for each in definitions):
        definitions.append(DEFER)
    return build_ast_schema(
        DocumentNode(definitions=tuple(definitions)), assume_valid=True
    )


DEFER = parse(print_directive(GraphQLDeferDirective), no_location=True).definitions[0]


def defines_defer(node: DefinitionNode) -> bool:
    """Say whether a definition is that of `@defer`."""
    return isinstance(node, DirectiveDefinitionNode) and node.name.value == "defer"


class _Cleaner:
    """Takes out of definitions what is not for clients."""

    def __init__(self, links: Links, hidden: set[str]) -> None:
        self.links = links
        self.hidden = hidden

    def definition(self, node: DefinitionNode) -> DefinitionNode | None:
        match node:
            case SchemaDefinitionNode():
                return self._stripped(node)
            case DirectiveDefinitionNode():
                named = {location.value for location in node.locations}
                if self.links.is_machinery(node.name.value) or not named & EXECUTABLE:
                    return None
                return node
            case TypeDefinitionNode():
                name = node.name.value
                if self.links.is_machinery(name) or name in self.hidden:
                    return None
                return self._type(node)
            case _:
                return None

    def _type(self, node: TypeDefinitionNode) -> TypeDefinitionNode:
        changes: dict[str, Any] = {}
        for attribute in ("fields", "values"):
            if hasattr(node, attribute):
                changes[attribute] = self._seen(getattr(node, attribute) or ())
        for attribute in ("interfaces", "types"):
            if hasattr(node, attribute):
                named: Iterable[NamedTypeNode] = getattr(node, attribute) or ()
                changes[attribute] = tuple(
                    one for one in named if one.name.value not in self.hidden
                )
        return self._stripped(node, **changes)

    def _seen(self, nodes: Iterable[Any]) -> tuple[Any, ...]:
        seen: list[Any] = []
        for node in nodes:
            if self._inaccessible(node.directives):
                continue
            arguments = getattr(node, "arguments", None)
            changes = {"arguments": self._seen(arguments)} if arguments else {}
            seen.append(self._stripped(node, **changes))
        return tuple(seen)

    def _stripped(self, node: NodeT, **changes: Any) -> NodeT:
        written: Iterable[ConstDirectiveNode] = getattr(node, "directives", None) or ()
        if not written and not changes:
            return node
        directives = tuple(one for one in written if one.name.value in KEPT)
        return replace(node, directives=directives, **changes)

    def _inaccessible(self, directives: Iterable[ConstDirectiveNode] | None) -> bool:
        return any(
            self.links.canonical.get(directive.name.value) == "inaccessible"
            for directive in directives or ()
        )
