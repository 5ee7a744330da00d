"""Emit CompleteValue for scalars and enums: the short way for the usual value."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLScalarType,
    Undefined,
)

from jit.plain import passing_class
from jit.text import Text


def usual(text: Text, type_: GraphQLLeafType, var: str) -> tuple[str, list[str]] | None:
    """Return a test for the usual value, and the lines that serialise such a one.

    No lines: the value is sent as it is. None: there is no short way.
    """
    passing = passing_class(type_)
    if passing is not None:
        return f"type({var}) is {passing.__name__}", []
    if isinstance(type_, GraphQLScalarType):
        serializer = type_.coerce_output_value
        if serializer == GraphQLInt.coerce_output_value:
            return f"type({var}) is int and -0x80000000 <= {var} <= 0x7FFFFFFF", []
        if serializer == GraphQLFloat.coerce_output_value:
            return f"type({var}) is float and {var} - {var} == 0", []
        return None
    return _usual_enum(text, type_, var)


def _usual_enum(
    text: Text, type_: GraphQLEnumType, var: str
) -> tuple[str, list[str]] | None:
    if type(type_) is GraphQLEnumType:
        names: dict[Any, str] = _names(type_)
        if not names or any(type(value) is not str for value in names):
            return None
        table = text.constant("names", names)
        return f"type({var}) is str and {var} in {table}", [f"{var} = {table}[{var}]"]
    wrapped: Any = getattr(type_, "wrapped_cls", None)
    if type(type_).__name__ != "CustomGraphQLEnumType" or wrapped is None:
        return None
    table = text.constant("names", _names(type_))
    kind = text.constant(type_.name, wrapped)
    return (
        f"type({var}) is {kind} and {var}._value_ in {table}",
        [f"{var} = {table}[{var}._value_]"],
    )


NOTHING = (None, Undefined)


def _names(type_: GraphQLEnumType) -> dict[Any, str]:
    """Map the values of an enum to their names, the first of equals first."""
    names: dict[Any, str] = {}
    for name, value in type_.values.items():
        try:
            names.setdefault(name if value.value in NOTHING else value.value, name)
        except TypeError:
            return {}
    return names
