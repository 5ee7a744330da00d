"""Every way to every leaf of an operation, as text."""

from collections.abc import Iterator

from router.graph.model import Graph
from router.operation.model import Operation
from router.planner.abstract import leaves
from router.planner.options import Option
from router.planner.paths import field_options
from router.planner.sites import Site
from router.planner.state import MAX_STEPS, Planning


def draw_ways(graph: Graph, operation: Operation) -> str:
    """List, for each leaf, the subgraphs that can answer it and the way there.

    ``wave`` is how many answers must be there before; ``+n`` how many requests the
    way adds where nothing has been planned yet.
    """
    planning = Planning(graph, operation, frozenset(), MAX_STEPS)
    root = Site(graph, operation.selections.type, (), None)
    root.add(operation.selections)
    lines: list[str] = []
    for entry in leaves(planning, root):
        view = entry.view
        lines.append(f"{view.type}.{entry.name}")
        options = sorted(field_options(planning, entry), key=lambda o: (o.wave, o.size))
        lines += [f"  {way}" for way in dict.fromkeys(map(draw_way, options))]
    return "\n".join(lines)


def draw_way(option: Option) -> str:
    """Write one way, from the root to the subgraph that answers."""
    steps = " → ".join(reversed(list(steps_of(option))))
    return f"wave {option.wave}, +{len(option.requests)}: {steps}"


def steps_of(option: Option) -> Iterator[str]:
    """Name the steps of a way, the last first."""
    here: Option | None = option
    while here is not None:
        if here.jump is not None:
            yield f"{here.subgraph} by @key({here.jump.key.text!r})"
        elif here.entry is not None:
            yield f"{here.subgraph}.{here.entry.name}"
        elif here.parent is None:
            yield here.subgraph
        here = here.parent
