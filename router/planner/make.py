"""Graph and Operation → QueryPlan."""

from dataclasses import replace

from router.errors import OperationLimitError, UnsatisfiableError
from router.graph.model import Graph
from router.operation.deferral import undeferred
from router.operation.model import Operation, SelectionSet
from router.plan.nodes import QueryPlan
from router.planner.abstract import leaves, need_typename
from router.planner.layers import deferring, layered, layers_of
from router.planner.paths import field_options
from router.planner.realize import place
from router.planner.schedule import schedule
from router.planner.sites import Entry, Site
from router.planner.state import MAX_STEPS, ExpandError, Planning


def make_plan(
    graph: Graph,
    operation: Operation,
    *,
    labels: frozenset[str] = frozenset(),
    max_steps: int = MAX_STEPS,
) -> QueryPlan:
    """Decide what to fetch, from whom, and in what order.

    `labels` are the `@override` labels that are active for this request.

    Raises:
        UnsatisfiableError: the supergraph has no way to a field.
        OperationLimitError: planning takes more than `max_steps`.

    """
    expand: set[tuple[object, ...]] = set()
    if operation.kind != "query":
        operation = undeferred(operation)
    steps, layers = 0, layers_of(graph, operation)
    if layers:
        graph = layered(graph, layers)
    while True:
        planning = Planning(graph, operation, labels, max_steps, layers)
        planning.expand, planning.steps = expand, steps
        try:
            _plan(planning)
            plan = schedule(planning)
            return deferring(plan, operation, layers) if layers else plan
        except ExpandError as error:
            expand.add(error.place)
            steps = planning.steps
        except RecursionError as error:
            raise OperationLimitError(
                "The operation is nested too deeply to be planned.",
                code="MAX_DEPTH_LIMIT",
            ) from error


def _plan(planning: Planning) -> None:
    operation = planning.operation
    if operation.kind == "query":
        _plan_root(planning, operation.selections)
        return
    # Root fields of mutations run one after the other; each is asked of exactly
    # one subgraph, neighbours of one subgraph together.
    site: Site | None = None
    for field in operation.selections.fields:
        if field.name.startswith("__"):
            continue
        alone = replace(operation.selections, fields=(field,), cases=())
        subgraph = _serving(planning, alone)
        if site is not None and planning.only[site] == subgraph:
            site.add(alone)
        else:
            site = Site(planning.graph, alone.type, (), None)
            planning.only[site] = subgraph
            site.add(alone)
    for site in tuple(planning.only):
        _place_all(planning, site)


def _serving(planning: Planning, selections: SelectionSet) -> str:
    """Choose the subgraph for a mutation's root field: who serves most below it."""
    field = selections.fields[0]
    serving: dict[str, int] = {}
    for subgraph, _ in planning.graph.resolvers[selections.type, field.name]:
        known = planning.graph.types[subgraph][selections.type].fields[field.name]
        if planning.active(known) and not known.external:
            serving[subgraph] = _count(
                planning, subgraph, known.named, field.selections
            )
    if not serving:
        raise UnsatisfiableError(
            f"No subgraph can resolve {selections.type}.{field.name}."
        )
    return max(serving, key=lambda name: serving[name])


def _count(
    planning: Planning, subgraph: str, type_name: str, selections: SelectionSet | None
) -> int:
    if selections is None:
        return 1
    known = planning.graph.types[subgraph].get(type_name)
    found = 0
    for field in selections.fields:
        inner = known.fields.get(field.name) if known else None
        if inner is not None and not inner.external and planning.active(inner):
            found += _count(planning, subgraph, inner.named, field.selections)
    return found


def _plan_root(planning: Planning, selections: SelectionSet) -> None:
    root = Site(planning.graph, selections.type, (), None)
    root.add(selections)
    _place_all(planning, root)


def _place_all(planning: Planning, root: Site) -> None:
    """Place every leaf: the movable ones last, and the farthest first.

    What lies far decides by which way others are best reached, not the reverse.
    """
    planning.bare.clear()
    found = list(leaves(planning, root))
    resolvers = planning.graph.resolvers
    counts: dict[Entry, int] = {}
    for entry in found:
        owners = resolvers.get((entry.view.type, entry.name), ())
        able = [
            subgraph
            for subgraph, known in owners
            if not planning.graph.types[subgraph][known].fields[entry.name].external
            and planning.suits(subgraph, entry.layer)
        ]
        counts[entry] = len(able)
        for subgraph in able:
            planning.popularity[subgraph] = planning.popularity.get(subgraph, 0) + 1
    latest = {entry: _wave(planning, entry) for entry in found}
    order = sorted(found, key=lambda one: (counts[one], -latest[one]))
    fixed = sum(1 for entry in order if counts[entry] <= 1)
    for entry in order[:fixed]:
        place(planning, entry)
    for site in planning.bare:
        if site.entry is not None:
            need_typename(planning, site)
    for entry in order[fixed:]:
        place(planning, entry)
    _complete(planning, root)


def _wave(planning: Planning, entry: Entry) -> int:
    """Say how early a leaf can be there, as if it were alone."""
    return min((one.wave for one in field_options(planning, entry)), default=0)


def _complete(planning: Planning, site: Site) -> None:
    """Have types told where answers depend on them, and no selection left empty."""
    empty = True
    for view in tuple(site.views.values()):
        for entry in tuple(view.entries.values()):
            if entry.when is None:
                continue
            if entry.site is not None:
                _complete(planning, entry.site)
            empty = empty and not entry.places
    if site.entry is None:
        return
    depends = site.wants_typename or any(one.cases for one in site.selections)
    depends = depends or any(
        view.contexts for view in site.views.values() if not view.is_top
    )
    if empty or (site.abstract and depends):
        need_typename(planning, site)
