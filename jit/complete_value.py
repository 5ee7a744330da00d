"""CompleteValue, for every value that generated code did not recognise at a glance."""

from asyncio import Future
from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator
from contextlib import suppress
from typing import Any, cast

from graphql import (
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLType,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    located_error,
)
from graphql.pyutils import Path, is_iterable

from jit.awaiting import Promise, await_values
from jit.by_class import classes, execute_together, learn_class
from jit.complete_named import (
    complete_abstract_value,
    complete_leaf_value,
    complete_object_value,
)
from jit.field import Field, without_non_null
from jit.plain import learn, passing_class
from jit.run import Run, new, refuse
from jit.strawberry_marks import is_cast

COMPLETED = frozenset({dict, list, str, int, float, bool, type(None)})
"""What a completed value usually is; nothing of it can be awaited."""


async def complete_awaitable(
    run: Run, field: Field, type_: GraphQLType, value: Awaitable[Any], path: Path
) -> Any:
    """Await what a resolver promised, and complete it."""
    try:
        completed = complete_value(run, field, type_, await value, path)
        if type(completed) not in COMPLETED and run.is_awaitable(completed):
            completed = await completed
    except Exception as error:  # noqa: BLE001 - any error is the field's
        return refuse(run, field, type_, path, error)
    return completed


class FieldPromise(Promise):
    """A loader's future behind a field or an item whose value needs no more waiting."""

    __slots__ = ("_field", "_path", "_run", "_type")

    def __init__(
        self,
        run: Run,
        field: Field,
        type_: GraphQLType,
        future: "Future[Any]",
        path: Path,
    ) -> None:
        super().__init__(future)
        self._run = run
        self._field = field
        self._type = type_
        self._path = path

    def complete(self) -> Any:
        """Complete the value; if it has to be awaited after all, in a coroutine."""
        run, field, type_, path = self._run, self._field, self._type, self._path
        try:
            value = self.future.result()
            execute = classes(run, field, type_).get(type(value))
            if execute is None or (field.certain and is_cast(value)):
                completed = complete_value(run, field, type_, value, path)
                learn(run.plain, value)
                learn_class(run, field, type_, type(value))
            else:
                completed = execute(run, value, path)
        except Exception as error:  # noqa: BLE001 - any error is the field's
            return refuse(run, field, type_, path, error)
        if type(completed) not in COMPLETED and run.is_awaitable(completed):
            return await_completed(run, field, type_, completed, path)
        return completed

    def wait(self) -> Coroutine[Any, Any, Any]:
        """Do the same with ``await``, for one that waits alone."""
        return complete_awaitable(
            self._run, self._field, self._type, self.future, self._path
        )


def promise(
    run: Run, field: Field, type_: GraphQLType, value: Any, path: Path
) -> Awaitable[Any]:
    """Choose how to wait for what a resolver or a list promised."""
    if isinstance(value, Future) and field.is_quiet():
        return FieldPromise(run, field, type_, value, path)
    return complete_awaitable(run, field, type_, value, path)


async def await_completed(
    run: Run,
    field: Field,
    type_: GraphQLType,
    completed: Awaitable[Any],
    path: Path,
) -> Any:
    """Await a completed value whose own fields have to be awaited."""
    try:
        return await completed
    except Exception as error:  # noqa: BLE001 - any error is the field's
        return refuse(run, field, type_, path, error)


def complete_value(
    run: Run, field: Field, type_: GraphQLType, value: Any, path: Path
) -> Any:
    """CompleteValue: the value as the response carries it, or an awaitable of it.

    Raises:
        Exception: whatever keeps the value from being completed.
    """
    if isinstance(value, Exception):
        raise value
    if isinstance(type_, GraphQLNonNull):
        completed = complete_value(run, field, type_.of_type, value, path)
        if completed is None:
            raise TypeError(
                "Cannot return null for non-nullable field"
                f" {field.parent}.{field.name}."
            )
        return completed
    if value is None or value is Undefined:
        return None
    if isinstance(type_, GraphQLList):
        return complete_list_value(run, field, type_.of_type, value, path)
    if is_leaf_type(type_):
        return complete_leaf_value(type_, value)
    if is_abstract_type(type_):
        return complete_abstract_value(run, field, type_, value, path)
    return complete_object_value(
        run, field, cast("GraphQLObjectType", type_), value, path
    )


