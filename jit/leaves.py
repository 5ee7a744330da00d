"""Emit CompleteValue for scalars and enums: the short way for the usual value."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLType,
    Undefined,
)

from jit.plain import passing_class
from jit.text import Text


@dataclass(frozen=True, slots=True)
class ShortWay:
    """How the usual values of a field are completed: lines and expressions on ``at``.

    If `test` holds, after the lines of `before`, the lines of `then` are run and
    `result` is what the response carries.
    """

    test: str
    result: str
    before: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


def usual(text: Text, type_: GraphQLLeafType) -> ShortWay | None:
    """Find the short way for values that a leaf type sends as they are, or looks up."""
    passing = passing_class(type_)
    if passing is not None:
        return ShortWay(f"type(at) is {passing.__name__}", "at")
    if isinstance(type_, GraphQLEnumType):
        return _usual_enum(text, type_)
    serializer = type_.coerce_output_value
    if serializer == GraphQLInt.coerce_output_value:
        return ShortWay("type(at) is int and -0x80000000 <= at <= 0x7FFFFFFF", "at")
    if serializer == GraphQLFloat.coerce_output_value:
        return ShortWay("type(at) is float and at - at == 0", "at")
    return None


def usual_list(text: Text, item: GraphQLType) -> ShortWay | None:
    """Find the short way for a list of what is sent as it is: a copy."""
    null_passes = not isinstance(item, GraphQLNonNull)
    passing = passing_class(item if null_passes else item.of_type)
    if passing is None:
        return None
    allowed = {passing, type(None)} if null_passes else {passing}
    classes = text.classes(allowed)
    test = f"type(at) is list and {classes}.issuperset(map(type, at))"
    return ShortWay(test, "at.copy()")


def _usual_enum(text: Text, type_: GraphQLEnumType) -> ShortWay | None:
    names = _names(type_)
    if not _speaks_text(names):
        return None
    wrapped = _wrapped(type_)
    if type(type_) is GraphQLEnumType:
        table = text.constant("names", names)
        return ShortWay(f"type(at) is str and at in {table}", f"{table}[at]")
    if wrapped is None:
        return None
    # A member of the Python enum, or the value of one as a database gives it.
    table = text.constant("names", names)
    kind = text.constant(type_.name, wrapped)
    return ShortWay(
        f"type(value) is str and value in {table}",
        f"{table}[value]",
        before=(f"value = at._value_ if type(at) is {kind} else at",),
    )


def enum_table(type_: GraphQLEnumType) -> dict[Any, str]:
    """Map what an enum serialises to the names: members of a Python enum, and texts.

    It is empty where values are not known by their class and this table alone.
    """
    names, wrapped = _names(type_), _wrapped(type_)
    if not _speaks_text(names):
        return {}
    if type(type_) is GraphQLEnumType:
        return names
    members: Any = wrapped or ()
    known = {each: names[each._value_] for each in members if each._value_ in names}
    return names | known if known else {}


def _speaks_text(names: dict[Any, str]) -> bool:
    return bool(names) and all(type(value) is str for value in names)


def _wrapped(type_: GraphQLEnumType) -> Any:
    """Return the Python enum behind one of Strawberry's."""
    known = type(type_).__name__ == "CustomGraphQLEnumType"
    return getattr(type_, "wrapped_cls", None) if known else None


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
