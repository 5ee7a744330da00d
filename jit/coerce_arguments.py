"""CoerceArgumentValues, decided when the operation is compiled as far as it can be."""

from collections.abc import Mapping
from keyword import iskeyword
from math import isfinite
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    NonNullTypeNode,
    OperationDefinitionNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    is_list_type,
    is_specified_scalar_type,
    visit,
)
from graphql.execution.values import get_argument_values

from jit.text import Text, literal

BY_NAME = frozenset({str, int, float, bool, type(None)})


class ArgumentWriter:
    """Writes the keyword arguments of resolver calls of one operation."""

    def __init__(self, operation: OperationDefinitionNode) -> None:
        self._declared: Mapping[str, VariableDefinitionNode] = {
            node.variable.name.value: node
            for node in operation.variable_definitions or ()
        }

    def write(
        self, text: Text, definition: GraphQLField, node: FieldNode
    ) -> dict[str, str] | None:
        """Write each argument that is passed, by the keyword that it is passed as.

        Constant arguments are written as they are, variables that surely have a
        value are read. None: they have to be coerced when the operation runs, which
        may fail.
        """
        given = {
            argument.name.value: argument.value for argument in node.arguments or ()
        }
        written: dict[str, str] = {}
        for name, argument in definition.args.items():
            value = self._write_argument(text, definition, node, name, given.get(name))
            if value is None:
                return None
            if value:
                written[argument.out_name or name] = value
        return written

    def _write_argument(
        self,
        text: Text,
        definition: GraphQLField,
        node: FieldNode,
        name: str,
        value: ValueNode | None,
    ) -> str | None:
        """Write one argument: its value, "" for none, or None if it must wait."""
        argument = definition.args[name]
        if isinstance(value, VariableNode):
            variable = value.name.value
            if self._always_has_value(variable, argument):
                return f"run.variables[{literal(variable)}]"
            return None
        if value is not None and _mentions_variables(value):
            return None
        alone = GraphQLField(definition.type, {name: argument})
        try:
            coerced = get_argument_values(alone, node)
        except GraphQLError:
            return None
        for constant in coerced.values():
            return _constant(text, constant)
        return ""

    def _always_has_value(self, variable: str, argument: GraphQLArgument) -> bool:
        declared = self._declared.get(variable)
        if declared is None:
            return False
        if isinstance(argument.type, GraphQLNonNull):
            # Other types might coerce what was given to null.
            inner: Any = argument.type.of_type
            return isinstance(declared.type, NonNullTypeNode) and (
                is_list_type(inner) or is_specified_scalar_type(inner)
            )
        return (
            isinstance(declared.type, NonNullTypeNode)
            or declared.default_value is not None
        )


def keywords(written: dict[str, str]) -> str:
    """Write what stands after ``(source, info`` in a call, from its comma on.

    >>> keywords({"first": "3", "from": "run.variables['x']"})
    ", first=3, **{'from': run.variables['x']}"
    """
    return "".join(_keyword(name, value) for name, value in written.items())


def _keyword(name: str, value: str) -> str:
    if name.isidentifier() and name.isascii() and not iskeyword(name):
        return f", {name}={value}"
    return f", **{{{literal(name)}: {value}}}"


def _constant(text: Text, value: Any) -> str | None:
    """Write a value that calls may share, or None: they need one each."""
    if type(value) not in BY_NAME:
        return None
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, float) and not isfinite(value):
        return text.constant("float", value)
    return repr(value)


class _VariableFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, *_args: Any) -> None:
        self.found = True


def _mentions_variables(value: ValueNode) -> bool:
    finder = _VariableFinder()
    visit(value, finder)
    return finder.found
