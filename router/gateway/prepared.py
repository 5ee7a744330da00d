"""Document → operation, plan, projection: all that is worked out before a request."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphql import GraphQLSchema

from kit.identity import ANONYMOUS, Identity
from router.auth.requirements import Demands
from router.auth.visible import Rules, Visible
from router.cost.estimate import Estimate, estimate
from router.cost.prices import Prices
from router.errors import (
    ClientPath,
    OperationError,
    OperationLimitError,
    RequestError,
)
from router.executor.compile import CompiledPlan, compile_plan
from router.executor.owners import owners_of
from router.gateway.cache import Cache
from router.gateway.documents import Document
from router.gateway.overrides import NONE, Labels, Planner
from router.gateway.refusals import RefusedError
from router.gateway.variables import Coerce, compile_coerce
from router.operation.deferral import undeferred
from router.operation.model import Operation
from router.operation.normalize import choose_operation, normalize
from router.plan.nodes import QueryPlan
from router.projection.project import Projection
from router.settings.model import Settings
from router.supergraph.model import Supergraph

if TYPE_CHECKING:
    from router.gateway.delivery import Delivery

Met = tuple[bool, ...]

MOST_RIGHTS = 256
"""Kinds of caller for which one operation is kept ready."""


@dataclass(slots=True)
class Prepared:
    """One operation, as one kind of caller may see it, ready for any variables.

    ``planned_in`` is how many seconds its plan took, whenever that was;
    ``deliveries`` are its plans for being answered in parts.
    """

    operation: Operation
    visible: Visible
    plan: CompiledPlan
    projection: Projection
    coerce: Coerce
    planned_in: float
    deliveries: dict[frozenset[int], Delivery | None] = field(
        default_factory=dict[frozenset[int], "Delivery | None"]
    )

    def owner(self, path: ClientPath) -> str | None:
        """Name the subgraph that brings what lies at a place of the answer."""
        return owners_of(self.plan.plan)(path)


@dataclass(slots=True)
class Seen:
    """One operation, as one kind of caller may see it, not planned until it must be.

    ``estimate`` is what it costs; None where nobody asks. ``labels`` are those on
    which its plan depends, ``by_labels`` what it came to for each draw of them.
    """

    operation: Operation
    visible: Visible
    coerce: Coerce
    estimate: Estimate | None
    prepared: Prepared | None = None
    labels: tuple[str, ...] = ()
    by_labels: dict[Labels, Prepared] = field(default_factory=dict[Labels, Prepared])


@dataclass(slots=True)
class Named:
    """One operation of a document, and what it came to for each kind of caller.

    ``known`` is by which of its demands a caller meets, ``lately`` by the very scopes
    and roles: those of a hot request need not be compared again. ``only`` is what
    everybody sees of it where it demands nothing.
    """

    operation: Operation
    rules: Rules
    coerce: Coerce
    known: Cache[Seen]
    lately: dict[object, Seen]
    only: Seen | None = None

    def met_by(self, identity: Identity, see: Callable[[Named, Met], Seen]) -> Seen:
        """Give the operation as this caller sees it."""
        if not self.rules.demanded:
            self.only = see(self, ())
            return self.only
        rights = (identity.authenticated, identity.scopes, identity.roles)
        seen = self.lately.get(rights)
        if seen is None:
            met = self.rules.met_by(identity)
            seen = self.known.get_or_make(met, lambda: see(self, met))
            if len(self.lately) >= MOST_RIGHTS:
                self.lately.clear()
            self.lately[rights] = seen
        return seen


class Preparations:
    """Operations prepared once: by document and name, plans by what is visible."""

    def __init__(
        self,
        schema: GraphQLSchema,
        make_plan: Callable[[Operation], QueryPlan],
        demands: Demands,
        *,
        settings: Settings,
        prices: Prices | None = None,
    ) -> None:
        self._schema = schema
        self._make_plan = make_plan
        self._overrides = make_plan if isinstance(make_plan, Planner) else None
        self._demands = demands
        kept = settings.supergraph.query_planning.cache.in_memory.limit
        self._plans = Cache[tuple[CompiledPlan, float]](limit=kept)
        self._directives = settings.authorization.directives
        self._prices = prices

    def __len__(self) -> int:
        return len(self._plans)

    def clear(self) -> None:
        """Forget every plan, and how to make one."""
        self._plans.clear()
        if self._overrides is not None:
            self._overrides.clear()

    def prepare(
        self, document: Document, name: str | None, identity: Identity = ANONYMOUS
    ) -> Prepared:
        """Give the operation that a request means, as the caller may see it.

        Raises:
            RefusedError: there is no such operation, or it is too hard to plan.

        """
        return self.plan(self.see(document, name, identity))

    def see(
        self, document: Document, name: str | None, identity: Identity = ANONYMOUS
    ) -> Seen:
        """Find the operation, and what of it the caller may see; plan nothing yet.

        Raises:
            RefusedError: there is no such operation, or its cost cannot be told.

        """
        named: Named | None = document.prepared.get(name)
        if named is not None and named.only is not None:
            return named.only
        try:
            if named is None:
                named = document.prepared[name] = self._read(document, name)
            return named.met_by(identity, self._see)
        except (OperationError, OperationLimitError) as error:
            raise refused(error) from error

    def plan(self, seen: Seen) -> Prepared:
        """Plan what the caller sees, unless that was done before.

        Raises:
            RefusedError: it is too hard to plan.

        """
        if seen.labels and self._overrides is not None:
            labels = self._overrides.active(seen.labels)
            seen.prepared = seen.by_labels.get(labels)
            if len(seen.by_labels) >= MOST_RIGHTS:
                seen.by_labels.clear()
        else:
            labels = NONE
        if seen.prepared is None:
            try:
                seen.prepared = self._prepare(seen, labels)
            except (OperationError, OperationLimitError) as error:
                raise refused(error) from error
            if seen.labels:
                seen.by_labels[labels] = seen.prepared
        return seen.prepared

    def _read(self, document: Document, name: str | None) -> Named:
        node = choose_operation(document.ast, name)
        operation = normalize(self._schema, document.ast, name)
        coerce = compile_coerce(self._schema, node)
        rules = Rules(
            self._demands,
            operation,
            response=self._directives.errors.response,
            dry_run=self._directives.dry_run,
        )
        return Named(operation, rules, coerce, Cache[Seen](limit=MOST_RIGHTS), {})

    def _see(self, named: Named, met: Met) -> Seen:
        visible = named.rules.visible(met)
        cost = None
        if self._prices is not None:
            cost = estimate(self._prices, self._schema, visible.operation)
        seen = Seen(named.operation, visible, named.coerce, cost)
        if self._overrides is not None:
            seen.labels = self._overrides.labels_in(visible.operation)
        return seen

    def _prepare(self, seen: Seen, labels: Labels) -> Prepared:
        visible = seen.visible
        plan, took = self._plans.get_or_make(
            (visible.operation.text, labels), lambda: self._plan(visible, labels)
        )
        projection = Projection(self._schema, visible.shape)
        return Prepared(seen.operation, visible, plan, projection, seen.coerce, took)

    def plan_parts(self, operation: Operation, labels: Iterable[str]) -> CompiledPlan:
        """Plan an operation some parts of which are answered later.

        Raises:
            RefusedError: it is too hard to plan.

        """
        try:
            if self._overrides is None:
                return compile_plan(self._make_plan(operation))
            return compile_plan(self._overrides(operation, frozenset(labels)))
        except (OperationError, OperationLimitError) as error:
            raise refused(error) from error

    def _plan(self, visible: Visible, labels: Labels) -> tuple[CompiledPlan, float]:
        if visible.nothing:
            return compile_plan(QueryPlan(visible.operation.kind, ())), 0.0
        started = time.perf_counter()
        operation = undeferred(visible.operation)
        if self._overrides is None:
            plan = self._make_plan(operation)
        else:
            plan = self._overrides(operation, labels)
        return compile_plan(plan), time.perf_counter() - started


def refused(error: RequestError) -> RefusedError:
    """Tell the client what is wrong with the operation."""
    written = {"message": error.message, "extensions": {"code": error.code}}
    return RefusedError([written], of_document=True)


def demands_of(supergraph: Supergraph, settings: Settings) -> Demands:
    """Read who may see what, unless router.yaml leaves that to the subgraphs."""
    if settings.authorization.directives.enabled:
        return Demands(supergraph)
    return Demands(replace(supergraph, types={}))
