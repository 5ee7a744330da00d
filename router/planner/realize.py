"""Chosen ways → contexts in fetches: one request per hop."""

from router.graph.model import FieldSet
from router.operation.model import ALWAYS, When
from router.plan.nodes import OperationKind, Taken
from router.planner import abstract, contextual
from router.planner.choose import choose
from router.planner.fetches import Context, Group
from router.planner.options import Option, cost, existing, resolvable
from router.planner.requires import targets
from router.planner.sites import TYPENAME, Entry, View
from router.planner.state import Planning
from router.planner.taken import conflicting, merge_taken


def place(planning: Planning, entry: Entry, *, early: bool = False) -> Context:
    """Have a leaf fetched, if it is not yet; give the context that fetches it.

    `early` is for what other fetches wait for: it is then taken from where it is
    there first, even if it is fetched elsewhere too.

    Raises:
        UnsatisfiableError: no subgraph can resolve it from where it is asked.

    """
    if entry.places:
        known = min(entry.places, key=lambda one: one.group.wave)
        if not early or known.group.wave <= _earliest(entry.view):
            return known
        option = choose(planning, entry)
        if option.wave >= known.group.wave or cost(planning, option)[1]:
            return known
        context = realize(planning, option)
    else:
        at_hand = _at_hand(planning, entry, early=early)
        context = at_hand or realize(planning, choose(planning, entry))
    attach(context, entry)
    return context


def _at_hand(planning: Planning, entry: Entry, *, early: bool) -> Context | None:
    """Find a context that is there already and resolves the field as it is."""
    found: Context | None = None
    for contexts in entry.view.contexts.values():
        for context in contexts:
            if not planning.suits(context.subgraph, entry.layer):
                continue
            if found is None or context.group.wave < found.group.wave:
                way = existing(entry.view, context)
                field = resolvable(planning, way, entry.view, entry.name)
                if field is not None and not field.apart:
                    found = context
    if early and found is not None and found.group.wave > _earliest(entry.view):
        return None
    return found


def _earliest(view: View) -> int:
    """Give the wave in which the objects of a view can be there at the earliest.

    That is where they are already, or where the objects that hold them are.
    """
    above = view.site.entry
    views = (view, view.site.top, above.view) if above else (view, view.site.top)
    return min(
        (
            context.group.wave
            for one in views
            for contexts in one.contexts.values()
            for context in contexts
        ),
        default=0,
    )


def attach(context: Context, entry: Entry) -> None:
    """Select a field in a context."""
    if entry.key not in context.fields:
        context.fields[entry.key] = entry
        entry.places.append(context)


def realize(planning: Planning, option: Option) -> Context:
    """Carry a way out: descend, narrow or jump, with everything that needs."""
    if option.context is not None:
        return option.context
    if option.jump is not None:
        return _jump(planning, option)
    if option.parent is None:
        return _root(planning, option)
    if option.again:
        return _root_again(planning, option)
    above = realize(planning, option.parent)
    if option.entry is None:
        return _narrow(above, option)
    attach(above, option.entry)
    child = above.children.get(option.entry.key)
    if child is None:
        child = Context(above.group, option.view, option.type, option.provided)
        above.children[option.entry.key] = child
    return child


def _narrow(above: Context, option: Option) -> Context:
    case = above.cases.get(option.view.type)
    if case is None:
        case = Context(above.group, option.view, option.type, option.provided)
        above.cases[option.view.type] = case
    return case


def _root(planning: Planning, option: Option) -> Context:
    for context in option.view.contexts.get(option.subgraph, ()):
        return context
    kind: OperationKind = planning.operation.kind
    group = Group(len(planning.groups), option.subgraph, kind)
    group.root = Context(group, option.view, option.type)
    if kind == "mutation":
        group.after.update(dict.fromkeys(planning.groups))
    planning.add(group)
    return group.root


def _root_again(planning: Planning, option: Option) -> Context:
    """Ask root fields for objects that another fetch shows to be there."""
    view = option.view
    for context in view.contexts.get(option.subgraph, ()):
        return context
    after: dict[Group, None] = {}
    after[abstract.need_typename(planning, view.site).group] = None
    _need_types(planning, view, after)
    group = Group(len(planning.groups), option.subgraph, "query", view)
    group.after = after
    group.root = Context(group, view, option.type)
    planning.add(group)
    return group.root


def _jump(planning: Planning, option: Option) -> Context:
    view, door = option.view, option.jump
    assert door is not None  # noqa: S101 (the caller looked)
    here = [
        context
        for context in view.contexts.get(option.subgraph, ())
        if context.group.view is view
    ]
    if option.requires is None:
        for context in here:
            if context.group.wave <= option.wave:
                return context
    after: dict[Group, None] = {}
    taken = need(planning, view, door.key.fields, ALWAYS, after, required=True)
    if option.requires is not None:
        taken += need(planning, view, option.requires.requires, ALWAYS, after)
    taken = merge_taken(taken)
    values = contextual.values_read(planning, option, after)
    _need_types(planning, view, after)
    wave = 1 + max((one.wave for one in after), default=0)
    for context in () if values else here:
        group = context.group
        if group.wave == wave and not conflicting([*group.taken, *taken]):
            group.taken = merge_taken([*group.taken, *taken])
            group.after.update(after)
            return context
    group = Group(len(planning.groups), option.subgraph, "query", view, door.typename)
    group.taken = taken
    group.contextual = values
    group.after = after
    group.root = Context(group, view, option.type)
    planning.add(group)
    return group.root


def _need_types(planning: Planning, view: View, after: dict[Group, None]) -> None:
    """Wait for the concrete types on which the way to a view depends."""
    above: View | None = view
    while above is not None:
        if not above.is_top:
            after[abstract.need_typename(planning, above.site).group] = None
        entry = above.site.entry
        above = entry.view if entry else None


def need(
    planning: Planning,
    view: View,
    fields: FieldSet,
    when: When,
    after: dict[Group, None],
    *,
    required: bool = False,
) -> list[Taken]:
    """Have a field set fetched at a view; say how a representation is built of it.

    The groups that fetch it are added to `after`.
    """
    taken: list[Taken] = []
    for one in fields:
        if one.name == TYPENAME:
            if view.site.abstract:
                after[abstract.need_typename(planning, view.site).group] = None
                taken.append(Taken(TYPENAME, TYPENAME))
            continue
        for target in targets(planning, view, one):
            entry = target.require(one.name, one.arguments)
            entry.widen(when)
            inner: list[Taken] = []
            if entry.site is not None:
                site = entry.site
                inner = need(
                    planning, site.top, one.needs, ALWAYS, after, required=required
                )
                if site.abstract or not inner:
                    after[abstract.need_typename(planning, site).group] = None
                    inner.insert(0, Taken(TYPENAME, TYPENAME))
            else:
                after[place(planning, entry, early=True).group] = None
            on = () if target is view else (target.type,)
            taken.append(Taken(one.name, entry.key, tuple(inner), on, required))
    return taken
