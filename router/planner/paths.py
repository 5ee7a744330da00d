"""Every way to every leaf: from which subgraphs can a field be had, at what price?

For each view, `ways` finds every subgraph in which its objects can be looked at:
by descending through the field above, by narrowing an abstract type, or by
jumping with a key from any subgraph that is already there. The search grows by
waves and keeps the cheapest way into each subgraph, so its work is bounded by
subgraphs × keys for each view, however many routes there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from router.graph.model import Entry as KeyEntry
from router.graph.model import FieldSet, GraphField, Need
from router.planner.fetches import Context
from router.planner.sites import Entry, View
from router.planner.state import Planning

UNTOUCHED = 1_000_000
"""Deeper than any search: no unfinished one was looked at."""

Requests = frozenset[tuple[int, str]]
NONE: Requests = frozenset()


@dataclass(frozen=True, slots=True)
class Option:
    """A way to look at a view in one subgraph.

    `wave` is the wave of the fetch that would do it, `requests` the requests of
    the way that this planning has not made yet, `size` the fields it adds.
    Exactly one of the rest says how: an existing `context`, the root, `parent`
    (descend by `entry`, or narrow if that is None), or a `jump`.
    """

    subgraph: str
    type: str
    wave: int
    requests: Requests
    size: int
    view: View
    provided: FieldSet = ()
    context: Context | None = None
    parent: "Option | None" = None
    entry: Entry | None = None
    jump: KeyEntry | None = None
    requires: GraphField | None = None


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
        _jump(planning, view, found)
        del planning.open[view]
        # What was found with the help of an unfinished search is not kept.
        if planning.touched >= depth:
            view.ways_version = planning.version
            planning.touched = UNTOUCHED
    return view.ways


def field_options(planning: Planning, entry: Entry) -> list[Option]:
    """Find the ways to contexts that can resolve a field; cheapest need not be first.

    A field with `@requires` offers a jump that brings what it requires.
    """
    view = entry.view
    found: list[Option] = []
    for subgraph, options in ways(planning, view).items():
        for option in options:
            field = resolvable(planning, option, view, entry.name)
            if field is None:
                continue
            if field.requires:
                way = _requires(planning, entry, subgraph, field)
                if way is not None:
                    found.append(way)
                break
            found.append(option)
    return found


def cost(planning: Planning, option: Option) -> tuple[int, int, int, int, int]:
    """Price a way: waves, then requests, then how soon, then who else is served."""
    latest = planning.latest
    new = sum(
        1
        for wave, subgraph in option.requests
        if latest.get(subgraph, 0) < wave
        or ((wave, subgraph) not in planning.requests and wave < option.wave)
    )
    popular = -planning.popularity.get(option.subgraph, 0) if new else 0
    wave = max(option.wave, planning.waves)
    return (wave, new, option.wave, popular, option.size)


def resolvable(
    planning: Planning, option: Option, view: View, name: str
) -> GraphField | None:
    """Give the field as the option's subgraph can resolve it there, or None."""
    graph = planning.graph
    subgraph = option.subgraph
    if view.concrete:
        known = graph.types[subgraph].get(option.type)
        field = known.fields.get(name) if known else None
        if field is None:
            return None
        if _provides(option.provided, name, view.type):
            return field
        if field.external or not planning.active(field):
            return None
        if (subgraph, option.type) in graph.resolvers[view.type, name]:
            return field
        # The subgraph knows the object by a narrower or wider name than ours.
        return field if option.type == view.type else None
    known = graph.types[subgraph][option.type]
    field = known.fields.get(name)
    if field is None:
        return None
    if _provides(option.provided, name, None):
        return field
    if field.external or not planning.active(field):
        return None
    if known.kind == "interface" and not known.is_interface_object:
        for member in known.possible:
            inner = graph.types[subgraph][member].fields.get(name)
            if (
                inner is None
                or inner.requires
                or not planning.active(inner)
                or (inner.external and not _provides(option.provided, name, member))
            ):
                return None
    return field


