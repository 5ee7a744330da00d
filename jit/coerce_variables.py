"""CoerceVariableValues, with what never changes between requests done once.

Valid values take a short way; whatever looks odd is given to graphql-core, whose
errors are the ones a client sees.
"""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    coerce_input_value,
    is_input_object_type,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    get_variable_values,
)
from graphql.utilities.coerce_input_value import coerce_default_value

from jit.plain import passing_input_class

Coerce = Callable[[Any], Any]
"""An input value → the coerced one, or Undefined if it does not fit."""

Inputs = dict[str, Any]

NONE = VariableValues({}, {})


class Variables:
    """The variables of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        max_errors: int,
        *,
        hide_suggestions: bool,
    ) -> None:
        self._schema = schema
        self._nodes = operation.variable_definitions or ()
        self._max_errors = max_errors
        self._hide_suggestions = hide_suggestions
        self._short_ways = [_short_way(schema, node) for node in self._nodes]

    def coerce(self, inputs: Inputs) -> VariableValues | list[GraphQLError]:
        """Coerce a request's variables, or tell what is wrong with them."""
        if not self._nodes:
            return NONE
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for way in self._short_ways:
            if way is None or not way.take(inputs, sources, coerced):
                return get_variable_values(
                    self._schema,
                    self._nodes,
                    inputs,
                    max_errors=self._max_errors,
                    hide_suggestions=self._hide_suggestions,
                )
        return VariableValues(sources, coerced)


class _ShortWay:
    """One variable whose type cannot nest without end."""

    __slots__ = ("absent", "coerce", "name", "optional", "signature")

    def __init__(self, signature: GraphQLVariableSignature) -> None:
        self.signature = signature
        self.name = signature.name
        self.coerce = coercer(signature.type)
        self.absent = VariableValueSource(signature)
        self.optional = not isinstance(signature.type, GraphQLNonNull)

    def take(
        self,
        inputs: Inputs,
        sources: dict[str, VariableValueSource],
        coerced: dict[str, Any],
    ) -> bool:
        """Coerce this variable, or say that it takes more than this."""
        name = self.name
        value = inputs.get(name, Undefined)
        if value is Undefined:
            return self._take_default(sources, coerced)
        result = self.coerce(value)
        if result is Undefined:
            return False
        sources[name] = VariableValueSource(self.signature, value)
        coerced[name] = result
        return True

    def _take_default(
        self, sources: dict[str, VariableValueSource], coerced: dict[str, Any]
    ) -> bool:
        if self.signature.default is not None:
            try:
                default = coerce_default_value(self.signature)
            except TypeError:
                return False
            coerced[self.name] = default
        elif not self.optional:
            return False
        sources[self.name] = self.absent
        return True


def _short_way(schema: GraphQLSchema, node: VariableDefinitionNode) -> _ShortWay | None:
    signature = get_variable_signature(schema, node)
    if isinstance(signature, GraphQLError) or _may_nest(signature.type, set()):
        return None
    return _ShortWay(signature)


def _may_nest(type_: GraphQLType, above: set[GraphQLType]) -> bool:
    """Tell whether values of a type can contain values of the same type."""
    while isinstance(type_, (GraphQLNonNull, GraphQLList)):
        type_ = type_.of_type
    if not is_input_object_type(type_):
        return False
    if type_ in above:
        return True
    return any(_may_nest(f.type, above | {type_}) for f in type_.fields.values())


def coercer(type_: Any) -> Coerce:
    """Build the function that coerces values of one input type.

    >>> from graphql import GraphQLInt
    >>> coercer(GraphQLNonNull(GraphQLInt))("1")
    Undefined
    """
    if isinstance(type_, GraphQLNonNull):
        return _non_null(coercer(type_.of_type))
    if isinstance(type_, GraphQLList):
        return _list(type_, coercer(type_.of_type))
    passing = passing_input_class(type_)
    if passing is not None:
        return _passing(passing, type_)
    if type(type_) is GraphQLScalarType:
        return _scalar(type_)
    return lambda value: coerce_input_value(value, type_)


def _non_null(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        return Undefined if value is None or value is Undefined else inner(value)

    return coerce


def _list(type_: Any, inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if type(value) is not list:
            return coerce_input_value(value, type_)
        items: list[Any] = []
        for item in value:
            coerced = inner(item)
            if coerced is Undefined:
                return Undefined
            items.append(coerced)
        return items

    return coerce


def _passing(kind: type[Any], type_: Any) -> Coerce:
    def coerce(value: Any) -> Any:
        return value if type(value) is kind else coerce_input_value(value, type_)

    return coerce


def _scalar(type_: GraphQLScalarType) -> Coerce:
    parse = type_.coerce_input_value

    def coerce(value: Any) -> Any:
        if value is None or value is Undefined:
            return None
        try:
            return parse(value)
        except Exception:  # noqa: BLE001 - the value does not fit, says the scalar
            return Undefined

    return coerce
