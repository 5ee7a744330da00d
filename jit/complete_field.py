"""What generated code calls for a value that it did not recognise at a glance."""

import sys
from collections.abc import Awaitable
from typing import Any

from graphql import GraphQLError, GraphQLLeafType, Undefined
from graphql.pyutils import Path

from jit.complete_named import check_serialized
from jit.complete_value import (
    COMPLETED,
    await_completed,
    complete_value,
    promise,
)
from jit.field import Field
from jit.plain import learn
from jit.run import Run, arguments, info, new, refuse


def complete_field(
    run: Run,
    field: Field,
    path: Path | None,
    waiting: dict[str, Awaitable[Any]],
    value: Any,
) -> Any:
    """Complete what a resolver returned; what must be awaited goes to `waiting`."""
    here = new(Path, (path, field.key, field.parent_name))
    if run.is_awaitable(value):
        waiting[field.key] = promise(run, field, field.type, value, here)
        return None
    completed = complete_value(run, field, field.type, value, here)
    if type(completed) not in COMPLETED and run.is_awaitable(completed):
        waiting[field.key] = await_completed(run, field, field.type, completed, here)
        return None
    learn(run.plain, value)
    return completed


def hold(
    run: Run,
    field: Field,
    completed: Awaitable[Any],
    path: Path,
    waiting: dict[str, Awaitable[Any]],
) -> None:
    """Note that a sub-selection of this field has to be awaited."""
    waiting[field.key] = await_completed(run, field, field.type, completed, path)


def complete_serialized(
    run: Run,
    field: Field,
    path: Path | None,
    waiting: dict[str, Awaitable[Any]],
    value: Any,
    serialized: Any,
    type_: GraphQLLeafType,
) -> Any:
    """Complete what a custom scalar's serialiser returned, if it is no text."""
    check_serialized(type_, value, serialized)
    if type(serialized) not in COMPLETED and run.is_awaitable(serialized):
        hold(
            run,
            field,
            serialized,
            new(Path, (path, field.key, field.parent_name)),
            waiting,
        )
        return None
    return serialized


def go_on(
    run: Run,
    fields: tuple[Field, ...],
    data: dict[str, Any],
    source: Any,
    path: Path | None,
    waiting: dict[str, Awaitable[Any]],
) -> None:
    """Blame the exception being handled on its field, and execute those after it.

    Raises:
        GraphQLError: a field may not be null, so its parent has to deal with it.
    """
    error: Any = sys.exception()
    try:
        for field in fields:
            if data[field.key] is not Undefined:
                continue
            here = new(Path, (path, field.key, field.parent_name))
            if error is None:
                try:
                    given = arguments(run, field)
                    value = field.resolve(source, info(run, field, here), **given)
                    data[field.key] = complete_field(run, field, path, waiting, value)
                except Exception as raised:  # noqa: BLE001 - any error is the field's
                    error = raised
            if error is not None:
                data[field.key] = refuse(run, field, field.type, here, error)
                error = None
    except GraphQLError:
        if waiting:
            run.settle(list(waiting.values()))
        raise
