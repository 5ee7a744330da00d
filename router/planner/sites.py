"""Operation → sites: the places of the answer, and what is needed at each.

A *site* is one composite place of the gathered data. Its *views* are the types an
object there may be looked at as: the site's own type, and, where that is
abstract, its object types. An *entry* is one field needed in a view, whether the
client asked for it or a key or `@requires` does.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from router.graph.model import Graph
from router.operation.model import ALWAYS, Argument, Field, SelectionSet, When
from router.plan.nodes import EACH, Path, TypeCondition

if TYPE_CHECKING:
    from router.planner.fetches import Context
    from router.planner.paths import Option

TYPENAME = "__typename"


class Entry:
    """A field needed in a view, and the fetches' selections that ask for it.

    `key` is where its value is gathered. `when` is None until somebody needs it:
    an entry that was only considered is never fetched. `client` tells whether the
    client asked for it. `layer` is the deferred part with which it is fetched.
    """

    __slots__ = (
        "arguments",
        "client",
        "key",
        "layer",
        "name",
        "places",
        "site",
        "view",
        "when",
    )

    def __init__(
        self, view: "View", key: str, name: str, arguments: tuple[Argument, ...]
    ) -> None:
        self.view = view
        self.key = key
        self.name = name
        self.arguments = arguments
        self.when: When | None = None
        self.client = False
        self.layer = view.site.layer
        self.site: Site | None = None
        self.places: list[Context] = []

    def widen(self, when: When) -> None:
        """Need the field in one more case."""
        if self.when is None or when == ALWAYS:
            self.when = when
        elif self.when != ALWAYS:
            self.when = tuple(dict.fromkeys((*self.when, *when)))


class View:
    """A site, looked at as one type."""

    __slots__ = (
        "concrete",
        "contexts",
        "entries",
        "exploded",
        "site",
        "type",
        "ways",
        "ways_version",
    )

    def __init__(self, site: "Site", type_name: str) -> None:
        self.site = site
        self.type = type_name
        self.concrete = site.graph.kinds[type_name] == "object"
        self.entries: dict[str, Entry] = {}
        self.exploded: dict[str, Entry] = {}
        self.contexts: dict[str, list[Context]] = {}
        self.ways: dict[str, list[Option]] = {}
        self.ways_version = -1
        for selections in site.selections:
            self.register(selections)

    @property
    def is_top(self) -> bool:
        """Whether this is the view as the site's own type."""
        return self.type == self.site.type

    @property
    def path(self) -> Path:
        """The gathered path of the objects of this view."""
        if self.is_top:
            return self.site.path
        return (*self.site.path, TypeCondition((self.type,)))

    def register(self, selections: SelectionSet) -> None:
        """Need what the client asks of this type."""
        if self.is_top:
            for field in selections.fields:
                self.add(field)
        for case in selections.cases:
            if self.type in self.site.graph.possible[case.type] and (
                not self.is_top or self.concrete
            ):
                for field in case.fields:
                    self.add(field)

    def add(self, field: Field) -> None:
        """Need one field of the client's."""
        if field.name == TYPENAME:
            self.site.wants_typename = True
        elif not field.name.startswith("__"):
            entry = self.entries.get(field.key)
            if entry is None:
                entry = self.entries[field.key] = self.make(
                    field.key, field.name, field.arguments
                )
            layer = min(field.within)
            known = entry.client or entry.when is not None
            entry.layer = min(entry.layer, layer) if known else layer
            entry.widen(field.when)
            entry.client = True
            if entry.site is not None and field.selections is not None:
                entry.site.add(field.selections)

    def make(self, key: str, name: str, arguments: tuple[Argument, ...]) -> Entry:
        """Make an entry, with the site below it if it is composite."""
        entry = Entry(self, key, name, arguments)
        _, named, lists = self.site.graph.fields[self.type][name]
        if self.site.graph.kinds.get(named) in ("object", "interface", "union"):
            path = (*self.path, key, *([EACH] * lists))
            entry.site = Site(self.site.graph, named, path, entry)
        return entry

    def require(self, name: str, arguments: tuple[Argument, ...]) -> Entry:
        """Find the entry for a field that planning needs, or make one.

        A client's field of the same name and arguments is used as it is, unless it
        is conditional: its errors, and what is selected below it, are the client's
        only if its condition holds. Else the field is gathered under its own name,
        or under one that nothing here uses.
        """
        for view in (self, self.site.top):
            for entry in view.entries.values():
                same = entry.name == name and entry.arguments == arguments
                sooner = entry.layer <= self.site.layer
                if same and sooner and not (entry.client and entry.when):
                    return entry
        key = self.site.free_key(name, arguments, self)
        entry = self.entries[key] = self.make(key, name, arguments)
        return entry


class Site:
    """One composite place of the gathered data."""

    __slots__ = (
        "entry",
        "graph",
        "names",
        "path",
        "possible",
        "selections",
        "top",
        "type",
        "typename_at",
        "views",
        "wants_typename",
    )

    def __init__(
        self, graph: Graph, type_name: str, path: Path, entry: Entry | None
    ) -> None:
        self.graph = graph
        self.type = type_name
        self.path = path
        self.entry = entry
        self.selections: list[SelectionSet] = []
        self.names: dict[str, tuple[str, tuple[Argument, ...]] | None] = {}
        self.wants_typename = False
        self.typename_at: Context | None = None
        self.possible: tuple[str, ...] | None = None
        self.views: dict[str, View] = {}
        self.top = self.view(type_name)

    @property
    def layer(self) -> int:
        """The deferred part with which the objects here come."""
        return self.entry.layer if self.entry is not None else 0

    @property
    def abstract(self) -> bool:
        """Whether objects of several types may be here."""
        return not self.top.concrete

    @property
    def ambiguous(self) -> bool:
        """Whether one key of the client's means different fields of different types."""
        return None in self.names.values()

    def view(self, type_name: str) -> View:
        """Look at the site as one type."""
        view = self.views.get(type_name)
        if view is None:
            view = self.views[type_name] = View(self, type_name)
        return view

    def add(self, selections: SelectionSet) -> None:
        """Need what the client selects here."""
        self.selections.append(selections)
        self._take_names(selections.fields)
        for case in selections.cases:
            self._take_names(case.fields)
        for view in tuple(self.views.values()):
            view.register(selections)

    def _take_names(self, fields: Iterable[Field]) -> None:
        for field in fields:
            meaning = (field.name, field.arguments)
            known = self.names.setdefault(field.key, meaning)
            if known != meaning:
                self.names[field.key] = None

    def free_key(self, name: str, arguments: tuple[Argument, ...], view: View) -> str:
        """Choose the gathered key for a field that planning adds to a view."""
        taken = {*view.entries, *self.top.entries}
        meaning = (name, arguments)
        key, number = name, 0
        while self.names.setdefault(key, meaning) != meaning or key in taken:
            key = f"_{name}_{number}"
            number += 1
        return key
