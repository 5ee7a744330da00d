"""Document → operation, plan, projection: all that is worked out before a request."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from graphql import GraphQLSchema

from kit.identity import ANONYMOUS, Identity
from router.auth.requirements import Demands
from router.auth.visible import Rules, Visible
from router.errors import ClientPath, OperationError, OperationLimitError
from router.executor.compile import CompiledPlan, compile_plan
from router.executor.owners import owners_of
from router.gateway.cache import Cache
from router.gateway.documents import Document
from router.gateway.refusals import RefusedError
from router.gateway.variables import Coerce, compile_coerce
from router.operation.model import Operation
from router.operation.normalize import choose_operation, normalize
from router.plan.nodes import QueryPlan
from router.projection.project import Projection


@dataclass(slots=True)
class Prepared:
    """One operation, as one kind of caller may see it, ready for any variables.

    ``planned_in`` is how many seconds its plan took, whenever that was.
    """

    operation: Operation
    visible: Visible
    plan: CompiledPlan
    projection: Projection
    coerce: Coerce
    planned_in: float

    def owner(self, path: ClientPath) -> str | None:
        """Name the subgraph that brings what lies at a place of the answer."""
        return owners_of(self.plan.plan)(path)


@dataclass(slots=True)
class Named:
    """One operation of a document, and what it came to for each kind of caller."""

    operation: Operation
    rules: Rules
    coerce: Coerce
    known: dict[tuple[bool, ...], Prepared]


class Preparations:
    """Operations prepared once: by document and name, plans by what is visible."""

    def __init__(
        self,
        schema: GraphQLSchema,
        make_plan: Callable[[Operation], QueryPlan],
        demands: Demands,
        *,
        plans: int,
    ) -> None:
        self._schema = schema
        self._make_plan = make_plan
        self._demands = demands
        self._plans = Cache[tuple[CompiledPlan, float]](limit=plans)

    def prepare(
        self, document: Document, name: str | None, identity: Identity = ANONYMOUS
    ) -> Prepared:
        """Give the operation that a request means, as the caller may see it.

        Raises:
            RefusedError: there is no such operation, or it is too hard to plan.

        """
        named: Named | None = document.prepared.get(name)
        try:
            if named is None:
                named = self._read(document, name)
                document.prepared[name] = named
            rules = named.rules
            met = rules.met_by(identity) if rules.demanded else ()
            prepared = named.known.get(met)
            if prepared is None:
                prepared = named.known[met] = self._prepare(named, met)
        except (OperationError, OperationLimitError) as error:
            written = {"message": error.message, "extensions": {"code": error.code}}
            raise RefusedError([written], of_document=True) from error
        return prepared

    def _read(self, document: Document, name: str | None) -> Named:
        node = choose_operation(document.ast, name)
        operation = normalize(self._schema, document.ast, name)
        coerce = compile_coerce(self._schema, node)
        return Named(operation, Rules(self._demands, operation), coerce, {})

    def _prepare(self, named: Named, met: tuple[bool, ...]) -> Prepared:
        visible = named.rules.visible(met)
        plan, took = self._plans.get_or_make(
            visible.operation.text, lambda: self._plan(visible)
        )
        projection = Projection(self._schema, visible.shape)
        return Prepared(named.operation, visible, plan, projection, named.coerce, took)

    def _plan(self, visible: Visible) -> tuple[CompiledPlan, float]:
        if visible.nothing:
            return compile_plan(QueryPlan(visible.operation.kind, ())), 0.0
        started = time.perf_counter()
        plan = self._make_plan(visible.operation)
        return compile_plan(plan), time.perf_counter() - started
