"""What `@fromContext` reads: from which ancestor, how it is fetched, how it is sent.

A field that reads contexts is asked by a jump with a key, even in the subgraph that
brought its object: the values are not known before. (The planner's own `Context` is
something else: a view in one subgraph.)
"""

from collections.abc import Iterable

from router.graph.model import ContextValue, GraphField
from router.operation.model import ALWAYS, Argument
from router.plan.nodes import Contextual, Taken
from router.planner import abstract, realize, requires
from router.planner.fetches import Group
from router.planner.options import Bill, Option, together
from router.planner.selections import Selection
from router.planner.sites import TYPENAME, Entry, View
from router.planner.state import ExpandError, Planning, place_of


def reading_bill(planning: Planning, entry: Entry, field: GraphField) -> Bill | None:
    """Price what a field reads from contexts; None if an ancestor lacks it."""

    def price(value: ContextValue) -> Bill | None:
        view = ancestor(planning, entry, value)
        if view is None:
            return None
        return requires.requirement_bill(planning, view, value.selection)

    return together(map(price, field.context))


def ancestor(planning: Planning, entry: Entry, value: ContextValue) -> View | None:
    """Find the nearest ancestor of a field's object that has the context.

    Where some types of an ancestor have it and some have not, what leads on from there
    is asked of each type by itself.
    """
    above = entry.view.site.entry
    while above is not None:
        view = above.view
        possible = planning.graph.possible[view.type]
        having = sum(1 for name in possible if name in value.holders)
        if having == len(possible):
            # A root field of another kind is not run again for its value.
            is_root = view.site.entry is None
            query = planning.graph.roots["query"]
            return None if is_root and view.type != query else view
        place = place_of(above)
        if having and place not in planning.expand:
            raise ExpandError(place)
        if having:
            return None
        above = view.site.entry
    return None


def values_read(
    planning: Planning, option: Option, after: dict[Group, None]
) -> tuple[Contextual, ...]:
    """Have what a field reads fetched; say where each value is found.

    The groups that fetch it are added to `after`.
    """
    entry, field = option.entry, option.requires
    if entry is None or field is None:
        return ()
    found: list[Contextual] = []
    for value in field.context:
        view = ancestor(planning, entry, value)
        assert view is not None  # noqa: S101 (the way has a price)
        taken = realize.need(planning, view, value.selection, ALWAYS, after)
        if not value.selection:
            taken = [Taken("typename", TYPENAME)]
        if not view.concrete or not value.selection:
            after[abstract.need_typename(planning, view.site).group] = None
        up = len(entry.view.site.path) - len(view.site.path)
        found.append(
            Contextual("", value.name, value.type, entry.key, up, tuple(taken))
        )
    return tuple(found)


def numbered(values: Iterable[Contextual], number: int) -> list[str]:
    """Name the variables of one input's values as Apollo's planner does.

    >>> numbered([Contextual("", "a", "Int", "k", 1, ())], 2)
    ['contextualArgument_2_0']
    """
    return [f"contextualArgument_{number}_{at}" for at, _ in enumerate(values)]


def pass_on(selection: Selection, values: Iterable[Contextual]) -> None:
    """Give the one field of a contextual selection its arguments."""
    sent = tuple(Argument(one.name, f"${one.variable}") for one in values)
    if not sent:
        return
    for case in selection.cases.values():
        for field in case.fields.values():
            field.arguments = (*field.arguments, *sent)
