"""Which `@override` labels count for a request.

`percent(…)` labels are drawn for each request anew. Any other label counts if a
hook has put it into the request's context, under the key that Apollo Router's
hooks use, as a list of labels.
"""

import random
from collections.abc import Callable

from router.gateway.cache import empty
from router.graph.model import Graph
from router.hooks.model import shared
from router.operation.model import Operation
from router.plan.nodes import QueryPlan
from router.planner.labels import labels_in, share_of
from router.planner.make import make_plan

CHOSEN = "apollo_override::labels_to_override"

Labels = frozenset[str]
NONE: Labels = frozenset()


class Planner:
    """Plans operations on one graph, with the labels that a request draws."""

    def __init__(self, graph: Graph, roll: Callable[[], float] = random.random) -> None:
        self.graph = graph
        self.roll = roll

    def __call__(self, operation: Operation, labels: Labels = NONE) -> QueryPlan:
        """Plan one operation, with these labels active."""
        return make_plan(self.graph, operation, labels=labels)

    def clear(self) -> None:
        """Forget the graph, part by part: no more is planned."""
        graph = self.graph
        for part in (*graph.types.values(), graph.types, graph.entries, graph.fields):
            empty(part)

    def labels_in(self, operation: Operation) -> tuple[str, ...]:
        """List the labels on which the operation's plan may depend."""
        return labels_in(self.graph, operation)

    def active(self, labels: tuple[str, ...]) -> Labels:
        """Decide which of these labels count for the request at hand."""
        if not labels:
            return NONE
        named = shared().get(CHOSEN)
        chosen: list[object] = named if isinstance(named, list) else []
        return frozenset(
            label for label in labels if label in chosen or self._drawn(label)
        )

    def _drawn(self, label: str) -> bool:
        share = share_of(label)
        return share is not None and self.roll() < share
