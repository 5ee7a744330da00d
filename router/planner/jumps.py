"""Ways by key: from the subgraphs that can show an object to those that know it."""

from collections.abc import Sequence

from router.graph.model import Entry as KeyEntry
from router.graph.model import GraphKey, Need
from router.planner import paths, requires
from router.planner.options import (
    Bill,
    Option,
    below,
    cost,
    provides,
    resolvable,
    tells_type,
    together,
)
from router.planner.sites import View
from router.planner.state import Planning

Found = dict[str, list[Option]]


def add_jumps(planning: Planning, view: View, found: Found) -> None:
    """Add jumps by key, from wave to wave, until no way gets any cheaper."""
    doors = _doors(planning, view)
    if not doors:
        return
    floor = typename_wave(planning, view)
    jumps: dict[str, Option] = {}
    soonest = min((one[0].wave for one in found.values()), default=0)
    soonest = max(soonest, floor) + 1
    changed = True
    while changed:
        changed = False
        for door in doors:
            known = jumps.get(door.subgraph)
            if known is not None and known.wave == soonest and known.bare:
                continue
            if known is None and _is_there(found, door.subgraph, soonest):
                continue
            bill = key_bill(planning, view, found, door.key, door.subgraph)
            if bill is None:
                continue
            option = _jump_option(view, door, bill, floor)
            if known is not None and cost(planning, known) <= cost(planning, option):
                continue
            jumps[door.subgraph] = option
            options = found.setdefault(door.subgraph, [])
            options[:] = [one for one in options if one.jump is None]
            options.append(option)
            changed = True


def _doors(planning: Planning, view: View) -> Sequence[KeyEntry]:
    """List the ways in that may be of use here."""
    doors = planning.graph.entries.get(view.type, ())
    if not planning.layers or not doors:
        return doors
    site = view.site
    asked = {one.layer for each in site.views.values() for one in each.entries.values()}
    asked |= {0, site.layer}
    return [door for door in doors if planning.layers.get(door.subgraph, 0) in asked]


def _is_there(found: Found, subgraph: str, soonest: int) -> bool:
    """Tell whether a subgraph shows the object anyway, and no later than a jump."""
    return any(
        not option.requests and option.jump is None and option.wave <= soonest
        for option in found.get(subgraph, ())
    )


def _jump_option(view: View, door: KeyEntry, bill: Bill, floor: int) -> Option:
    wave = max(bill[0], floor) + 1
    requests = bill[1] | {(wave, door.subgraph)}
    return Option(
        door.subgraph, door.typename, wave, requests, bill[2] + 1, view, jump=door
    )


def typename_wave(planning: Planning, view: View) -> int:
    """Give the wave in which the concrete type is known, if a jump depends on it."""
    if view.is_top:
        return 0
    at = view.site.typename_at
    if at is not None:
        return at.group.wave
    return min(
        (
            option.wave
            for options in paths.ways(planning, view.site.top).values()
            for option in options
            if tells_type(planning, option)
        ),
        default=0,
    )


def key_bill(
    planning: Planning,
    view: View,
    found: Found,
    key: GraphKey,
    target: str,
) -> Bill | None:
    """Price a key: each leaf from the cheapest subgraph that has it."""
    return together(
        _leaf_bill(planning, view, found, leaf, target) for leaf in key.leaves
    )


def _leaf_bill(
    planning: Planning,
    view: View,
    found: Found,
    leaf: tuple[Need, ...],
    target: str,
) -> Bill | None:
    having = [
        option
        for subgraph, options in found.items()
        if subgraph != target
        for option in options
        if _has(planning, option, view, leaf)
    ]
    best = min(having, key=lambda one: cost(planning, one), default=None)
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
        return requires.requirement_bill(planning, view, (need,))
    finally:
        planning.busy.discard(mark)


def _has(
    planning: Planning, option: Option, view: View, leaf: tuple[Need, ...]
) -> bool:
    """Tell whether a subgraph can resolve a key's leaf all by itself."""
    if option.provided or planning.labels:
        return _resolves(planning, option, view, leaf)
    # True of the graph, whatever is planned: find it out once.
    mark = (option.subgraph, option.type, view.type, leaf)
    known = planning.graph.memo.get(mark)
    if known is None:
        known = _resolves(planning, option, view, leaf)
        planning.graph.memo[mark] = known
    return known


def _resolves(
    planning: Planning, option: Option, view: View, leaf: tuple[Need, ...]
) -> bool:
    field = resolvable(planning, option, view, leaf[0].name)
    if field is None or field.apart:
        return False
    provided = below(option.provided, leaf[0].name, field)
    for need in leaf[1:]:
        known = planning.graph.types[option.subgraph].get(field.named)
        inner = known.fields.get(need.name) if known else None
        if inner is None:
            return False
        if not provides(provided, need.name, field.named) and (
            inner.external or inner.apart or not planning.active(inner)
        ):
            return False
        provided = below(provided, need.name, inner)
        field = inner
    return True
