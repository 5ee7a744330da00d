"""Abstract places: which fields are asked of the interface, which of each type."""

from collections.abc import Iterator

from router.errors import UnsatisfiableError
from router.planner import realize
from router.planner.fetches import Context
from router.planner.options import Option, cost, tells_type
from router.planner.paths import field_options, ways
from router.planner.sites import Entry, Site, View
from router.planner.state import Planning, place_of


def possible_types(planning: Planning, site: Site) -> tuple[str, ...]:
    """Name the types an object at a site can have, in the supergraph's order.

    Where several subgraphs can answer the field above, they give the same object,
    so it is of a type that all of them know there.
    """
    if site.possible is None:
        shared = planning.graph.possible[site.type]
        seen = False
        for options in ways(planning, site.top).values():
            for option in options:
                known = planning.graph.types[option.subgraph][option.type]
                if option.jump is None and not known.is_interface_object:
                    seen = True
                    shared = tuple(one for one in shared if one in known.possible)
        if not seen:
            shared = planning.graph.possible[site.type]
        site.possible = shared
    return site.possible


def leaves(planning: Planning, site: Site) -> Iterator[Entry]:
    """List what the client's selections come to: entries without sub-selections.

    On the way, a field of an interface that no subgraph resolves for the
    interface as such is asked of each object type instead. Sites with no leaf at
    all are noted in `planning.bare`: of them, only their being there is asked.
    """
    is_bare = True
    for entry in _leaves(planning, site):
        is_bare = False
        yield entry
    if is_bare:
        planning.bare.append(site)


def _leaves(planning: Planning, site: Site) -> Iterator[Entry]:
    if not site.abstract:
        yield from _inside(planning, site.top)
        return
    top = site.top
    for key, entry in tuple(top.entries.items()):
        if place_of(entry) in planning.expand or not field_options(planning, entry):
            del top.entries[key]
            top.exploded[key] = entry
            _explode(planning, site, entry)
    yield from _inside(planning, top)
    if _has_cases(site) or top.exploded:
        for name in possible_types(planning, site):
            yield from _inside(planning, site.view(name))


def _inside(planning: Planning, view: View) -> Iterator[Entry]:
    planning.step()
    for entry in tuple(view.entries.values()):
        if entry.when is None:
            continue
        if entry.site is None:
            yield entry
        else:
            yield from leaves(planning, entry.site)


def _has_cases(site: Site) -> bool:
    return any(selections.cases for selections in site.selections)


def _explode(planning: Planning, site: Site, entry: Entry) -> None:
    """Ask a field of each object type.

    Raises:
        UnsatisfiableError: the interface's field has no single source: wherever
            the objects come from, one of their types lacks it.

    """
    if not _from_one_source(planning, site, entry.name):
        raise UnsatisfiableError(
            f"No subgraph that answers {site.type} here leads to "
            f"{site.type}.{entry.name} for all of its types."
        )
    for name in possible_types(planning, site):
        view = site.view(name)
        other = view.entries.get(entry.key)
        if other is None:
            other = view.entries[entry.key] = view.make(
                entry.key, entry.name, entry.arguments
            )
            other.layer = entry.layer
        other.widen(entry.when or ())
        if entry.site is not None and other.site is not None:
            for selections in entry.site.selections:
                other.site.add(selections)


def _from_one_source(planning: Planning, site: Site, name: str) -> bool:
    sources = [
        option
        for options in ways(planning, site.top).values()
        for option in options
        if tells_type(planning, option)
    ]
    return not sources or any(_leads(planning, site, one, name) for one in sources)


def _leads(planning: Planning, site: Site, source: Option, name: str) -> bool:
    """Tell whether every type of a source has the field there, or by its own key."""
    graph = planning.graph
    members = graph.types[source.subgraph][source.type].possible
    for member in members:
        if member not in possible_types(planning, site):
            continue
        view = site.view(member)
        reached = {source.subgraph}
        grew = True
        while grew:
            grew = False
            for door in graph.entries.get(member, ()):
                if door.subgraph not in reached and all(
                    any(
                        _local(planning, view, subgraph, need.name)
                        for subgraph in reached
                    )
                    for need in door.key.fields
                ):
                    reached.add(door.subgraph)
                    grew = True
        resolvers = graph.resolvers.get((member, name), ())
        if not any(
            subgraph in reached
            and not graph.types[subgraph][known].fields[name].external
            for subgraph, known in resolvers
        ) and not any(need.name == name for need in source.provided):
            return False
    return bool(members)


def _local(planning: Planning, view: View, subgraph: str, name: str) -> bool:
    known = planning.graph.types[subgraph].get(view.type)
    field = known.fields.get(name) if known else None
    return field is not None and not field.external


def need_typename(planning: Planning, site: Site) -> Context:
    """Have the concrete type fetched, from a context that knows it.

    Raises:
        UnsatisfiableError: only interface objects answer here, and no key leads
            to a subgraph with the real types.

    """
    if site.typename_at is None:
        told = [
            option
            for options in ways(planning, site.top).values()
            for option in options
            if not site.abstract or tells_type(planning, option)
        ]
        # Who looks at the objects first must know of what type they are.
        soon = [one for one in told if planning.suits(one.subgraph, site.layer)]
        best = min(
            soon or told, key=lambda option: cost(planning, option), default=None
        )
        if best is None:
            raise UnsatisfiableError(
                f"No subgraph can tell the type of the {site.type} at "
                f'"{".".join(step for step in site.path if isinstance(step, str))}".'
            )
        context = realize.realize(planning, best)
        context.typename = True
        site.typename_at = context
    return site.typename_at
