"""A subgraph's plain values → what the API promises of them.

Right values pass untouched; those that mean the same in another JSON form (an
integer ID, ``3.0`` for an Int) are converted; the rest is malformed.
"""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLLeafType,
    is_enum_type,
    is_specified_scalar_type,
)

INT_MIN, INT_MAX = -(2**31), 2**31 - 1


class MalformedValueError(Exception):
    """A value is not of the type that the supergraph promises."""


def complete_leaf(kind: GraphQLLeafType, value: Any) -> Any:
    """Give a leaf's value as the answer has it.

    >>> from graphql import GraphQLID, GraphQLInt
    >>> complete_leaf(GraphQLID, 7), complete_leaf(GraphQLInt, 7.0)
    ('7', 7)

    Raises:
        MalformedValueError: the value cannot be of that type.

    """
    if is_enum_type(kind):
        return complete_enum(kind, value)
    if is_specified_scalar_type(kind):
        return COMPLETE[kind.name](value)
    return value


def complete_enum(kind: GraphQLEnumType, value: Any) -> Any:
    """Take one of the enum's names.

    Raises:
        MalformedValueError: it is none of those that clients may see.

    """
    if isinstance(value, str) and value in kind.values:
        return value
    raise MalformedValueError(f"Enum '{kind.name}' cannot represent {show(value)}.")


def complete_int(value: Any) -> int:
    """Take a whole number of 32 bits, also written as ``3.0``.

    Raises:
        MalformedValueError: it is none.

    """
    whole = isinstance(value, float) and value.is_integer()
    number: Any = int(value) if whole else value
    if number.__class__ is int and INT_MIN <= number <= INT_MAX:
        return number
    raise MalformedValueError(f"Int cannot represent {show(value)}.")


def complete_float(value: Any) -> float:
    """Take any number.

    Raises:
        MalformedValueError: it is none.

    """
    if value.__class__ is float or value.__class__ is int:
        return value
    raise MalformedValueError(f"Float cannot represent {show(value)}.")


def complete_string(value: Any) -> str:
    """Take a text.

    Raises:
        MalformedValueError: it is none.

    """
    if isinstance(value, str):
        return value
    raise MalformedValueError(f"String cannot represent {show(value)}.")


def complete_id(value: Any) -> str:
    """Take a text or a whole number.

    Raises:
        MalformedValueError: it is neither.

    """
    if isinstance(value, str):
        return value
    if value.__class__ is int:
        return str(value)
    raise MalformedValueError(f"ID cannot represent {show(value)}.")


def complete_boolean(value: Any) -> bool:
    """Take true or false.

    Raises:
        MalformedValueError: it is neither.

    """
    if isinstance(value, bool):
        return value
    raise MalformedValueError(f"Boolean cannot represent {show(value)}.")


COMPLETE = {
    "Int": complete_int,
    "Float": complete_float,
    "String": complete_string,
    "ID": complete_id,
    "Boolean": complete_boolean,
}


def show(value: Any) -> str:
    """Name a value's kind: its content may be another's secret.

    >>> show({"password": "x"})
    'an object'
    """
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return kinds.get(type(value), "that number")
