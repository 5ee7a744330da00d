"""Contexts → selection trees: what a fetch asks, ready to be written."""

from router.graph.model import Graph
from router.operation.model import Argument, When
from router.planner.fetches import Context
from router.planner.sites import Entry

UNCONDITIONAL: When = ()


class Selected:
    """One field of a selection: `sent` is its response key in the subgraph.

    `type` is the field's type in the subgraph, in GraphQL syntax.
    """

    __slots__ = ("arguments", "inner", "key", "name", "sent", "type", "when")

    def __init__(self, entry: Entry, type_text: str, inner: "Selection | None") -> None:
        self.key = entry.key
        self.sent = entry.key
        self.name = entry.name
        self.arguments: tuple[Argument, ...] = entry.arguments
        self.when: When = entry.when or UNCONDITIONAL
        self.type = type_text
        self.inner = inner


class Selection:
    """A selection set on one type of a subgraph."""

    __slots__ = ("cases", "fields", "type", "typename")

    def __init__(self, type_name: str) -> None:
        self.type = type_name
        self.fields: dict[str, Selected] = {}
        self.cases: dict[str, Selection] = {}
        self.typename = False

    def add(self, field: Selected) -> None:
        """Select a field, or more of one that is selected already."""
        known = self.fields.get(field.key)
        if known is None:
            self.fields[field.key] = field
            return
        if known.when != field.when:
            always = UNCONDITIONAL in (known.when, field.when)
            either = tuple(dict.fromkeys((*known.when, *field.when)))
            known.when = UNCONDITIONAL if always else either
        if known.inner is not None and field.inner is not None:
            known.inner.unite(field.inner)

    def unite(self, other: "Selection") -> None:
        """Select what another selection does too."""
        self.typename = self.typename or other.typename
        for field in other.fields.values():
            self.add(field)
        for name, case in other.cases.items():
            if name == self.type:
                self.unite(case)
            elif name in self.cases:
                self.cases[name].unite(case)
            else:
                self.cases[name] = case

    def is_empty(self) -> bool:
        """Tell whether nothing is selected."""
        return not (self.typename or self.fields or self.cases)


def select(graph: Graph, context: Context) -> Selection:
    """Read a context and all below it as a selection tree."""
    selection = Selection(context.type)
    selection.typename = context.typename
    known = graph.types[context.subgraph][context.type]
    # In the client's order: mutations run their root fields as they are written.
    for key, entry in context.view.entries.items():
        if key not in context.fields:
            continue
        child = context.children.get(key)
        inner = select(graph, child) if child is not None else None
        if entry.site is None or (inner is not None and not inner.is_empty()):
            selection.add(Selected(entry, known.fields[entry.name].type, inner))
    for name, case in context.cases.items():
        inner = select(graph, case)
        if inner.is_empty():
            continue
        if case.type == context.type:
            selection.unite(inner)
        else:
            selection.cases[name] = inner
    lift(graph, context.subgraph, selection)
    return selection


def lift(graph: Graph, subgraph: str, selection: Selection) -> None:
    """Ask an interface for what is asked alike of each of its types.

    Also drops from a case the leaves that are asked of the interface anyway.
    """
    cases = selection.cases
    for case in cases.values():
        for key in tuple(case.fields):
            above = selection.fields.get(key)
            if above is not None and above.inner is None and above.when == ():
                del case.fields[key]
    known = graph.types[subgraph].get(selection.type)
    if cases and known is not None and set(known.possible) == set(cases):
        for key, field in tuple(next(iter(cases.values())).fields.items()):
            shared = known.fields.get(field.name)
            if (
                shared is not None
                and shared.type == field.type
                and key not in selection.fields
                and all(_has_alike(case, field) for case in cases.values())
            ):
                selection.fields[key] = field
                for case in cases.values():
                    del case.fields[key]
    _drop_empty(selection)


def _has_alike(case: Selection, field: Selected) -> bool:
    other = case.fields.get(field.key)
    return other is not None and alike(other, field)


def _drop_empty(selection: Selection) -> None:
    for name, case in tuple(selection.cases.items()):
        if case.is_empty():
            del selection.cases[name]


def alike(one: Selected, other: Selected) -> bool:
    """Tell whether two fields would be written the same."""
    if (one.name, one.arguments, one.when, one.type) != (
        other.name,
        other.arguments,
        other.when,
        other.type,
    ):
        return False
    if one.inner is None or other.inner is None:
        return one.inner is other.inner
    return _same(one.inner, other.inner)


def _same(one: Selection, other: Selection) -> bool:
    return (
        one.type == other.type
        and one.typename == other.typename
        and one.fields.keys() == other.fields.keys()
        and one.cases.keys() == other.cases.keys()
        and all(alike(field, other.fields[key]) for key, field in one.fields.items())
        and all(_same(case, other.cases[name]) for name, case in one.cases.items())
    )
