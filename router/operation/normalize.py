"""Document → Operation: one selection per response key, fragments resolved."""

from collections.abc import Iterable

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    print_ast,
)

from router.errors import OperationError
from router.operation.collect import Collector
from router.operation.model import Operation, Variable

MAX_FIELDS = 10_000
"""More fields than any honest operation has; normalising them takes 50 ms."""


def normalize(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None = None,
    *,
    max_fields: int = MAX_FIELDS,
) -> Operation:
    """Resolve a valid document's fragments, and merge fields of one key.

    The document has passed validation against `schema`. Fragments disappear into
    the selections where they apply; each is looked at once per place, type and
    condition, so that the work grows with the fields of the answer. `@skip` and
    `@include` stay on fields as conditions, literal ones are carried out.

    >>> from graphql import build_schema, parse
    >>> from router.operation.render import render
    >>> schema = build_schema("type Query { me: User } type User { id: ID name: ID }")
    >>> twice = parse("query Me { me { id } ... on Query { me { name id } } }")
    >>> print(render(normalize(schema, twice)))
    query Me {
      me {
        id
        name
      }
    }

    Raises:
        OperationError: there is no operation of that name, or several and no
            name; or a field takes the response name `__typename`.
        OperationLimitError: more than `max_fields` fields.

    """
    definition = choose_operation(document, operation_name)
    kind = definition.operation.value
    root = schema.get_root_type(definition.operation)
    if root is None:
        raise OperationError(f"This graph has no {kind} type.")
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    collector = Collector(schema, fragments, max_fields)
    selections = collector.collect(root.name, ((definition.selection_set, (), 0),))
    name = definition.name.value if definition.name else None
    variables = tuple(_variables(definition))
    return Operation(kind, name, variables, selections, tuple(collector.defers))


def choose_operation(
    document: DocumentNode, operation_name: str | None
) -> OperationDefinitionNode:
    """Find the operation that a request means.

    Raises:
        OperationError: there is none of that name, or several and no name.

    """
    operations = [
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    if operation_name is None:
        if len(operations) == 1:
            return operations[0]
        message = (
            "Must provide operation name if query contains multiple operations."
            if operations
            else "Must provide an operation."
        )
        raise OperationError(message)
    for operation in operations:
        if operation.name and operation.name.value == operation_name:
            return operation
    raise OperationError(f"Unknown operation named '{operation_name}'.")


def _variables(definition: OperationDefinitionNode) -> Iterable[Variable]:
    for variable in definition.variable_definitions or ():
        default = variable.default_value
        yield Variable(
            variable.variable.name.value,
            print_ast(variable.type),
            print_ast(default) if default else None,
        )
