"""What `@requires` and `@fromContext` need, wherever each part of it comes from."""

from router.graph.model import FieldSet, GraphField, Need
from router.planner import contextual, jumps, paths
from router.planner.options import Bill, Option, cost, existing, together
from router.planner.sites import Entry, View
from router.planner.state import Planning


def requires_option(
    planning: Planning, entry: Entry, subgraph: str, field: GraphField
) -> Option | None:
    """Price the jump that shows a subgraph what a field of its needs to know."""
    view = entry.view
    for context in entry.places:
        if context.subgraph == subgraph:
            return existing(view, context)
    mark = (view, subgraph, entry.name)
    if mark in planning.busy:
        return None
    planning.busy.add(mark)
    try:
        return _priced(planning, entry, subgraph, field)
    finally:
        planning.busy.discard(mark)


def _priced(
    planning: Planning, entry: Entry, subgraph: str, field: GraphField
) -> Option | None:
    view = entry.view
    found = paths.ways(planning, view)
    shown = requirement_bill(planning, view, field.requires)
    needed = together((shown, contextual.reading_bill(planning, entry, field)))
    if needed is None:
        return None
    best: Option | None = None
    for door in planning.graph.entries.get(view.type, ()):
        if door.subgraph != subgraph:
            continue
        bill = jumps.key_bill(planning, view, found, door.key, "")
        if bill is None:
            continue
        wave = max(bill[0], needed[0], jumps.typename_wave(planning, view)) + 1
        option = Option(
            subgraph,
            door.typename,
            wave,
            bill[1] | needed[1] | {(wave, subgraph)},
            bill[2] + needed[2],
            view,
            entry=entry,
            jump=door,
            requires=field,
        )
        if best is None or cost(planning, option) < cost(planning, best):
            best = option
    return best


def requirement_bill(planning: Planning, view: View, fields: FieldSet) -> Bill | None:
    """Price what a field requires, wherever each part of it comes from."""
    return together(
        _need_bill(planning, target, need)
        for need in fields
        for target in targets(planning, view, need)
    )


def targets(planning: Planning, view: View, need: Need) -> list[View]:
    """Name the views in which a need must be met: this one, or each object type."""
    if view.concrete:
        return [view] if not need.on or view.type in need.on else []
    if not need.on:
        entry = view.require(need.name, need.arguments)
        if paths.field_options(planning, entry):
            return [view]
        if entry.when is None:
            # Nobody asks the interface for it: each type has an entry of its own.
            view.entries.pop(entry.key, None)
    return [
        view.site.view(name)
        for name in planning.graph.possible[view.type]
        if (not need.on or name in need.on)
        and paths.ways(planning, view.site.view(name))
    ]


def _need_bill(planning: Planning, view: View, need: Need) -> Bill | None:
    entry = view.require(need.name, need.arguments)
    if entry.site is not None and need.needs:
        return requirement_bill(planning, entry.site.top, need.needs)
    best = min(
        paths.field_options(planning, entry),
        key=lambda one: cost(planning, one),
        default=None,
    )
    if best is None:
        return None
    return best.wave, best.requests, best.size + 1
