"""CompleteValue for named types: leaves, objects, interfaces and unions."""

from collections.abc import Awaitable
from typing import Any, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    Undefined,
)
from graphql.pyutils import Path, inspect

from jit.abstract_types import ensure_valid_runtime_type
from jit.field import Field
from jit.run import Run, info
from jit.strawberry_marks import is_cast


def complete_leaf_value(type_: GraphQLLeafType, value: Any) -> Any:
    """Serialise a scalar or an enum value.

    Raises:
        TypeError: the type's serialiser returned nothing.
    """
    return check_serialized(type_, value, type_.coerce_output_value(value))


def check_serialized(type_: GraphQLLeafType, value: Any, serialized: Any) -> Any:
    """Return what a serialiser made of `value`, if it made something.

    Raises:
        TypeError: the type's serialiser returned nothing.
    """
    if serialized is Undefined or serialized is None:
        raise TypeError(
            f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})`"
            f" to return non-nullable value, returned: {inspect(serialized)}"
        )
    return serialized


def complete_object_value(
    run: Run, field: Field, type_: GraphQLObjectType, value: Any, path: Path
) -> Any:
    """Execute the sub-selections, if the value is of the type.

    Raises:
        GraphQLError: ``is_type_of`` said no.
    """
    if type_.is_type_of and (type(value) not in field.certain or is_cast(value)):
        verdict = type_.is_type_of(value, field_info(run, field, path))
        if run.is_awaitable(verdict):
            return _complete_once_sure(
                run, field, type_, value, path, cast("Awaitable[bool]", verdict)
            )
        if not verdict:
            raise invalid_return_type_error(type_, value, field)
    return field.select[type_](run, value, path)


async def _complete_once_sure(
    run: Run,
    field: Field,
    type_: GraphQLObjectType,
    value: Any,
    path: Path,
    verdict: Awaitable[bool],
) -> Any:
    if not await verdict:
        raise invalid_return_type_error(type_, value, field)
    completed = field.select[type_](run, value, path)
    return await completed if run.is_awaitable(completed) else completed


def complete_abstract_value(
    run: Run, field: Field, type_: GraphQLAbstractType, value: Any, path: Path
) -> Any:
    """Find the value's object type, then complete it as that."""
    certain = field.certain.get(type(value))
    if certain is not None and not is_cast(value):
        return field.select[certain](run, value, path)
    resolve_type = type_.resolve_type or run.type_resolver
    name = resolve_type(value, field_info(run, field, path), type_)
    if run.is_awaitable(name):
        return _complete_once_typed(
            run, field, type_, value, path, cast("Awaitable[Any]", name)
        )
    object_type = ensure_valid_runtime_type(run.schema, field, type_, name, value)
    return complete_object_value(run, field, object_type, value, path)


async def _complete_once_typed(
    run: Run,
    field: Field,
    type_: GraphQLAbstractType,
    value: Any,
    path: Path,
    name: Awaitable[Any],
) -> Any:
    object_type = ensure_valid_runtime_type(run.schema, field, type_, await name, value)
    completed = complete_object_value(run, field, object_type, value, path)
    return await completed if run.is_awaitable(completed) else completed


def invalid_return_type_error(
    type_: GraphQLObjectType, value: Any, field: Field
) -> GraphQLError:
    """Say that a value is not what its field promised."""
    return GraphQLError(
        f"Expected value of type '{type_}' but got: {inspect(value)}.", field.nodes
    )


def field_info(run: Run, field: Field, path: Path) -> Any:
    """Build a field's info from the path of the field or of an item of it."""
    while isinstance(path.key, int):
        path = cast("Path", path.prev)
    return info(run, field, path)
