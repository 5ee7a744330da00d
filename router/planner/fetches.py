"""The fetches while they are being planned: groups, and the contexts in them."""

from router.graph.model import FieldSet
from router.plan.nodes import Contextual, OperationKind, Taken
from router.planner.sites import Entry, View


class Context:
    """A selection set in a fetch: a view, as one subgraph shows it.

    `type` is what the subgraph calls the object. `provided` is what it can resolve
    here beyond its own, because a field above `@provides` it.
    """

    __slots__ = (
        "cases",
        "children",
        "fields",
        "group",
        "provided",
        "subgraph",
        "type",
        "typename",
        "view",
    )

    def __init__(
        self, group: "Group", view: View, type_name: str, provided: FieldSet = ()
    ) -> None:
        self.group = group
        self.subgraph = group.subgraph
        self.view = view
        self.type = type_name
        self.provided = provided
        self.fields: dict[str, Entry] = {}
        self.children: dict[str, Context] = {}
        self.cases: dict[str, Context] = {}
        self.typename = False
        # What is asked with values from contexts is asked of nobody else's objects.
        if not (group.contextual and group.view is view):
            view.contexts.setdefault(group.subgraph, []).append(self)


class Group:
    """A fetch in the making.

    `view` is None for a fetch of root fields; else the fetch asks `_entities` for
    the objects of that view, which `taken` shows to it as `typename`. (Without a
    typename, it asks root fields for a view of the query type.) `after` are
    the groups whose answers it reads, `wave` is one more than the latest of them.
    A `contextual` group asks for one field alone, whose arguments these are.
    """

    __slots__ = (
        "after",
        "contextual",
        "kind",
        "number",
        "root",
        "subgraph",
        "taken",
        "typename",
        "view",
        "wave",
    )

    root: Context

    def __init__(
        self,
        number: int,
        subgraph: str,
        kind: OperationKind,
        view: View | None = None,
        typename: str = "",
    ) -> None:
        self.number = number
        self.subgraph = subgraph
        self.kind: OperationKind = kind
        self.view = view
        self.typename = typename
        self.taken: list[Taken] = []
        self.contextual: tuple[Contextual, ...] = ()
        self.after: dict[Group, None] = {}
        self.wave = 1

    @property
    def of_entities(self) -> bool:
        """Whether it asks `_entities`, not root fields."""
        return self.typename != ""
