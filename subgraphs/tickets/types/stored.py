"""Inputs that are kept: an input object → JSON as a caller writes it, and back.

What was kept once may mean nothing to a later version, and is read as strictly as if
a caller had sent it just now.
"""

from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple, cast

from strawberry import UNSET
from strawberry.types.base import (
    StrawberryList,
    StrawberryObjectDefinition,
    StrawberryOptional,
)
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.utils.str_converters import to_camel_case

_SCALARS: Final[dict[Any, type]] = {str: str, int: int, bool: bool, float: float}


def write_input(given: Any) -> Any:
    """Write an input as JSON; a field that was left out is left out.

    >>> from kit.comparators import IntComparator
    >>> write_input(IntComparator(gte=3, in_=[4, 5]))
    {'in': [4, 5], 'gte': 3}
    """
    if isinstance(given, Enum):
        return given.name
    if isinstance(given, list):
        return [write_input(each) for each in cast("list[Any]", given)]
    fields = _fields_of(type(given))
    if fields is None:
        return given
    values = {name: getattr(given, field.attribute) for name, field in fields.items()}
    return {n: write_input(value) for n, value in values.items() if value is not UNSET}


def read_input(kind: Any, value: Any, path: str = "") -> Any:
    """Read JSON as an input of a kind.

    >>> from kit.comparators import IntComparator
    >>> read_input(IntComparator, {"gte": 3}).gte
    3

    Raises:
        ValueError: it is none, and why.

    """
    if isinstance(kind, StrawberryOptional):
        return None if value is None else read_input(kind.of_type, value, path)
    if isinstance(kind, StrawberryList):
        if not isinstance(value, list):
            raise ValueError(f"{path or 'It'} is no list.")
        values = cast("list[Any]", value)
        return [read_input(kind.of_type, each, path) for each in values]
    definition = getattr(kind, "__strawberry_definition__", kind)
    if isinstance(definition, StrawberryEnumDefinition):
        return _read_word(definition, value, path)
    fields = _fields_of(kind)
    if fields is not None:
        return _read_object(kind, fields, value, path)
    wanted = _SCALARS.get(kind, str)
    if type(value) is not wanted:
        raise ValueError(f"{path} is not of the type {wanted.__name__}.")
    return value


def _read_word(definition: StrawberryEnumDefinition, value: Any, path: str) -> Enum:
    words = cast("type[Enum]", definition.wrapped_cls).__members__
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{path} has no value {value!r} any more.")
    return words[value]


def _read_object(kind: Any, fields: dict[str, "Field"], value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{path or 'It'} is no object.")
    members = cast("dict[str, Any]", value)
    given: dict[str, Any] = {}
    for name, member in members.items():
        field = fields.get(name)
        if field is None:
            raise ValueError(f"There is no {path}{name} any more.")
        given[field.attribute] = read_input(field.kind, member, f"{path}{name}.")
    return kind(**given)


class Field(NamedTuple):
    """A field of an input: where Python keeps it, and of which kind it is."""

    attribute: str
    kind: Any


@cache
def _fields_of(kind: Any) -> dict[str, Field] | None:
    definition = getattr(kind, "__strawberry_definition__", None)
    if not isinstance(definition, StrawberryObjectDefinition):
        return None
    return {
        field.graphql_name or to_camel_case(field.python_name): Field(
            field.python_name, field.resolve_type(type_definition=definition)
        )
        for field in definition.fields
    }
