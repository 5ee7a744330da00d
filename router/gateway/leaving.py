"""A gateway that serves no more → nothing, bit by bit.

Types of a schema know each other, tokens of a text their neighbours: such circles wait
for Python's collector, which stops everybody for as long as it looks through all that
there is. Cut here, a supergraph's quarter of a million objects free themselves.
"""

from graphql import (
    DocumentNode,
    GraphQLNamedType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

from router.gateway.cache import empty
from router.gateway.documents import loosen
from router.gateway.pipeline import Gateway


def take_apart(gateway: Gateway) -> None:
    """Let go of what only this gateway has: nobody may ask it any more."""
    gateway.documents.clear()
    gateway.operations.clear()
    cut_schema(gateway.schema)
    cut_document(gateway.supergraph.document)
    empty(gateway.supergraph.types)


def cut_schema(schema: GraphQLSchema) -> None:
    """Make each type forget the others; those that all schemas share stay whole."""
    for each in list(schema.type_map.values()):
        if not is_specified_scalar_type(each) and not is_introspection_type(each):
            cut_type(each)
    vars(schema).clear()


def cut_type(named: GraphQLNamedType) -> None:
    """Make a type forget all that it has, one thing after the other."""
    for name in list(vars(named)):
        empty(vars(named).pop(name))


def cut_document(document: DocumentNode) -> None:
    """Let a text's tokens go, and what was read of it, definition by definition."""
    loosen(document)
    for definition in document.definitions:
        for name in (*definition.keys, "loc"):
            # Nobody looks any more at what was not to be changed.
            object.__setattr__(definition, name, None)
