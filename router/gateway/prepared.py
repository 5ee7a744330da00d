"""Document → operation, plan, projection: all that is worked out before a request."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from graphql import GraphQLSchema

from router.errors import OperationError, OperationLimitError
from router.executor.compile import CompiledPlan, compile_plan
from router.gateway.cache import Cache
from router.gateway.documents import Document
from router.gateway.refusals import RefusedError
from router.gateway.variables import Coerce, compile_coerce
from router.operation.model import Operation
from router.operation.normalize import choose_operation, normalize
from router.plan.nodes import QueryPlan
from router.projection.project import Projection


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation, ready to run with any variables.

    ``planned_in`` is how many seconds its plan took, whenever that was.
    """

    operation: Operation
    plan: CompiledPlan
    projection: Projection
    coerce: Coerce
    planned_in: float


class Preparations:
    """Operations prepared once: by document and name, plans by the operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        make_plan: Callable[[Operation], QueryPlan],
        *,
        plans: int,
    ) -> None:
        self._schema = schema
        self._make_plan = make_plan
        self._plans = Cache[tuple[CompiledPlan, float]](limit=plans)

    def prepare(self, document: Document, name: str | None) -> Prepared:
        """Give the operation that a request means.

        Raises:
            RefusedError: there is no such operation, or it is too hard to plan.

        """
        known: Prepared | None = document.prepared.get(name)
        if known is None:
            known = self._prepare(document, name)
            document.prepared[name] = known
        return known

    def _prepare(self, document: Document, name: str | None) -> Prepared:
        try:
            node = choose_operation(document.ast, name)
            operation = normalize(self._schema, document.ast, name)
            plan, took = self._plans.get_or_make(
                operation.text, lambda: self._plan(operation)
            )
        except (OperationError, OperationLimitError) as error:
            written = {"message": error.message, "extensions": {"code": error.code}}
            raise RefusedError([written], of_document=True) from error
        projection = Projection(self._schema, operation)
        coerce = compile_coerce(self._schema, node)
        return Prepared(operation, plan, projection, coerce, took)

    def _plan(self, operation: Operation) -> tuple[CompiledPlan, float]:
        started = time.perf_counter()
        plan = self._make_plan(operation)
        return compile_plan(plan), time.perf_counter() - started
