"""Remember, for one field, what executes values of a Python class."""

from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLType

from jit.complete_columns import NULL, spread
from jit.field import ExecuteFields, ExecuteTogether, Field, without_non_null
from jit.plain import UNKNOWN
from jit.run import Run
from jit.strawberry_marks import is_cast

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

    Where objects may be cast, one look into them tells whether they were.
    """
    named = without_non_null(item_type)
    if kind in field.certain:
        field.by_class[kind] = field.select[field.certain[kind]]
    elif (
        isinstance(named, GraphQLObjectType)
        and not named.is_type_of
        and kind in run.plain
    ):
        field.by_class[kind] = field.select[named]


def execute_together(
    run: Run, field: Field, item_type: GraphQLType, items: list[Any]
) -> list[Any] | None:
    """Execute a list's items all at once, if they are alike and nothing is unusual.

    Nulls may stand among them where they may.
    """
    kinds = set(map(type, items))
    given = items
    if NULL in kinds and len(kinds) > 1 and not isinstance(item_type, GraphQLNonNull):
        kinds.discard(NULL)
        given = [item for item in items if item is not None]
    if len(kinds) != 1 or run.plain is UNKNOWN:
        return None
    (kind,) = kinds
    execute = _together_for(run, field, item_type, kind)
    if execute is None or (field.certain and any(map(is_cast, given))):
        return None
    try:
        completed = execute(given, run.plain)
    except Exception:  # noqa: BLE001 - it is told of when items are executed by themselves
        return None
    return (
        completed if given is items or completed is None else spread(completed, items)
    )


def _together_for(
    run: Run, field: Field, item_type: GraphQLType, kind: type[Any]
) -> ExecuteTogether | None:
    known = field.together
    if kind not in known:
        type_: Any = field.certain.get(kind)
        if type_ is None:
            type_ = without_non_null(item_type)
            if not isinstance(type_, GraphQLObjectType) or type_.is_type_of:
                return None
            if kind not in run.plain:
                return None  # not yet
        known[kind] = field.select.together(type_, kind)
    return known[kind]
