"""The client's variables → the same with types checked and defaults filled in."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    get_variable_values,
)

from router.gateway.refusals import refuse_document

Json = dict[str, Any]
Coerce = Callable[[Json], Json]

MOST_ERRORS = 10


def compile_coerce(schema: GraphQLSchema, node: OperationDefinitionNode) -> Coerce:
    """Make the function that checks one operation's variables.

    It raises `RefusedError` where a value cannot be of its variable's type.
    """
    definitions: tuple[VariableDefinitionNode, ...] = tuple(
        node.variable_definitions or ()
    )
    if not definitions:
        return lambda _: {}

    def coerce(given: Json) -> Json:
        found = get_variable_values(schema, definitions, given, max_errors=MOST_ERRORS)
        if isinstance(found, list):
            raise refuse_document(found, "BAD_USER_INPUT")
        return found.coerced

    return coerce
