"""Groups → QueryPlan: when each fetch runs, and what exactly it sends."""

from dataclasses import dataclass, replace

from router.operation.model import When
from router.plan.nodes import (
    Contextual,
    EntityInput,
    Fetch,
    Guard,
    Path,
    QueryPlan,
    Rename,
    Representation,
)
from router.planner.aliases import resolve_aliases
from router.planner.contextual import numbered, pass_on
from router.planner.documents import (
    Writer,
    head,
    variables_of,
)
from router.planner.fetches import Group
from router.planner.passes.merge_requests import merge_requests
from router.planner.selections import Selection, select
from router.planner.sites import Site
from router.planner.state import Planning
from router.planner.taken import conflicting, merge_taken


def schedule(planning: Planning) -> QueryPlan:
    """Arrange groups into the fewest requests that keep their order.

    Entity groups of one subgraph and one wave become one request with several
    `_entities`, those of one place one of them.
    """
    merge_requests(planning.groups)
    buckets: dict[tuple[int, str, int | None], list[Group]] = {}
    for group in sorted(planning.groups, key=lambda one: (one.wave, one.number)):
        alone = None if group.of_entities else group.number
        buckets.setdefault((group.wave, group.subgraph, alone), []).append(group)
    ids = {
        group: number
        for number, groups in enumerate(buckets.values())
        for group in groups
    }
    fetches: list[Fetch] = []
    for number, groups in enumerate(buckets.values()):
        after = sorted({ids[before] for group in groups for before in group.after})
        writer = _Writer(planning, number, tuple(after))
        if not groups[0].of_entities:
            fetches.append(writer.root(groups[0]))
        else:
            fetches.append(writer.entities(groups))
    waves = max((group.wave for group in planning.groups), default=0)
    return QueryPlan(
        planning.operation.kind,
        tuple(fetches),
        waves,
        tuple(sorted(planning.labels)),
    )


@dataclass(slots=True)
class _Part:
    """One `_entities` of a fetch: where from, and what is asked."""

    paths: list[Path]
    selection: Selection
    text: str
    representations: tuple[Representation, ...]
    renames: tuple[Rename, ...]
    guards: tuple[Guard, ...]
    contextual: tuple[Contextual, ...] = ()

    @property
    def question(self) -> object:
        """What is asked of whom: equal for places that one `_entities` can serve."""
        shown = (self.representations, self.contextual)
        return (self.text, shown, self.renames, self.guards)


