"""`execute` and `execute_sync` with graphql-core's signatures, on compiled operations.

They compile at each call, so they prove equality rather than speed; a server keeps
what `DocumentCache` gives it.
"""

from asyncio import iscoroutine
from collections.abc import Awaitable
from typing import Any, cast

import graphql
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    MiddlewareManager,
    assert_valid_schema,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import ExperimentalIncrementalExecutionResults
from graphql.execution.execute import assume_not_async_iterable, assume_not_awaitable
from graphql.execution.executor import UNEXPECTED_MULTIPLE_PAYLOADS
from graphql.pyutils import inspect, is_awaitable

from jit.compiled import Compiled, Options
from jit.counters import counters
from jit.run import Predicate

generic_execute = graphql.execute

NOT_SYNCHRONOUS = "GraphQL execution failed to complete synchronously."


def execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: Any = None,
    type_resolver: Any = None,
    subscribe_field_resolver: Any = None,
    max_coercion_errors: int = 50,
    enable_early_execution: bool = False,
    middleware: Any = None,
    executor_class: Any = None,
    is_awaitable: Predicate | None = None,
    is_async_iterable: Predicate | None = None,
    hide_suggestions: bool = False,
    **others: Any,
) -> ExecutionResult | Awaitable[ExecutionResult]:
    """Do what ``graphql.execute`` does.

    >>> from graphql import build_schema, parse
    >>> execute(build_schema("type Query { a: Int }"), parse("{ a }"), {"a": 1})
    ExecutionResult(data={'a': 1}, errors=None)

    Raises:
        TypeError: the caller's fault; the schema or the middleware is none.
        GraphQLError: the answer would come in more than one piece.
    """
    others = {key: value for key, value in others.items() if value is not None}
    incremental = _is_incremental(schema)
    if executor_class is not None or others or incremental:
        counters.fell_back("incremental delivery" if incremental else "own executor")
        return cast(
            "Any",
            generic_execute(
                schema,
                document,
                root_value,
                context_value,
                variable_values,
                operation_name,
                field_resolver,
                type_resolver,
                subscribe_field_resolver,
                max_coercion_errors,
                enable_early_execution,
                middleware,
                executor_class,
                cast("Any", is_awaitable),
                cast("Any", is_async_iterable),
                hide_suggestions=hide_suggestions,
                **others,
            ),
        )
    assert_valid_schema(schema)
    options = Options(
        field_resolver or default_field_resolver,
        type_resolver or default_type_resolver,
        _manager(middleware),
        max_coercion_errors,
        hide_suggestions,
    )
    try:
        compiled = Compiled(schema, document, operation_name, options)
    except GraphQLError as error:
        return ExecutionResult(None, errors=[error])
    result = compiled.execute(
        root_value,
        context_value,
        variable_values,
        awaitable=is_awaitable,
        async_iterable=is_async_iterable,
    )
    return _in_one_piece(result) if compiled.not_compiled else result


def _in_one_piece(result: Any) -> Any:
    if isinstance(result, ExperimentalIncrementalExecutionResults):
        raise GraphQLError(UNEXPECTED_MULTIPLE_PAYLOADS)
    if not is_awaitable(result):
        return result

    async def wait() -> Any:
        return _in_one_piece(await cast("Any", result))

    return wait()


def _is_incremental(schema: GraphQLSchema) -> bool:
    return any(map(schema.get_directive, ("defer", "stream")))


def _manager(middleware: Any) -> MiddlewareManager | None:
    if middleware is None or isinstance(middleware, MiddlewareManager):
        return middleware
    if isinstance(middleware, (list, tuple)):
        return MiddlewareManager(*middleware)
    raise TypeError(
        "Middleware must be passed as a list or tuple of functions"
        " or objects, or as a single MiddlewareManager object."
        f" Got {inspect(middleware)} instead."
    )


def execute_sync(
    schema: GraphQLSchema,
    document: DocumentNode,
    *args: Any,
    check_sync: Any = False,
    **options: Any,
) -> Any:
    """Do what ``graphql.execute_sync`` does.

    Raises:
        RuntimeError: something had to be awaited.
    """
    if callable(check_sync):
        options["is_awaitable"] = check_sync
    elif not check_sync:
        options["is_awaitable"] = assume_not_awaitable
    if not check_sync:
        options["is_async_iterable"] = assume_not_async_iterable
    try:
        result: Any = execute(schema, document, *args, **options)
    except GraphQLError as error:
        raise RuntimeError(NOT_SYNCHRONOUS) from error
    if is_awaitable(result):
        if iscoroutine(result):
            result.close()
        raise RuntimeError(NOT_SYNCHRONOUS)
    return result
