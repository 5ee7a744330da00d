"""Operation → `Compiled`: what a server keeps and calls for every request."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
)
from graphql import execute as execute_generically

from jit.counters import counters


class Compiled:
    """One operation of a document, ready to run any number of times."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation_name: str | None,
    ) -> None:
        self.schema = schema
        self.document = document
        self.operation_name = operation_name

    def execute(
        self,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """Execute the operation: a result, or an awaitable of one."""
        counters.fell_back("not compiled")
        return execute_generically(
            self.schema,
            self.document,
            root_value,
            context_value,
            variable_values,
            self.operation_name,
        )

    async def execute_bytes(
        self,
        root_value: Any = None,
        context_value: Any = None,
        variable_values: dict[str, Any] | None = None,
        *,
        format_error: Callable[[GraphQLError], Any] | None = None,
    ) -> bytes:
        """Execute the operation into a complete ``{"data":…,"errors":…}`` body."""
        result = self.execute(root_value, context_value, variable_values)
        if not isinstance(result, ExecutionResult):
            result = await result
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            show = format_error or (lambda error: error.formatted)
            body["errors"] = [show(error) for error in result.errors]
        return orjson.dumps(body)


def compile_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None = None,
) -> Compiled:
    """Compile one operation of a validated document against its schema.

    Raises:
        GraphQLError: the request's fault; there is no such operation.
    """
    return Compiled(schema, document, operation_name)
