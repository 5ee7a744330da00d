"""A schema that answers: text and variables in, bytes out.

Documents are parsed, weighed, validated and prepared once, and remembered by their
text. ``compiled`` runs the Python function that `jit` makes of an operation,
``standard`` graphql-core's own executor; all before and after is the same code, so
that both give the same answers.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

import orjson
import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged

from jit import compile_operation, make_lean
from kit.graphql import Context, NoIntrospection, Schema, describe_error
from kit.limits import SUBGRAPH_LIMITS, Limits, refuse_excess
from kit.settings import Execution
from kit.streams.source import Source

log = structlog.get_logger(__name__)

REMEMBERED: Final = 1_000
"""Documents kept, least recently used first to go."""

LONGEST_REMEMBERED: Final = 50_000
"""Characters; longer documents are answered and forgotten: memory stays bounded."""

MOST_ERRORS: Final = 20

NOT_ONE: Final = "A subscription cannot be answered by one response."

MOST_COMPARISONS: Final = 50_000
"""Of fields with one name, while validating: graphql-core's own limit, which is set for
the process, lets one document of 15 kB take 1.5 seconds; this one, 0.3."""

Run = Callable[
    [Any, Context, dict[str, Any]], ExecutionResult | Awaitable[ExecutionResult]
]
"""(root value, context, variables) → result: one operation, ready to run."""

Prepare = Callable[[GraphQLSchema, DocumentNode, str | None], Run]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its HTTP status, its JSON, and headers beside the usual ones."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Operation(Protocol):
    """What a document came to: one operation, or its refusal."""

    @property
    def public(self) -> bool:
        """Whether somebody who is not signed in may have the answer."""
        ...

    @property
    def source(self) -> Source | None:
        """Where a subscription's events come from; None for all else."""
        ...

    async def run(self, context: Context, variables: dict[str, Any]) -> Answer:
        """Answer one request."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that can be run; a subscription, once for each of its events."""

    public: bool
    execute: Run
    source: Source | None = None

    async def run(self, context: Context, variables: dict[str, Any]) -> Answer:
        """Execute, and write the result with its errors described.

        Variables that cannot be coerced are a refusal: nothing was started.
        """
        if self.source is not None:
            return refusal([unrunnable(NOT_ONE)])
        await context.prepare()
        result = self.execute(None, context, variables)
        if not isinstance(result, ExecutionResult):
            result = await result
        if not result.errors:
            answer = Answer(200, orjson.dumps({"data": result.data}))
            context.release()
            return answer
        if result.data is None and all(error.path is None for error in result.errors):
            return refusal(result.errors)
        return Answer(200, write_errors(result.data, result.errors))


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that cannot be run; the answer says why."""

    public: bool
    answer: Answer
    source: Source | None = None

    async def run(self, context: Context, variables: dict[str, Any]) -> Answer:
        """Answer the same to everyone."""
        del context, variables
        return self.answer


def write_errors(data: object, errors: list[GraphQLError]) -> bytes:
    """Write a result that has errors, each as the client may see it."""
    described = [describe_error(error) for error in errors]
    return orjson.dumps({"data": data, "errors": described})


def refusal(errors: list[GraphQLError]) -> Answer:
    """Answer errors with no data, because nothing was run."""
    described = [describe_error(error) for error in errors]
    return Answer(400, orjson.dumps({"errors": described}))


def prepare_compiled(
    schema: GraphQLSchema, document: DocumentNode, name: str | None
) -> Run:
    """Make the operation a Python function.

    A document that the compiler fails on is no reason not to answer it.
    """
    try:
        return compile_operation(schema, document, name).execute
    except Exception:
        log.exception("engine.not_compiled")
        return prepare_standard(schema, document, name)


def prepare_standard(
    schema: GraphQLSchema, document: DocumentNode, name: str | None
) -> Run:
    """Leave the operation to graphql-core."""

    def run(
        root: Any, context: Context, variables: dict[str, Any]
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        return execute(schema, document, root, context, variables, name)

    return run


class Engine:
    """Make operations of texts.

    Preparing does not await, so of many first requests for one text only one does it.
    """

    def __init__(
        self,
        schema: Schema,
        prepare: Prepare,
        *,
        limits: Limits = SUBGRAPH_LIMITS,
        introspection: bool = True,
    ) -> None:
        self._schema = schema
        self._prepare = prepare
        self._limits = limits
        overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MOST_COMPARISONS
        rules = [] if introspection else [NoIntrospection]
        # A subgraph's clients are routers: no suggestion helps them, and to a
        # stranger each one gives a name away.
        self._validate = partial(
            validate,
            rules=[*specified_rules, *rules],
            max_errors=MOST_ERRORS,
            hide_suggestions=True,
        )
        self._known: OrderedDict[tuple[str, str | None], Prepared] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def prepare(self, text: str, operation_name: str | None) -> Operation:
        """Look the text up, or read it; only what can be run is remembered."""
        key = (text, operation_name)
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
            return found
        made = self._read(text, operation_name)
        if isinstance(made, Prepared) and len(text) <= LONGEST_REMEMBERED:
            self._known[key] = made
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return made

    def _read(self, text: str, name: str | None) -> Prepared | Refused:
        try:
            document = read_document(text, self._limits)
            operation = pick_operation(document, name)
        except GraphQLError as error:
            return Refused(public=True, answer=refusal([error]))
        fields = root_fields(operation)
        public = fields is not None and fields <= self._schema.public
        errors = self._validate(self._schema.core, document)
        if errors:
            coded = [with_code(error, "GRAPHQL_VALIDATION_FAILED") for error in errors]
            return Refused(public, refusal(coded))
        make_lean(document)
        core = self._schema.core
        source = None
        if operation.operation is OperationType.SUBSCRIPTION:
            source = Source(core, document, name)
        return Prepared(public, self._prepare(core, document, name), source)


def engine_for(
    schema: Schema, execution: Execution, *, introspection: bool = True
) -> Engine:
    """Choose how a schema answers."""
    compiled = execution == "compiled"
    prepare = prepare_compiled if compiled else prepare_standard
    return Engine(schema, prepare, introspection=introspection)


def read_document(text: str, limits: Limits) -> DocumentNode:
    """Parse a document that asks for no more than the limits.

    Raises:
        GraphQLError: a syntax error, too many tokens, or too much of something.

    """
    try:
        document = parse(text, max_tokens=limits.tokens)
    except GraphQLError as error:
        excess = "more than" in error.message and "tokens" in error.message
        code = "MAX_TOKENS_LIMIT" if excess else "GRAPHQL_PARSE_FAILED"
        raise with_code(error, code) from None
    refuse_excess(document, limits)
    return document


def with_code(error: GraphQLError, code: str) -> GraphQLError:
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
        raise unrunnable(
            "The document has not exactly one operation; name the one to run."
            if name is None
            else f"The document has no operation named '{name:.100}'."
        )
    return operation


def unrunnable(message: str) -> GraphQLError:
    """Say why there is nothing to run."""
    return GraphQLError(message, extensions={"code": "GRAPHQL_VALIDATION_FAILED"})


def root_fields(operation: OperationDefinitionNode) -> set[str] | None:
    """Name the root fields, or None when fragments hide some of them."""
    names: set[str] = set()
    for selection in operation.selection_set.selections:
        if not isinstance(selection, FieldNode):
            return None
        names.add(selection.name.value)
    return names - {"__typename"}
