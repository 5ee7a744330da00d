"""What one run of the planner knows so far."""

from collections.abc import Mapping

from router.errors import OperationLimitError
from router.graph.model import Graph, GraphField
from router.operation.model import Operation
from router.planner.fetches import Group
from router.planner.sites import Entry, Site, View

MAX_STEPS = 20_000
"""Looks at a place of the answer before planning gives up: about a second.

An operation of 50 fields takes a few hundred.
"""

UNTOUCHED = 1_000_000
"""Deeper than any search: no unfinished one was looked at."""


Layers = Mapping[str, int]
"""Subgraphs that are asked for a deferred part, and for which."""


class ExpandError(Exception):
    """A field asked of an interface must be asked of each object type instead."""

    def __init__(self, place: tuple[object, ...]) -> None:
        super().__init__("expand")
        self.place = place


class Planning:
    """The state of planning one operation: fetches so far, and what is allowed.

    `version` counts the changes after which ways may have become cheaper.
    `expand` are the fields (path of the site, key) to be asked type by type.
    `bare` are the sites of which nothing is asked but that they are there.
    `only` restricts the root to one subgraph (mutations, subscriptions).
    `layers` are the deferred parts for which subgraphs are asked apart.
    """

    def __init__(
        self,
        graph: Graph,
        operation: Operation,
        labels: frozenset[str],
        max_steps: int = MAX_STEPS,
        layers: Layers | None = None,
    ) -> None:
        self.graph = graph
        self.layers: Layers = layers or {}
        self.operation = operation
        self.labels = labels
        self.max_steps = max_steps
        self.steps = 0
        self.version = 0
        self.groups: list[Group] = []
        self.requests: dict[tuple[int, str], None] = {}
        self.latest: dict[str, int] = {}
        self.waves = 1
        self.popularity: dict[str, int] = {}
        self.expand: set[tuple[object, ...]] = set()
        self.open: dict[View, int] = {}
        self.touched = UNTOUCHED
        self.busy: set[tuple[View, str, str]] = set()
        self.bare: list[Site] = []
        self.only: dict[Site, str] = {}

    def step(self) -> None:
        """Count one look at a place.

        Raises:
            OperationLimitError: planning takes more looks than allowed.

        """
        self.steps += 1
        if self.steps > self.max_steps:
            raise OperationLimitError(
                "The operation is too complex to plan: it needs more than "
                f"{self.max_steps} planning steps.",
                code="QUERY_PLAN_COMPLEXITY_EXCEEDED",
            )

    def suits(self, subgraph: str, layer: int) -> bool:
        """Tell whether what is fetched with a deferred part may come from there."""
        return not self.layers or self.layers.get(subgraph, 0) == layer

    def active(self, field: GraphField) -> bool:
        """Tell whether a labelled override gives the field to this subgraph now."""
        return field.label is None or (field.label in self.labels) == field.by_label

    def add(self, group: Group) -> None:
        """Note a new fetch; its `after` is complete."""
        self.version += 1
        self.groups.append(group)
        group.wave = 1 + max((one.wave for one in group.after), default=0)
        self.requests[group.wave, group.subgraph] = None
        self.waves = max(self.waves, group.wave)
        known = self.latest.get(group.subgraph, 0)
        self.latest[group.subgraph] = max(known, group.wave)


def place_of(entry: Entry) -> tuple[object, ...]:
    """Name an entry so that it can be found again in another run."""
    return (*entry.view.path, entry.key)
