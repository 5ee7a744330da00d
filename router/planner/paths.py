"""Every way to every leaf: from which subgraphs a field can be had, and the price.

For each view, `ways` finds every subgraph in which its objects can be looked at:
by descending through the field above, by narrowing an abstract type, or by
jumping with a key from any subgraph that is already there. The search grows by
waves and keeps the cheapest way into each subgraph, so its work is bounded by
subgraphs times keys for each view, however many routes there are.
"""

from collections.abc import Iterator

from router.planner import jumps, requires
from router.planner.fetches import Context
from router.planner.options import (
    Option,
    below,
    existing,
    resolvable,
)
from router.planner.sites import Entry, View
from router.planner.state import UNTOUCHED, Planning


def ways(planning: Planning, view: View) -> dict[str, list[Option]]:
    """Find the cheapest ways to look at a view, by subgraph, best first."""
    if view in planning.open:
        planning.touched = min(planning.touched, planning.open[view])
    elif view.ways_version != planning.version:
        planning.step()
        depth = planning.open[view] = len(planning.open)
        view.ways = found = {}
        for option in _starts(planning, view):
            found.setdefault(option.subgraph, []).append(option)
        jumps.add_jumps(planning, view, found)
        del planning.open[view]
        # What was found with the help of an unfinished search is not kept.
        if planning.touched >= depth:
            view.ways_version = planning.version
            planning.touched = UNTOUCHED
    return view.ways


def field_options(planning: Planning, entry: Entry) -> list[Option]:
    """Find the ways to contexts that can resolve a field; cheapest need not be first.

    A field with `@requires` or `@fromContext` offers a jump that brings what it needs.
    A deferred one that no key leads to comes with what is around it.
    """
    found = _field_options(planning, entry, entry.layer)
    if not found and planning.layers and entry.layer:
        for layer in dict.fromkeys((entry.view.site.layer, 0)):
            found = found or _field_options(planning, entry, layer)
    return found


def _field_options(planning: Planning, entry: Entry, layer: int) -> list[Option]:
    view = entry.view
    found: list[Option] = []
    for subgraph, options in ways(planning, view).items():
        if not planning.suits(subgraph, layer):
            continue
        for option in options:
            field = resolvable(planning, option, view, entry.name)
            if field is None:
                continue
            if field.apart:
                way = requires.requires_option(planning, entry, subgraph, field)
                if way is not None:
                    found.append(way)
                break
            found.append(option)
    return found


def _starts(planning: Planning, view: View) -> Iterator[Option]:
    """List the ways that need no jump at this view, and what is there already."""
    for contexts in view.contexts.values():
        for context in contexts:
            yield existing(view, context)
    site = view.site
    if not view.is_top:
        for options in ways(planning, site.top).values():
            for option in options:
                yield from _narrowed(planning, view, option)
    elif site.entry is None:
        yield from _roots(planning, view)
    elif view.type != planning.graph.roots["query"]:
        yield from _descents(planning, view, site.entry)
    else:
        above = list(_descents(planning, view, site.entry))
        yield from above
        yield from _roots_again(planning, view, above)


def _narrowed(planning: Planning, view: View, option: Option) -> Iterator[Option]:
    known = planning.graph.types[option.subgraph][option.type]
    if view.type not in known.possible:
        return
    if option.context is not None and view.type in option.context.cases:
        return
    if known.is_interface_object and view.site.ambiguous:
        return  # it cannot tell which of the fields the key is to mean
    type_name = option.type if known.is_interface_object else view.type
    yield Option(
        option.subgraph,
        type_name,
        option.wave,
        option.requests,
        option.size,
        view,
        tuple(need for need in option.provided if not need.on or view.type in need.on),
        parent=option,
    )


def _roots(planning: Planning, view: View) -> Iterator[Option]:
    only = planning.only.get(view.site)
    for subgraph in planning.graph.subgraphs:
        if subgraph in view.contexts or (only is not None and subgraph != only):
            continue
        if view.type in planning.graph.types[subgraph]:
            requests = frozenset({(1, subgraph)})
            yield Option(subgraph, view.type, 1, requests, 0, view)


def _roots_again(
    planning: Planning, view: View, above: list[Option]
) -> Iterator[Option]:
    """List the subgraphs that can be asked root fields for a field's query type."""
    there = [*above, *(existing(view, one) for one in _contexts(view))]
    if not there:
        return
    parent = min(there, key=lambda one: one.wave)
    wave = parent.wave + 1
    for subgraph in planning.graph.subgraphs:
        known = view.type in planning.graph.types[subgraph]
        if known and all(one.subgraph != subgraph for one in there):
            requests = parent.requests | {(wave, subgraph)}
            size = parent.size + 1
            yield Option(
                subgraph,
                view.type,
                wave,
                requests,
                size,
                view,
                parent=parent,
                again=True,
            )


def _contexts(view: View) -> Iterator[Context]:
    for contexts in view.contexts.values():
        yield from contexts


def _descents(planning: Planning, view: View, entry: Entry) -> Iterator[Option]:
    for parent in field_options(planning, entry):
        if parent.context is not None and entry.key in parent.context.children:
            continue
        subgraph = parent.subgraph
        known = planning.graph.types[subgraph].get(parent.type)
        field = known.fields.get(entry.name) if known else None
        if field is not None and field.named in planning.graph.types[subgraph]:
            yield Option(
                subgraph,
                field.named,
                parent.wave,
                parent.requests,
                parent.size + 1,
                view,
                below(parent.provided, entry.name, field),
                parent=parent,
                entry=entry,
            )
