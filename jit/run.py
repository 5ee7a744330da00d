"""The state of one execution: values, errors so far, and how to recognise things."""

from asyncio import Future
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from weakref import ref

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLType,
    OperationDefinitionNode,
    located_error,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path, is_async_iterable, is_awaitable
from graphql.type import GraphQLNonNull, GraphQLResolveInfoHelpers

from jit.awaiting import gather_work, settle
from jit.field import Field
from jit.plain import PLAIN

new: Callable[[type[Any], tuple[Any, ...]], Any] = tuple.__new__
"""Make a named tuple without passing through its Python constructor."""

Predicate = Callable[[Any], bool]


class Run:
    """One execution of one compiled operation."""

    __slots__ = (
        "__weakref__",
        "_arguments",
        "_background",
        "context",
        "errors",
        "fragments",
        "helpers",
        "hide_suggestions",
        "is_async_iterable",
        "is_awaitable",
        "nulled",
        "operation",
        "plain",
        "propagates",
        "root",
        "schema",
        "type_resolver",
        "values",
        "variables",
    )

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        root: Any,
        context: Any,
        values: VariableValues,
        *,
        type_resolver: Callable[..., Any],
        propagates: bool,
        hide_suggestions: bool,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragments = fragments
        self.root = root
        self.context = context
        self.values = values
        self.variables = values.coerced
        self.errors: list[GraphQLError] = []
        self.nulled: set[Path | None] = set()
        self.helpers = GraphQLResolveInfoHelpers(gather_work, tracking(ref(self)))
        self._arguments: dict[Field, dict[str, Any]] = {}
        self._background: set[Future[Any]] | None = None
        self.type_resolver = type_resolver
        self.propagates = propagates
        self.hide_suggestions = hide_suggestions
        self.is_awaitable: Predicate = is_awaitable
        self.is_async_iterable: Predicate = is_async_iterable
        self.plain = PLAIN

    def add(self, error: GraphQLError, path: Path | None) -> None:
        """List a field's error, unless its place in the result is null already."""
        nulled = self.nulled
        if nulled:
            here = path
            while here is not None:
                if here in nulled:
                    return
                here = here.prev
            if None in nulled:
                return
        nulled.add(path)
        self.errors.append(error)

    def settle(self, awaitables: list[Awaitable[Any]]) -> None:
        """Let awaitables that nobody will read finish in the background."""
        if self._background is None:
            self._background = set()
        settle(self._background, awaitables)

    def track(self, values: Sequence[Any]) -> None:
        """Serve ``info.async_helpers.track``."""
        awaitables = [value for value in values if self.is_awaitable(value)]
        if awaitables:
            self.settle(awaitables)


def tracking(run: "ref[Run]") -> Callable[[Sequence[Any]], None]:
    """Give a run's ``track`` to whom it holds itself, so that no cycle outlives it."""

    def track(values: Sequence[Any]) -> None:
        if (under_way := run()) is not None:
            under_way.track(values)

    return track


def info(run: Run, field: Field, path: Path) -> GraphQLResolveInfo[Any]:
    """Build what a resolver learns about the execution around it."""
    return new(
        GraphQLResolveInfo,
        (
            field.name,
            field.nodes,
            field.type,
            field.parent,
            path,
            run.schema,
            run.fragments,
            run.root,
            run.operation,
            run.values,
            run.context,
            run.is_awaitable,
            None,
            run.helpers,
        ),
    )


def refuse(
    run: Run, field: Field, type_: GraphQLType, path: Path, error: Exception
) -> None:
    """List an error at its place; hand it up where null is not allowed.

    Raises:
        GraphQLError: the error, with its place, if `type_` may not be null.
    """
    located = located_error(error, field.nodes, path.as_list())
    if run.propagates and isinstance(type_, GraphQLNonNull):
        raise located
    run.add(located, path)


SHAREABLE = frozenset({str, int, float, bool, type(None)})
"""Argument values that no resolver can change, so that calls may share them."""


def arguments(run: Run, field: Field) -> dict[str, Any]:
    """CoerceArgumentValues, once per field and execution where values allow it.

    Raises:
        GraphQLError: the request's fault; a value does not fit the argument.
    """
    known = run._arguments.get(field)  # noqa: SLF001 - the same module's class
    if known is None:
        known = get_argument_values(
            field.definition, field.nodes[0], run.values, None, run.hide_suggestions
        )
        if SHAREABLE.issuperset(map(type, known.values())):
            run._arguments[field] = known  # noqa: SLF001 - as above
    return known