class _Writer:
    def __init__(self, planning: Planning, number: int, after: tuple[int, ...]) -> None:
        self.planning = planning
        self.number = number
        self.after = after

    def root(self, group: Group) -> Fetch:
        """Write a fetch of root fields."""
        selection = select(self.planning.graph, group.root)
        guards = _guards(selection)
        renames = resolve_aliases(selection)
        writer = Writer([selection])
        body = " ".join((writer.write(selection), *writer.fragments))
        return self._fetch(
            group,
            body,
            [selection],
            renames=renames,
            guards=guards,
            at=group.view.path if group.view else (),
        )

    def entities(self, groups: list[Group]) -> Fetch:
        """Write a fetch of entities, one `_entities` for each kind of question."""
        places = _places(groups)
        alike: dict[object, _Part] = {}
        for site, members in places:
            part = self._part(site, members)
            known = alike.setdefault(part.question, part)
            if known is not part:
                known.paths.append(site.path)
        parts = list(alike.values())
        for number, part in enumerate(parts):
            part.contextual = self._contextual(part.contextual, number)
            pass_on(part.selection, part.contextual)
        selections = [part.selection for part in parts]
        writer = Writer(selections)
        inputs: list[EntityInput] = []
        texts: list[str] = []
        for number, part in enumerate(parts):
            variable = self._variable(number)
            key = "_entities" if len(parts) == 1 else f"_e{number}"
            alias = "" if len(parts) == 1 else f"{key}:"
            asked = writer.write(part.selection)
            texts.append(f"{alias}_entities(representations:${variable}){asked}")
            inputs.append(
                EntityInput(
                    variable,
                    key,
                    part.paths[0],
                    part.representations,
                    part.renames,
                    part.guards,
                    tuple(part.paths[1:]),
                    part.contextual,
                )
            )
        shared = inputs[0].guards
        guards = shared if all(one.guards == shared for one in inputs) else ()
        return self._fetch(
            groups[0],
            " ".join(("{" + " ".join(texts) + "}", *writer.fragments)),
            selections,
            inputs=tuple(inputs),
            guards=guards,
        )

    def _part(self, site: Site, members: list[Group]) -> "_Part":
        """Write what is asked of one place."""
        selection = Selection("_Entity")
        for group in members:
            inner = select(self.planning.graph, group.root)
            outer = Selection("_Entity")
            outer.cases[inner.type] = inner
            selection.unite(outer)
        guards = _guards(selection)
        renames = resolve_aliases(selection)
        representations = _representations(members)
        values = members[0].contextual
        text = Writer([selection]).write(selection)
        return _Part(
            [site.path], selection, text, representations, renames, guards, values
        )

    def _contextual(
        self, values: tuple[Contextual, ...], number: int
    ) -> tuple[Contextual, ...]:
        """Name the variables of an input's values."""
        names = numbered(values, number)
        return tuple(
            replace(one, variable=self._free(name))
            for one, name in zip(values, names, strict=True)
        )

    def _variable(self, number: int) -> str:
        """Name the variable of an input."""
        return self._free(f"r{number}")

    def _free(self, name: str) -> str:
        """Change a variable's name until it is none of the client's."""
        taken = {one.name for one in self.planning.operation.variables}
        while name in taken:
            name = "_" + name
        return name

    def _fetch(
        self,
        group: Group,
        body: str,
        selections: list[Selection],
        *,
        inputs: tuple[EntityInput, ...] = (),
        renames: tuple[Rename, ...] = (),
        guards: tuple[Guard, ...] = (),
        at: Path = (),
    ) -> Fetch:
        operation = self.planning.operation
        used = {name for one in selections for name in variables_of(one)}
        variables = [one for one in operation.variables if one.name in used]
        name = None
        if operation.name:
            service = "".join(
                sign if sign.isascii() and sign.isalnum() else "_"
                for sign in group.subgraph
            )
            name = f"{operation.name}__{service}__{self.number}"
        return Fetch(
            self.number,
            group.subgraph,
            group.kind,
            head(group.kind, name, variables, inputs) + body,
            name,
            tuple(one.name for one in variables),
            self.after,
            inputs,
            renames,
            guards,
            at,
        )


def _places(groups: list[Group]) -> list[tuple[Site, list[Group]]]:
    """Gather the groups that one `_entities` can serve.

    They look at one place, and need no field of a representation twice.
    """
    places: list[tuple[Site, list[Group]]] = []
    known: dict[tuple[Site, str], list[list[Group]]] = {}
    for group in groups:
        view = group.view
        assert view is not None  # noqa: S101 (root groups go elsewhere)
        if group.contextual:
            places.append((view.site, [group]))
            continue
        # Where a key's meaning depends on the type, each type is asked by itself.
        part = view.type if view.site.ambiguous else str(view.is_top)
        here = known.setdefault((view.site, part), [])
        for members in here:
            same = [one.taken for one in members if one.view is view]
            needed = [taken for part in (*same, group.taken) for taken in part]
            if not conflicting(needed):
                members.append(group)
                break
        else:
            here.append([group])
            places.append((view.site, here[-1]))
    return places


def _representations(groups: list[Group]) -> tuple[Representation, ...]:
    found: dict[tuple[tuple[str, ...], str], Representation] = {}
    for group in groups:
        assert group.view is not None  # noqa: S101 (root groups go elsewhere)
        types = () if group.view.is_top else (group.view.type,)
        mark = (types, group.typename)
        fields = tuple(group.taken)
        if mark in found:
            fields = tuple(merge_taken([*found[mark].fields, *fields]))
        found[mark] = Representation(types, group.typename, fields)
    united: dict[tuple[object, ...], Representation] = {}
    for one in found.values():
        mark = (one.typename, one.fields, not one.types)
        known = united.get(mark)
        types = (*known.types, *one.types) if known else one.types
        united[mark] = Representation(types, one.typename, one.fields)
    return tuple(united.values())


def _guards(selection: Selection) -> tuple[Guard, ...]:
    """Lift the conditions that everything in a fetch shares to the fetch."""
    fields = [*selection.fields.values()]
    typename = selection.typename
    for case in selection.cases.values():
        fields.extend(case.fields.values())
        typename = typename or case.typename or bool(case.cases)
    whens: set[When] = {field.when for field in fields}
    if typename or len(whens) != 1:
        return ()
    (when,) = whens
    if len(when) != 1:
        return ()
    for field in fields:
        field.when = ()
    return tuple(Guard(one.variable, one.negated) for one in when[0])
