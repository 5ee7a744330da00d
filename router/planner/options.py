"""Ways to look at a place in a subgraph, and what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass

from router.graph.model import Entry as KeyEntry
from router.graph.model import FieldSet, GraphField
from router.planner.fetches import Context
from router.planner.sites import Entry, View
from router.planner.state import Planning

Requests = frozenset[tuple[int, str]]
NONE: Requests = frozenset()

Bill = tuple[int, Requests, int]
"""What some fields cost together: latest wave, new requests, fields added."""


def together(bills: Iterable[Bill | None]) -> Bill | None:
    """Add bills up; None if one of them cannot be paid.

    >>> together([(1, NONE, 2), (3, NONE, 1)])
    (3, frozenset(), 3)
    """
    wave, requests, size = 0, NONE, 0
    for bill in bills:
        if bill is None:
            return None
        wave = max(wave, bill[0])
        requests |= bill[1]
        size += bill[2]
    return wave, requests, size


@dataclass(frozen=True, slots=True)
class Option:
    """A way to look at a view in one subgraph.

    `wave` is the wave of the fetch that would do it, `requests` the requests of
    the way that this planning has not made yet, `size` the fields it adds.
    Exactly one of the rest says how: an existing `context`, the root, `parent`
    (descend by `entry`, or narrow if that is None), or a `jump`; or it asks root
    fields `again`, for what `parent` shows to be there. A jump that also shows what
    a field `requires`, or is asked with what it reads from contexts, is for that
    `entry`.
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
    again: bool = False

    @property
    def bare(self) -> bool:
        """Whether no way can need fewer requests: only its own."""
        return len(self.requests) <= 1


def existing(view: View, context: Context) -> Option:
    """Give the way to a context that is there already: it costs nothing."""
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
    known = graph.types[option.subgraph].get(option.type)
    field = known.fields.get(name) if known else None
    if known is None or field is None:
        return None
    if provides(option.provided, name, view.type if view.concrete else None):
        return field
    if field.external or not planning.active(field):
        return None
    if view.concrete:
        # Under a name that is not the object's own, a subgraph may resolve only
        # what the graph says it gives to the object (interface objects).
        own = option.type == view.type
        resolvers = graph.resolvers[view.type, name]
        return field if own or (option.subgraph, option.type) in resolvers else None
    if known.kind == "interface" and not known.is_interface_object:
        alike = all(_member(planning, option, one, name) for one in known.possible)
        return field if alike else None
    return field


def _member(planning: Planning, option: Option, member: str, name: str) -> bool:
    """Tell whether a subgraph resolves an interface's field for one object type."""
    inner = planning.graph.types[option.subgraph][member].fields.get(name)
    if inner is None or inner.apart or not planning.active(inner):
        return False
    return not inner.external or provides(option.provided, name, member)


def below(provided: FieldSet, name: str, field: GraphField) -> FieldSet:
    """Say what is provided below a field: by the field, and by what is above it."""
    inherited = [need.needs for need in provided if need.name == name and need.needs]
    return (*field.provides, *(need for needs in inherited for need in needs))


def provides(provided: FieldSet, name: str, type_name: str | None) -> bool:
    """Tell whether a field is among what is provided, for objects of a type."""
    return any(
        need.name == name and (not need.on or type_name in need.on) for need in provided
    )


def tells_type(planning: Planning, option: Option) -> bool:
    """Tell whether `__typename` there is the concrete type."""
    known = planning.graph.types[option.subgraph][option.type]
    return not known.is_interface_object
