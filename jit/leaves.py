"""Emit CompleteValue for scalars and enums: the short way for the usual value."""

from functools import lru_cache
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


def usual(text: Text, type_: GraphQLLeafType, var: str) -> tuple[str, str] | None:
    """Return a test for the usual value, and what such a one is serialised to.

    None: there is no short way.
    """
    passing = passing_class(type_)
    if passing is not None:
        return f"type({var}) is {passing.__name__}", var
    if isinstance(type_, GraphQLScalarType):
        serializer = type_.coerce_output_value
        if serializer == GraphQLInt.coerce_output_value:
            return f"type({var}) is int and -0x80000000 <= {var} <= 0x7FFFFFFF", var
        if serializer == GraphQLFloat.coerce_output_value:
            return f"type({var}) is float and {var} - {var} == 0", var
        return None
    return _usual_enum(text, type_, var)


def _usual_enum(text: Text, type_: GraphQLEnumType, var: str) -> tuple[str, str] | None:
    names = _names(type_)
    if not names or any(type(value) is not str for value in names):
        return None
    wrapped: Any = getattr(type_, "wrapped_cls", None)
    if type(type_) is GraphQLEnumType:
        table = text.constant("names", names)
        return f"type({var}) is str and {var} in {table}", f"{table}[{var}]"
    if type(type_).__name__ != "CustomGraphQLEnumType" or wrapped is None:
        return None
    # A member of the Python enum, or the value of one as a database gives it.
    table = text.constant("names", names)
    kind = text.constant(type_.name, wrapped)
    value = f"({var}._value_ if type({var}) is {kind} else {var})"
    return (
        f"type({var}) in ({kind}, str) and {value} in {table}",
        f"{table}[{value}]",
    )


NOTHING = (None, Undefined)


@lru_cache(maxsize=1000)
def _names(type_: GraphQLEnumType) -> dict[Any, str]:
    """Map the values of an enum to their names, the first of equals first."""
    names: dict[Any, str] = {}
    for name, value in type_.values.items():
        try:
            names.setdefault(name if value.value in NOTHING else value.value, name)
        except TypeError:
            return {}
    return names
