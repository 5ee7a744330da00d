"""Tell which object type a resolved type name stands for, or why it cannot be."""

from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
)
from graphql.pyutils import inspect

from jit.field import Field


def ensure_valid_runtime_type(
    schema: GraphQLSchema,
    field: Field,
    abstract_type: GraphQLAbstractType,
    name: Any,
    value: Any,
) -> GraphQLObjectType:
    """Return the object type of that name, if the abstract type may be it.

    Raises:
        GraphQLError: the schema's fault; with graphql-core's words.
    """
    known = schema.type_map.get(name) if isinstance(name, str) else None
    if isinstance(known, GraphQLObjectType) and schema.is_sub_type(
        abstract_type, known
    ):
        return known
    raise GraphQLError(_why_not(field, abstract_type, name, known, value), field.nodes)


def _why_not(
    field: Field, abstract_type: GraphQLAbstractType, name: Any, known: Any, value: Any
) -> str:
    asked = (
        f"Abstract type '{abstract_type}' must resolve to an Object type at runtime"
        f" for field '{field.parent}.{field.name}'"
    )
    if name is None:
        return (
            f"{asked}. Either the '{abstract_type}' type should provide"
            " a 'resolve_type' function or each possible type should provide"
            " an 'is_type_of' function."
        )
    if not isinstance(name, str):
        return (
            f"{asked} with value {inspect(value)}, received '{inspect(name)}',"
            " which is not a valid Object type name."
        )
    if known is None:
        return (
            f"Abstract type '{abstract_type}' was resolved to a type '{name}'"
            " that does not exist inside the schema."
        )
    if not isinstance(known, GraphQLObjectType):
        return (
            f"Abstract type '{abstract_type}' was resolved"
            f" to a non-object type '{name}'."
        )
    return (
        f"Runtime Object type '{known}' is not a possible type for '{abstract_type}'."
    )