def below(provided: FieldSet, name: str, field: GraphField) -> FieldSet:
    """Say what is provided below a field: by the field, and by what is above it."""
    inherited = [need.needs for need in provided if need.name == name and need.needs]
    return (*field.provides, *(need for needs in inherited for need in needs))


def _provides(provided: FieldSet, name: str, type_name: str | None) -> bool:
    return any(
        need.name == name and (not need.on or type_name in need.on) for need in provided
    )


def _starts(planning: Planning, view: View) -> Iterator[Option]:
    """List the ways that need no jump at this view, and what is there already."""
    for contexts in view.contexts.values():
        for context in contexts:
            yield _existing(view, context)
    site = view.site
    if not view.is_top:
        for options in ways(planning, site.top).values():
            for option in options:
                yield from _narrowed(planning, view, option)
    elif site.entry is None:
        yield from _roots(planning, view)
    else:
        yield from _descents(planning, view, site.entry)


def _existing(view: View, context: Context) -> Option:
    return Option(
        context.subgraph,
        context.type,
        context.group.wave,
        NONE,
        0,
        view,
        context.provided,
        context,
    )


def _narrowed(planning: Planning, view: View, option: Option) -> Iterator[Option]:
    known = planning.graph.types[option.subgraph][option.type]
    if view.type not in known.possible:
        return
    if option.context is not None and view.type in option.context.cases:
        return
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


def _jump(planning: Planning, view: View, found: dict[str, list[Option]]) -> None:
    """Add jumps by key, from wave to wave, until no way gets any cheaper."""
    doors = planning.graph.entries.get(view.type, ())
    if not doors:
        return
    floor = _typename_wave(planning, view)
    jumps: dict[str, Option] = {}
    changed = True
    while changed:
        changed = False
        for door in doors:
            if door.typename not in planning.graph.types[door.subgraph]:
                continue
            if any(
                not one.requests and one.jump is None
                for one in found.get(door.subgraph, ())
            ):
                continue
            bill = key_bill(planning, view, found, door.key.fields, door.subgraph)
            if bill is None:
                continue
            option = _jump_option(view, door, bill, floor)
            known = jumps.get(door.subgraph)
            if known is not None and cost(planning, known) <= cost(planning, option):
                continue
            jumps[door.subgraph] = option
            options = found.setdefault(door.subgraph, [])
            options[:] = [one for one in options if one.jump is None]
            options.append(option)
            changed = True


Bill = tuple[int, Requests, int]


def _jump_option(view: View, door: KeyEntry, bill: Bill, floor: int) -> Option:
    wave = max(bill[0], floor) + 1
    requests = bill[1] | {(wave, door.subgraph)}
    return Option(
        door.subgraph, door.typename, wave, requests, bill[2] + 1, view, jump=door
    )


def _typename_wave(planning: Planning, view: View) -> int:
    """When is the concrete type known, on which a jump from this view depends?"""
    if view.is_top:
        return 0
    at = view.site.typename_at
    if at is not None:
        return at.group.wave
    return min(
        (
            option.wave
            for options in ways(planning, view.site.top).values()
            for option in options
            if tells_type(planning, option)
        ),
        default=0,
    )


def tells_type(planning: Planning, option: Option) -> bool:
    """Tell whether `__typename` there is the concrete type."""
    known = planning.graph.types[option.subgraph][option.type]
    return not known.is_interface_object


def key_bill(
    planning: Planning,
    view: View,
    found: dict[str, list[Option]],
    fields: FieldSet,
    target: str,
) -> Bill | None:
    """Price a key: each leaf from the cheapest subgraph that has it."""
    wave, requests, size = 0, NONE, 0
    for leaf in _leaves(fields):
        bill = _leaf_bill(planning, view, found, leaf, target)
        if bill is None:
            return None
        wave = max(wave, bill[0])
        requests |= bill[1]
        size += bill[2]
    return wave, requests, size


