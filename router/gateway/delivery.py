"""A prepared query with `@defer` → its plan and what each part of it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from router.errors import OurError
from router.executor.parts import PartFetches, fetches_of
from router.gateway.refusals import RefusedError
from router.operation.deferral import active, deferred, first_answer, later_answer
from router.projection.project import Projection

if TYPE_CHECKING:
    from router.executor.compile import CompiledPlan
    from router.gateway.pipeline import Gateway
    from router.gateway.prepared import Prepared
    from router.operation.model import Operation

log = structlog.get_logger(__name__)

Json = dict[str, Any]

MOST_VARIANTS = 16
"""Combinations of ``@defer(if:)`` kept for one operation."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: when it can be answered, and how."""

    number: int
    parent: int
    label: str | None
    path: tuple[str, ...]
    reads: tuple[int, ...]
    projection: Projection


@dataclass(frozen=True, slots=True)
class Delivery:
    """An operation prepared for being answered in parts."""

    plan: CompiledPlan
    first: Projection
    parts: tuple[Part, ...]
    fetches: dict[int, PartFetches]


def delivery_of(
    gateway: Gateway, prepared: Prepared, conditions: Json
) -> Delivery | None:
    """Prepare an operation for being answered in parts; None if nothing is deferred."""
    visible = prepared.visible
    parts = active(visible.shape, conditions)
    if not parts or visible.nothing or prepared.operation.kind != "query":
        return None
    if parts not in prepared.deliveries:
        if len(prepared.deliveries) >= MOST_VARIANTS:
            prepared.deliveries.clear()
        try:
            found = prepare(gateway, prepared, parts)
        except (OurError, RefusedError):
            # What can be answered at once need not fail for being asked in parts.
            log.warning("defer.not_planned", operation=prepared.operation.name)
            found = None
        prepared.deliveries[parts] = found
    return prepared.deliveries[parts]


def prepare(gateway: Gateway, prepared: Prepared, parts: frozenset[int]) -> Delivery:
    """Plan an operation with these parts deferred."""
    operation = deferred(prepared.visible.operation, parts)
    shape = deferred(prepared.visible.shape, parts)
    plan = gateway.operations.plan_parts(operation, prepared.plan.plan.labels)
    reads = {one.number: one.reads for one in plan.plan.deferred}

    def project(part: Operation) -> Projection:
        return Projection(gateway.schema, part)

    return Delivery(
        plan,
        project(first_answer(shape)),
        tuple(
            Part(
                one.number,
                one.parent,
                one.label,
                one.path,
                reads.get(one.number, (one.number,)),
                project(later_answer(shape, one)),
            )
            for one in shape.defers
        ),
        {n: fetches_of(plan, n) for n in (0, *(one.number for one in shape.defers))},
    )
