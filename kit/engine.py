"""A schema that answers: text and variables in, bytes out.

Documents are parsed, weighed, validated and compiled once and remembered by their
text. ``standard`` runs graphql-core's own executor; ``compiled`` runs the Python
function that `jit` makes of the operation. Both give the same answers.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, Final, Protocol

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
    get_operation_ast,
    parse,
    validate,
)

from kit.graphql import Context, Schema, describe_error
from kit.limits import SUBGRAPH_LIMITS, Limits, refuse_excess
from kit.settings import Execution

REMEMBERED: Final = 1_000
"""Documents kept, least recently used first to go."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its HTTP status, its JSON, and headers beside the usual ones."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Operation(Protocol):
    """One operation of a document, ready to run."""

    @property
    def public(self) -> bool:
        """Whether somebody who is not signed in may run it."""
        ...

    async def run(self, context: Context, variables: dict[str, Any]) -> Answer:
        """Run it for one request."""
        ...


class Engine(Protocol):
    """Make operations of texts."""

    def prepare(self, text: str, operation_name: str | None) -> Operation | Answer:
        """Parse, weigh and validate, once per text; a refusal is an answer of 400."""
        ...


def refused(errors: list[GraphQLError], status: int = 400) -> Answer:
    """Answer errors with no data."""
    described = [describe_error(error) for error in errors]
    return Answer(status, orjson.dumps({"errors": described}))


def read_document(text: str, limits: Limits) -> DocumentNode:
    """Parse a document that asks for no more than the limits.

    Raises:
        GraphQLError: a syntax error, too many tokens, or too much of something.

    """
    try:
        document = parse(text, max_tokens=limits.tokens)
        refuse_excess(document, limits)
    except RecursionError as error:
        raise GraphQLError(
            "The document nests too deep.", extensions={"code": "MAX_DEPTH_LIMIT"}
        ) from error
    except GraphQLError as error:
        raise coded(error, "GRAPHQL_PARSE_FAILED") from None
    return document


def validation_errors(
    schema: GraphQLSchema, document: DocumentNode
) -> list[GraphQLError]:
    """Validate a document, each error with its code."""
    errors = validate(schema, document, max_errors=20)
    return [coded(error, "GRAPHQL_VALIDATION_FAILED") for error in errors]


def coded(error: GraphQLError, code: str) -> GraphQLError:
    """Give an error a code, if it has none."""
    error.extensions = {"code": code, **(error.extensions or {})}
    return error


def pick_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Find the operation to run.

    Raises:
        GraphQLError: there is none of that name, or several and no name.

    """
    operation = get_operation_ast(document, name)
    if operation is None:
        said = f"no operation named {name!r}" if name else "not exactly one operation"
        raise GraphQLError(
            f"The document has {said}.",
            extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
        )
    return operation


def root_fields(operation: OperationDefinitionNode) -> set[str] | None:
    """Name the root fields, or None when fragments hide some of them."""
    names: set[str] = set()
    for selection in operation.selection_set.selections:
        if not isinstance(selection, FieldNode):
            return None
        names.add(selection.name.value)
    return names


@dataclass(slots=True)
class StandardOperation:
    """An operation that graphql-core executes."""

    schema: GraphQLSchema
    document: DocumentNode
    name: str | None
    public: bool

    async def run(self, context: Context, variables: dict[str, Any]) -> Answer:
        """Execute, and write the result with its errors described."""
        outcome = execute(
            self.schema,
            self.document,
            context_value=context,
            variable_values=variables,
            operation_name=self.name,
        )
        result = await outcome if isawaitable(outcome) else outcome
        if result.errors and result.data is None and _never_started(result):
            return refused(result.errors)
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [describe_error(error) for error in result.errors]
        return Answer(200, orjson.dumps(body))


def _never_started(result: ExecutionResult) -> bool:
    """Say whether variables were refused: such errors have no path."""
    return all(error.path is None for error in result.errors or ())


@dataclass(slots=True)
class StandardEngine:
    """graphql-core's executor behind a document cache."""

    schema: Schema
    limits: Limits = SUBGRAPH_LIMITS
    _known: OrderedDict[tuple[str, str | None], Operation | Answer] = field(
        default_factory=OrderedDict[tuple[str, str | None], Operation | Answer]
    )

    def prepare(self, text: str, operation_name: str | None) -> Operation | Answer:
        """Look the text up, or read it and remember what came of it."""
        key = (text, operation_name)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(text, operation_name)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found

    def _read(self, text: str, operation_name: str | None) -> Operation | Answer:
        try:
            document = read_document(text, self.limits)
            errors = validation_errors(self.schema.core, document)
            if errors:
                return refused(errors)
            operation = pick_operation(document, operation_name)
        except GraphQLError as error:
            return refused([error])
        fields = root_fields(operation)
        return StandardOperation(
            self.schema.core,
            document,
            operation_name,
            public=fields is not None and fields <= self.schema.public,
        )


def engine_for(schema: Schema, execution: Execution) -> Engine:
    """Choose how a schema answers."""
    del execution  # both run on graphql-core's executor until `jit` stands
    return StandardEngine(schema)