def _leaf_bill(
    planning: Planning,
    view: View,
    found: dict[str, list[Option]],
    leaf: tuple[Need, ...],
    target: str,
) -> Bill | None:
    best: Option | None = None
    for subgraph, options in found.items():
        if subgraph == target:
            continue
        for option in options:
            if _has(planning, option, view, leaf) and (
                best is None or cost(planning, option) < cost(planning, best)
            ):
                best = option
    if best is not None:
        return best.wave, best.requests, best.size + 1
    if len(leaf) == 1:
        return None
    # No single subgraph has all of the nested leaf: look at the place below.
    need = leaf[-1]
    for above in reversed(leaf[:-1]):
        need = Need(above.name, above.arguments, (need,), above.on)
    mark = (view, target, repr(leaf))
    if mark in planning.busy:
        return None
    planning.busy.add(mark)
    try:
        return requirement_bill(planning, view, (need,))
    finally:
        planning.busy.discard(mark)


def _leaves(fields: FieldSet) -> Iterable[tuple[Need, ...]]:
    for need in fields:
        if need.needs:
            for rest in _leaves(need.needs):
                yield (need, *rest)
        else:
            yield (need,)


def _has(
    planning: Planning, option: Option, view: View, leaf: tuple[Need, ...]
) -> bool:
    """Tell whether a subgraph can resolve a key's leaf all by itself."""
    field = resolvable(planning, option, view, leaf[0].name)
    if field is None or field.requires:
        return False
    provided = below(option.provided, leaf[0].name, field)
    for need in leaf[1:]:
        known = planning.graph.types[option.subgraph].get(field.named)
        inner = known.fields.get(need.name) if known else None
        if inner is None:
            return False
        if not _provides(provided, need.name, field.named) and (
            inner.external or inner.requires or not planning.active(inner)
        ):
            return False
        provided = below(provided, need.name, inner)
        field = inner
    return True


def _requires(
    planning: Planning, entry: Entry, subgraph: str, field: GraphField
) -> Option | None:
    """Price the jump that shows a subgraph what a field of its requires."""
    view = entry.view
    for context in entry.places:
        if context.subgraph == subgraph:
            return _existing(view, context)
    mark = (view, subgraph, entry.name)
    if mark in planning.busy:
        return None
    planning.busy.add(mark)
    try:
        found = ways(planning, view)
        needed = requirement_bill(planning, view, field.requires)
        if needed is None:
            return None
        best: Option | None = None
        for door in planning.graph.entries.get(view.type, ()):
            if door.subgraph != subgraph:
                continue
            bill = key_bill(planning, view, found, door.key.fields, "")
            if bill is None:
                continue
            wave = max(bill[0], needed[0], _typename_wave(planning, view)) + 1
            option = Option(
                subgraph,
                door.typename,
                wave,
                bill[1] | needed[1] | {(wave, subgraph)},
                bill[2] + needed[2],
                view,
                jump=door,
                requires=field,
            )
            if best is None or cost(planning, option) < cost(planning, best):
                best = option
        return best
    finally:
        planning.busy.discard(mark)


def requirement_bill(planning: Planning, view: View, fields: FieldSet) -> Bill | None:
    """Price what a field requires, wherever each part of it comes from."""
    wave, requests, size = 0, NONE, 0
    for need in fields:
        for target in targets(planning, view, need):
            bill = _need_bill(planning, target, need)
            if bill is None:
                return None
            wave = max(wave, bill[0])
            requests |= bill[1]
            size += bill[2]
    return wave, requests, size


def targets(planning: Planning, view: View, need: Need) -> list[View]:
    """Name the views in which a need must be met: this one, or each object type."""
    if view.concrete:
        return [view] if not need.on or view.type in need.on else []
    if not need.on:
        entry = view.require(need.name, need.arguments)
        if field_options(planning, entry):
            return [view]
    return [
        view.site.view(name)
        for name in planning.graph.possible[view.type]
        if (not need.on or name in need.on) and ways(planning, view.site.view(name))
    ]


def _need_bill(planning: Planning, view: View, need: Need) -> Bill | None:
    entry = view.require(need.name, need.arguments)
    if need.needs and entry.site is not None:
        return requirement_bill(planning, entry.site.top, need.needs)
    best = min(
        field_options(planning, entry),
        key=lambda one: cost(planning, one),
        default=None,
    )
    if best is None:
        return None
    return best.wave, best.requests, best.size + 1