def complete_list_value(
    run: Run, field: Field, item_type: GraphQLType, value: Any, path: Path
) -> Any:
    """Complete each item, in order; awaitable ones together.

    Raises:
        GraphQLError: the value is no list.
    """
    if type(value) is not list:
        if run.is_async_iterable(value):
            return _complete_async_items(run, field, item_type, aiter(value), path)
        if not is_iterable(value):
            raise GraphQLError(
                "Expected Iterable, but did not find one for field"
                f" '{field.parent}.{field.name}'."
            )
    elif len(value) > 1:
        together = execute_together(run, field, item_type, value)
        if together is not None:
            return together
    iterator = iter(value)
    waiting: dict[int, Awaitable[Any]] = {}
    try:
        items = _complete_items(run, field, item_type, iterator, path, waiting)
    except Exception:
        _abandon(run, waiting, iterator)
        raise
    return await_values(items, waiting) if waiting else items


def _complete_items(
    run: Run,
    field: Field,
    item_type: GraphQLType,
    iterator: Iterator[Any],
    path: Path,
    waiting: dict[int, Awaitable[Any]],
) -> list[Any]:
    """Complete items at once whose class tells how, and others with a call."""
    passes = passing_class(without_non_null(item_type))
    by_class = classes(run, field, item_type)
    certain = bool(field.certain)
    items: list[Any] = []
    for item in iterator:
        kind = type(item)
        if kind is passes:
            items.append(item)
            continue
        here = new(Path, (path, len(items), None))
        execute = by_class.get(kind)
        if execute is None or (certain and is_cast(item)):
            items.append(complete_item(run, field, item_type, item, here, waiting))
            continue
        try:
            completed = execute(run, item, here)
        except Exception as error:  # noqa: BLE001 - any error is the item's
            items.append(refuse(run, field, item_type, here, error))
            continue
        if type(completed) is not dict:
            completed = hold_item(run, field, item_type, completed, here, waiting)
        items.append(completed)
    return items


def complete_item(
    run: Run,
    field: Field,
    item_type: GraphQLType,
    item: Any,
    path: Path,
    waiting: dict[int, Awaitable[Any]],
) -> Any:
    """Complete one item of a list; what must be awaited goes to `waiting`."""
    try:
        if run.is_awaitable(item):
            completed = promise(run, field, item_type, item, path)
            waiting[cast("int", path.key)] = completed
            return None
        completed = complete_value(run, field, item_type, item, path)
        if type(completed) not in COMPLETED and run.is_awaitable(completed):
            return hold_item(run, field, item_type, completed, path, waiting)
    except Exception as error:  # noqa: BLE001 - any error is the item's
        return refuse(run, field, item_type, path, error)
    learn(run.plain, item)
    learn_class(run, field, item_type, type(item))
    return completed


def hold_item(
    run: Run,
    field: Field,
    item_type: GraphQLType,
    completed: Awaitable[Any],
    path: Path,
    waiting: dict[int, Awaitable[Any]],
) -> None:
    """Note that a sub-selection of this item has to be awaited."""
    waiting[cast("int", path.key)] = await_completed(
        run, field, item_type, completed, path
    )


def _abandon(
    run: Run, waiting: dict[int, Awaitable[Any]], iterator: Iterator[Any]
) -> None:
    """Settle what a failed list still holds, instead of leaving it orphaned."""
    awaitables = list(waiting.values())
    with suppress(Exception):
        awaitables.extend(item for item in iterator if run.is_awaitable(item))
    if awaitables:
        run.settle(awaitables)


async def _complete_async_items(
    run: Run,
    field: Field,
    item_type: GraphQLType,
    iterator: AsyncIterator[Any],
    path: Path,
) -> list[Any]:
    items: list[Any] = []
    waiting: dict[int, Awaitable[Any]] = {}
    close = getattr(iterator, "aclose", None)
    try:
        while True:
            here = new(Path, (path, len(items), None))
            try:
                item = await anext(iterator)
            except StopAsyncIteration:
                break
            except Exception as error:
                raise located_error(error, field.nodes, path.as_list()) from error
            items.append(complete_item(run, field, item_type, item, here, waiting))
    except Exception:
        if close is not None:
            with suppress(Exception):
                await close()
        if waiting:
            run.settle(list(waiting.values()))
        raise
    return await await_values(items, waiting) if waiting else items
