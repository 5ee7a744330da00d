"""Document → the operation to execute, with its fragments and its conditions."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

Selection = SelectionNode
"""A field, an inline fragment or a fragment spread."""


class NotCompiledError(Exception):
    """An operation that is left to graphql-core; the message is the counter's name."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, and what its selections depend on."""

    node: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    conditions: tuple[str, ...]
    """Variables that decide about ``@skip`` and ``@include``, in order."""


def find_operation(
    document: DocumentNode, operation_name: str | None
) -> OperationDefinitionNode:
    """GetOperation: the one named, or the only one.

    Raises:
        GraphQLError: the request's fault; there is none, or more than one.
    """
    operations = [
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    if operation_name is not None:
        for node in reversed(operations):
            if node.name and node.name.value == operation_name:
                return node
        raise GraphQLError(f"Unknown operation named '{operation_name}'.")
    if not operations:
        raise GraphQLError("Must provide an operation.")
    if len(operations) > 1:
        raise GraphQLError(
            "Must provide operation name if query contains multiple operations."
        )
    return operations[0]


def read_operation(document: DocumentNode, node: OperationDefinitionNode) -> Operation:
    """Gather what compiling an operation takes.

    Raises:
        NotCompiledError: it uses something that is left to graphql-core.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    if any(fragment.variable_definitions for fragment in fragments.values()):
        raise NotCompiledError("fragment variables")
    conditions: dict[str, None] = {}
    for directive in _directives(fragments, node.selection_set):
        name = directive.name.value
        if name in {"defer", "stream"}:
            raise NotCompiledError(f"@{name}")
        if name in {"skip", "include"}:
            condition = condition_of(directive)
            if isinstance(condition, str):
                conditions[condition] = None
    return Operation(node, fragments, tuple(conditions))


def condition_of(directive: DirectiveNode) -> bool | str:
    """Return the literal of a ``@skip`` or ``@include``, or its variable's name.

    Raises:
        NotCompiledError: it has neither; validation would have refused it.
    """
    for argument in directive.arguments or ():
        if argument.name.value == "if":
            value = argument.value
            if isinstance(value, BooleanValueNode):
                return value.value
            if isinstance(value, VariableNode):
                return value.name.value
    raise NotCompiledError("condition without a value")


def _directives(
    fragments: dict[str, FragmentDefinitionNode], selection_set: SelectionSetNode
) -> Iterator[DirectiveNode]:
    """Walk every directive that the operation can reach, and refuse cycles."""
    finished: set[str] = set()
    open_names: list[str] = []

    def visit(selection_set: SelectionSetNode) -> Iterator[DirectiveNode]:
        for selection in selection_set.selections:
            yield from selection.directives or ()
            if isinstance(selection, FragmentSpreadNode):
                yield from visit_fragment(selection.name.value)
            else:
                inner = getattr(selection, "selection_set", None)
                if inner is not None:
                    yield from visit(inner)

    def visit_fragment(name: str) -> Iterator[DirectiveNode]:
        if name in open_names:
            raise NotCompiledError("fragment cycle")
        if name in finished or name not in fragments:
            return
        open_names.append(name)
        yield from visit(fragments[name].selection_set)
        open_names.pop()
        finished.add(name)

    return visit(selection_set)
