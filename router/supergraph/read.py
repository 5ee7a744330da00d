"""Supergraph SDL → Supergraph."""

from collections.abc import Mapping

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLSyntaxError,
    SchemaDefinitionNode,
    TypeDefinitionNode,
)

from router.errors import SupergraphError
from router.supergraph.lexer import parse_long
from router.supergraph.links import Links, arguments_of, read_links
from router.supergraph.model import Subgraph, Supergraph
from router.supergraph.types import read_type


def read_supergraph(sdl: str) -> Supergraph:
    """Read a supergraph document of any join version from v0.1 to v0.5.

    Raises:
        SupergraphError: the text is no GraphQL, no supergraph, refers to a
            subgraph that it does not list, or needs a feature we do not know.
            The message names the line.

    """
    document = _parse(sdl)
    links = read_links(document)
    subgraphs = _read_subgraphs(document, links)
    names = {subgraph.graph: subgraph.name for subgraph in subgraphs.values()}
    types = {
        definition.name.value: read_type(definition, links, names)
        for definition in document.definitions
        if isinstance(definition, TypeDefinitionNode)
        and not links.is_machinery(definition.name.value)
    }
    roots = _read_roots(document, types)
    if "query" not in roots:
        raise SupergraphError("not a supergraph: it has no query type", line=1)
    return Supergraph(subgraphs, types, roots, document)


def _parse(sdl: str) -> DocumentNode:
    try:
        return parse_long(sdl)
    except GraphQLSyntaxError as error:
        line = error.locations[0].line if error.locations else None
        message = f"the supergraph is not GraphQL: {error.message}"
        raise SupergraphError(message, line=line) from error


def _read_subgraphs(document: DocumentNode, links: Links) -> dict[str, Subgraph]:
    found: dict[str, Subgraph] = {}
    for definition in document.definitions:
        if not isinstance(definition, EnumTypeDefinitionNode):
            continue
        for value in definition.values or ():
            for directive in value.directives or ():
                if links.canonical.get(directive.name.value) != "join__graph":
                    continue
                arguments = arguments_of(directive)
                name = str(arguments.get("name") or value.name.value)
                url = str(arguments.get("url") or "")
                found[name] = Subgraph(name, value.name.value, url)
    if not found:
        raise SupergraphError("not a supergraph: it lists no subgraphs", line=1)
    return found


def _read_roots(document: DocumentNode, types: Mapping[str, object]) -> dict[str, str]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode) and definition.operation_types:
            return {
                operation.operation.value: operation.type.name.value
                for operation in definition.operation_types
            }
    usual = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
    return {kind: name for kind, name in usual.items() if name in types}
