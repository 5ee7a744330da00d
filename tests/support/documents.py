"""Documents that name every root field of a schema, its arguments filled by type."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

VALUES = {
    "ID": '"usr_01m81agjpgfhdbdabapyn60w5g"',
    "String": '"x"',
    "Int": "1",
    "Float": "1.0",
    "Boolean": "true",
    "DateTime": '"2026-03-02T09:00:00Z"',
    "Duration": '"PT1H"',
    "JSON": "1",
}


def value_of(kind: Any) -> str:
    """Write the shortest value that the type takes."""
    if isinstance(kind, GraphQLNonNull):
        return value_of(kind.of_type)
    if isinstance(kind, GraphQLList):
        return "[]"
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLScalarType):
        return VALUES[kind.name]
    assert isinstance(kind, GraphQLInputObjectType)
    needed = (
        f"{name}: {value_of(field.type)}"
        for name, field in kind.fields.items()
        if is_required_input_field(field)
    )
    return "{" + ", ".join(needed) + "}"


def selection_of(name: str, field: GraphQLField) -> str:
    """Write a field with the arguments that it needs, and what of it to select."""
    needed = [
        f"{argument}: {value_of(its.type)}"
        for argument, its in field.args.items()
        if is_required_argument(its)
    ]
    arguments = f"({', '.join(needed)})" if needed else ""
    below = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{name}{arguments}{below}"


def root_fields(schema: GraphQLSchema) -> Iterator[tuple[str, str, str]]:
    """Give each root field: its operation's word, its name, and its selection."""
    for word, root in (
        ("query", schema.query_type),
        ("mutation", schema.mutation_type),
    ):
        for name, field in (root.fields if root else {}).items():
            if name == "_entities":
                yield word, name, "_entities(representations: []) { __typename }"
            else:
                yield word, name, selection_of(name, field)
