"""Operation → `Compiled`: what a server keeps and calls for every request."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    MiddlewareManager,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import experimental_execute_incrementally
from graphql.execution.execute import assume_not_awaitable
from graphql.execution.executor import UNEXPECTED_MULTIPLE_PAYLOADS
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable

from jit.coerce_variables import Variables
from jit.compiler import Compiler
from jit.counters import counters
from jit.field import ExecuteFields
from jit.operation import (
    NotCompiledError,
    Operation,
    find_operation,
    read_operation,
)
from jit.plain import PLAIN, UNKNOWN
from jit.resolvers import Resolver
from jit.response import FormatError, to_bytes
from jit.run import Predicate, Run

MAX_VARIANTS = 32
"""Combinations of conditions kept per operation; five variables have as many."""

KNOWN_PREDICATES = {is_awaitable, assume_not_awaitable}
"""Predicates for which the class of a value is enough to know that it is plain."""


@dataclass(frozen=True, slots=True)
class Options:
    """How fields without their own resolvers behave; graphql-core's meanings."""

    field_resolver: Resolver = default_field_resolver
    type_resolver: Callable[..., Any] = default_type_resolver
    middleware: MiddlewareManager | None = None
    max_coercion_errors: int = 50
    hide_suggestions: bool = False


class Compiled:
    """One operation of a document, ready to run any number of times.

    The Python function is generated for the first request, once for each
    combination of the variables behind ``@skip`` and ``@include``.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation_name: str | None,
        options: Options,
    ) -> None:
        self.schema = schema
        self.document = document
        self.operation_name = operation_name
        self.node = find_operation(document, operation_name)
        self.not_compiled: str | None = None
        """Why graphql-core executes this operation, if it does."""
        self._options = options
        self._root_type = schema.get_root_type(self.node.operation)
        self._variants: OrderedDict[tuple[bool, ...], ExecuteFields] = OrderedDict()
        self._lock = RLock()
        self._propagates = all(
            directive.name.value != "experimental_disableErrorPropagation"
            for directive in self.node.directives or ()
        )
        self._operation: Operation | None = None
        self._variables = Variables(
            schema,
            self.node,
            options.max_coercion_errors,
            hide_suggestions=options.hide_suggestions,
        )
        try:
            self._operation = read_operation(document, self.node)
            if not self._operation.conditions:
                self.variant(())
        except NotCompiledError as why:
            self.not_compiled = str(why)
        except RecursionError:
            self.not_compiled = "nested too deeply"

    @property
    def source(self) -> str:
        """The generated text, types of interfaces and unions included.

        Conditions count as wanted: ``@include`` is taken, ``@skip`` is not.
        """
        operation = self._operation
        if operation is None or self._root_type is None:
            return ""
        taken = dict.fromkeys(operation.conditions, True)
        return self._compiler(operation, taken, eager=True).write(self._root_type)

    def execute(
        self,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        *,
        awaitable: Predicate | None = None,
        async_iterable: Predicate | None = None,
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """Execute the operation: a result, or an awaitable of one.

        It is a result whenever no resolver returned anything that must be awaited.
        `awaitable` and `async_iterable` replace graphql-core's predicates. An operation
        with ``@defer`` or ``@stream`` gives what graphql-core's
        ``experimental_execute_incrementally`` gives.
        """
        values = self._variables.coerce(variable_values or {})
        if isinstance(values, list):
            return ExecutionResult(None, errors=values)
        function = self._function(values)
        if function is None:
            return self._fall_back(
                root_value, context_value, variable_values, awaitable, async_iterable
            )
        counters.executed += 1
        run = self._run(root_value, context_value, values)
        if awaitable is not None:
            run.is_awaitable = awaitable
            run.plain = PLAIN if awaitable in KNOWN_PREDICATES else UNKNOWN
        if async_iterable is not None:
            run.is_async_iterable = async_iterable
        try:
            data = function(run, root_value, None)
        except GraphQLError as error:
            run.add(error, None)
            return ExecutionResult(None, run.errors)
        if type(data) is dict:
            return ExecutionResult(data, run.errors or None)
        return _finish(run, data)

    async def execute_bytes(
        self,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        *,
        format_error: FormatError | None = None,
    ) -> bytes:
        """Execute the operation into a complete ``{"data":…,"errors":…}`` body.

        `format_error` makes of each error what the client sees of it; without it,
        that is the error's ``formatted``.

        Raises:
            TypeError: a custom scalar serialised to what JSON cannot carry.
            GraphQLError: the answer would come in more than one piece.
        """
        result: Any = self.execute(root_value, context_value, variable_values)
        if is_awaitable(result):
            result = await result
        if not isinstance(result, ExecutionResult):
            raise GraphQLError(UNEXPECTED_MULTIPLE_PAYLOADS)
        return to_bytes(result, format_error)

    def _run(self, root: Any, context: Any, values: VariableValues) -> Run:
        operation = cast("Operation", self._operation)
        options = self._options
        return Run(
            self.schema,
            operation.node,
            operation.fragments,
            root,
            context,
            values,
            type_resolver=options.type_resolver,
            propagates=self._propagates,
            hide_suggestions=options.hide_suggestions,
        )

    def _function(self, values: VariableValues) -> ExecuteFields | None:
        """Find or compile the variant for a request's conditions."""
        operation = self._operation
        if operation is None or self.not_compiled is not None:
            return None
        conditions: tuple[Any, ...] = tuple(
            map(values.coerced.get, operation.conditions)
        )
        function = self._variants.get(conditions)
        if function is None:
            if not all(type(condition) is bool for condition in conditions):
                return None
            try:
                return self.variant(conditions)
            except (NotCompiledError, RecursionError):
                return None
        return function

    def variant(self, conditions: tuple[bool, ...]) -> ExecuteFields:
        """Find or generate the function for values of the conditions.

        Raises:
            NotCompiledError: the operation is left to graphql-core.
        """
        operation = cast("Operation", self._operation)
        if self._root_type is None:
            raise NotCompiledError("no root type")
        with self._lock:
            function = self._variants.get(conditions)
            if function is None:
                chosen = dict(zip(operation.conditions, conditions, strict=True))
                compiler = self._compiler(operation, chosen, eager=False)
                function = compiler.compile(self._root_type)
                self._variants[conditions] = function
                if len(self._variants) > MAX_VARIANTS:
                    self._variants.popitem(last=False)
            return function

    def _compiler(
        self, operation: Operation, conditions: dict[str, bool], *, eager: bool
    ) -> Compiler:
        options = self._options
        wrap = options.middleware.get_field_resolver if options.middleware else None
        return Compiler(
            self.schema,
            operation,
            conditions,
            field_resolver=options.field_resolver,
            wrap=wrap,
            eager=eager,
        )

    def _fall_back(
        self,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        awaitable: Predicate | None,
        async_iterable: Predicate | None,
    ) -> Any:
        counters.fell_back(self.not_compiled or "condition without a value")
        options = self._options
        return experimental_execute_incrementally(
            self.schema,
            self.document,
            root_value,
            context_value,
            variable_values,
            self.operation_name,
            options.field_resolver,
            options.type_resolver,
            max_coercion_errors=options.max_coercion_errors,
            middleware=options.middleware,
            is_awaitable=cast("Any", awaitable),
            is_async_iterable=cast("Any", async_iterable),
            hide_suggestions=options.hide_suggestions,
        )


async def _finish(run: Run, pending: Awaitable[dict[str, Any]]) -> ExecutionResult:
    try:
        data = await pending
    except GraphQLError as error:
        run.add(error, None)
        return ExecutionResult(None, run.errors)
    return ExecutionResult(data, run.errors or None)


def compile_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None = None,
    options: Options | None = None,
) -> Compiled:
    """Compile one operation of a validated document against its schema.

    >>> from graphql import build_schema, parse
    >>> schema = build_schema("type Query { a: Int }")
    >>> compile_operation(schema, parse("{ a }")).execute({"a": 1})
    ExecutionResult(data={'a': 1}, errors=None)

    Raises:
        GraphQLError: the request's fault; there is no such operation.
    """
    return Compiled(schema, document, operation_name, options or Options())
