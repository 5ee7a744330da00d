"""Remember, for one field, what executes values of a Python class."""

from typing import Any

from graphql import GraphQLList, GraphQLObjectType, GraphQLType

from jit.field import ExecuteFields, Field, without_non_null
from jit.plain import UNKNOWN
from jit.run import Run

UNSURE: dict[type[Any], ExecuteFields] = {}
"""No class tells anything of lists, or when a caller decides what is awaitable."""


def classes(
    run: Run, field: Field, type_: GraphQLType
) -> dict[type[Any], ExecuteFields]:
    """Return what executes values of a field or of its items, by their class."""
    listed = isinstance(without_non_null(type_), GraphQLList)
    return UNSURE if listed or run.plain is UNKNOWN else field.by_class


def learn_class(
    run: Run, field: Field, item_type: GraphQLType, kind: type[Any]
) -> None:
    """Remember what executes instances of a class, where the class is enough.

    Where objects may be cast, only those with a ``__dict__`` are remembered, so that
    one look into it tells.
    """
    named = without_non_null(item_type)
    if kind in field.certain and kind.__dictoffset__:
        field.by_class[kind] = field.select[field.certain[kind]]
    elif (
        isinstance(named, GraphQLObjectType)
        and not named.is_type_of
        and kind in run.plain
    ):
        field.by_class[kind] = field.select[named]
