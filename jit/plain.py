"""Recognise, by their class alone, values that need no second look."""

from types import GeneratorType, WrapperDescriptorType
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLNamedType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)

MAX_PLAIN = 10_000
"""Classes made at run time must not pile up: past this many, learn them anew."""

PLAIN: set[type[Any]] = set()
"""Classes whose instances are no awaitables, no exceptions and not null."""

NEVER_PLAIN = {type(None), type(Undefined), GeneratorType}
"""Null, and what an old coroutine could be."""

UNKNOWN: set[type[Any]] = set()
"""For predicates of a caller's own: it stays empty, so each value is asked about."""


def learn(plain: set[type[Any]], value: Any) -> None:
    """Remember the class of a value just completed, if it speaks for all its kind."""
    kind: type[Any] = type(value)
    if kind in plain or plain is UNKNOWN or not speaks_for_all(kind):
        return
    if len(plain) >= MAX_PLAIN:
        plain.clear()
    plain.add(kind)


def speaks_for_all(kind: type[Any], *, declared: bool = False) -> bool:
    """Tell whether no instance of a class can be null, an error or awaitable.

    A class `declared` as a type of the schema may compute attributes: it does not
    invent an ``__await__``, as a mock object would.

    >>> speaks_for_all(dict), speaks_for_all(ValueError)
    (True, False)
    """
    return not (
        kind in NEVER_PLAIN
        or issubclass(kind, BaseException)
        or hasattr(kind, "__await__")
        or (hasattr(kind, "__getattr__") and not declared)
        or "__class__" in vars(kind)
        # A Python function there could invent `__await__`; C's reads what is there.
        or not isinstance(kind.__getattribute__, WrapperDescriptorType)
    )


STANDARD = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}

PASSING = {type_.coerce_output_value: kind for type_, kind in STANDARD.items()}

PASSING_INPUT = {type_.coerce_input_value: kind for type_, kind in STANDARD.items()}


def passing_class(type_: GraphQLNamedType | Any) -> type[Any] | None:
    """Name the class whose instances a leaf type serialises to themselves.

    >>> passing_class(GraphQLString)
    <class 'str'>
    """
    if not isinstance(type_, GraphQLScalarType):
        return None
    return PASSING.get(type_.coerce_output_value)


def passing_input_class(type_: GraphQLNamedType | Any) -> type[Any] | None:
    """Name the class whose instances a scalar accepts as they are."""
    if not isinstance(type_, GraphQLScalarType):
        return None
    return PASSING_INPUT.get(type_.coerce_input_value)
