"""Supergraph → Graph."""

from collections.abc import Mapping

from graphql import (
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
    parse_type,
)

from router.errors import SupergraphError
from router.graph.fieldsets import leaves_of, read_field_set, unwrapped
from router.graph.model import (
    ContextValue,
    Entry,
    FieldSet,
    Graph,
    GraphField,
    GraphKey,
    GraphType,
)
from router.supergraph.model import (
    ContextArgument,
    FieldDefinition,
    FieldJoin,
    Supergraph,
    TypeDefinition,
    TypeKind,
)

Possible = Mapping[str, tuple[str, ...]]


def build_graph(supergraph: Supergraph) -> Graph:
    """Arrange a supergraph for planning.

    Raises:
        SupergraphError: a field set is not one, or a key names a field that its
            type does not have. The message names type and subgraph.

    """
    possible = _possible(supergraph.types)
    builder = _Builder(supergraph, possible)
    types = {name: builder.types_of(name) for name in supergraph.subgraphs}
    composite = [
        definition
        for definition in supergraph.types.values()
        if definition.kind in ("object", "interface", "union")
    ]
    objects = {
        interface.name: tuple(
            name for name, join in interface.joins.items() if join.is_interface_object
        )
        for interface in composite
        if interface.kind == "interface"
    }
    interface_objects = {name: found for name, found in objects.items() if found}
    return Graph(
        subgraphs=tuple(supergraph.subgraphs),
        kinds={name: one.kind for name, one in supergraph.types.items()},
        types=types,
        possible=possible,
        entries={
            one.name: builder.entries_of(one, interface_objects) for one in composite
        },
        resolvers=_resolvers(composite, supergraph, interface_objects),
        fields={
            one.name: {name: _shape(f.type) for name, f in one.fields.items()}
            for one in composite
        },
        roots=supergraph.roots,
        labels=_labels(supergraph),
        interface_objects=interface_objects,
    )


def _possible(types: Mapping[str, TypeDefinition]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, definition in types.items():
        if definition.kind == "union":
            found[name] = list(definition.members)
        elif definition.kind == "interface":
            found.setdefault(name, [])
        elif definition.kind == "object":
            found[name] = [name]
            for interface in definition.implements:
                found.setdefault(interface, []).append(name)
    return {name: tuple(members) for name, members in found.items()}


def _shape(node: TypeNode) -> tuple[str, str, int]:
    if isinstance(node, NamedTypeNode):
        return node.name.value, node.name.value, 0
    if isinstance(node, ListTypeNode):
        text, named, lists = _shape(node.type)
        return f"[{text}]", named, lists + 1
    if isinstance(node, NonNullTypeNode):
        text, named, lists = _shape(node.type)
        return f"{text}!", named, lists
    return "", "", 0


def _labels(supergraph: Supergraph) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for definition in supergraph.types.values():
        for field in definition.fields.values():
            for join in field.joins.values():
                if join.override_label:
                    found[join.override_label] = None
    return tuple(found)


def _resolvers(
    types: list[TypeDefinition],
    supergraph: Supergraph,
    interface_objects: Mapping[str, tuple[str, ...]],
) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Find who may resolve each field.

    Its own subgraphs do, or, where it has none, the interface objects of the
    interfaces that its type implements.
    """
    found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for definition in types:
        for field in definition.fields.values():
            own = tuple((name, definition.name) for name in field.joins)
            found[definition.name, field.name] = own or tuple(
                (subgraph, interface)
                for interface in definition.implements
                for subgraph in interface_objects.get(interface, ())
                if subgraph
                in _joins(supergraph.types[interface].fields.get(field.name))
            )
    return found


def _joins(field: FieldDefinition | None) -> Mapping[str, FieldJoin]:
    return field.joins if field else {}


class _Builder:
    def __init__(self, supergraph: Supergraph, possible: Possible) -> None:
        self.supergraph = supergraph
        self.possible = possible

    def types_of(self, subgraph: str) -> dict[str, GraphType]:
        """Arrange the composite types of one subgraph."""
        kinds: tuple[TypeKind, ...] = ("object", "interface", "union")
        return {
            name: GraphType(
                name,
                definition.kind,
                self._fields(definition, subgraph),
                self._possible_in(definition, subgraph),
                definition.joins[subgraph].is_interface_object,
            )
            for name, definition in self.supergraph.types.items()
            if definition.kind in kinds and subgraph in definition.joins
        }

    def _possible_in(
        self, definition: TypeDefinition, subgraph: str
    ) -> tuple[str, ...]:
        if definition.kind == "union":
            return tuple(
                name
                for name, having in definition.members.items()
                if subgraph in having
            )
        if definition.kind == "object":
            return (definition.name,)
        if definition.joins[subgraph].is_interface_object:
            return self.possible[definition.name]
        return tuple(
            name
            for name in self.possible[definition.name]
            if subgraph
            in self.supergraph.types[name].implements.get(definition.name, ())
        )

    def _fields(
        self, definition: TypeDefinition, subgraph: str
    ) -> dict[str, GraphField]:
        found: dict[str, GraphField] = {}
        for name, field in definition.fields.items():
            join = field.joins.get(subgraph)
            if join is None:
                continue
            node = parse_type(join.type) if join.type else field.type
            text, named, lists = _shape(node)
            place = f"{definition.name}.{name} in {subgraph}"
            found[name] = GraphField(
                name,
                text,
                named,
                lists,
                external=join.external
                or (join.overridden and join.override_label is None),
                requires=self._field_set(join.requires, "@requires", place),
                provides=self._field_set(join.provides, "@provides", place),
                label=join.override_label,
                by_label=join.override is not None,
                context=tuple(
                    self._context(one, place) for one in join.context_arguments
                ),
            )
        return found

    def _context(self, given: ContextArgument, place: str) -> ContextValue:
        """Read an argument from a context, and who has that context."""
        holders = frozenset(
            member
            for name, one in self.supergraph.types.items()
            if given.context in one.contexts
            for member in self.possible[name]
        )
        text = unwrapped(given.selection)
        selection = self._field_set(text, "@fromContext", place)
        if selection and "__typename" in text:
            holders = frozenset()  # below a field, a type's name cannot be read
        return ContextValue(given.name, given.type, holders, selection)

    def entries_of(
        self,
        definition: TypeDefinition,
        interface_objects: Mapping[str, tuple[str, ...]],
    ) -> tuple[Entry, ...]:
        """List the ways into each subgraph at this type.

        An interface can be entered where it is an interface object; and, by the
        interface's own name, where it is an entity interface, provided that
        somewhere it is an interface object (else each object has its own way).
        """
        found: list[Entry] = []
        is_object = definition.kind == "object"
        for name, join in definition.joins.items():
            # An interface without objects cannot be told apart in `_entities`.
            known = join.is_interface_object or self._possible_in(definition, name)
            if is_object or (definition.name in interface_objects and known):
                found.extend(
                    Entry(
                        name, definition.name, self._key(definition, name, key.fields)
                    )
                    for key in join.keys
                    if key.resolvable
                )
        for interface in definition.implements if is_object else ():
            other = self.supergraph.types[interface]
            for subgraph in interface_objects.get(interface, ()):
                found.extend(
                    Entry(subgraph, interface, self._key(other, subgraph, key.fields))
                    for key in other.joins[subgraph].keys
                    if key.resolvable
                )
        return tuple(found)

    def _key(self, definition: TypeDefinition, subgraph: str, text: str) -> GraphKey:
        place = f"{definition.name} in {subgraph}"
        fields = self._field_set(text, "@key", place)
        for need in fields:
            if need.name not in definition.fields:
                raise SupergraphError(
                    f'the key "{text}" of {place} names a field {need.name}, '
                    "which the type does not have",
                    line=self._line(definition.name),
                )
        return GraphKey(" ".join(text.split()), fields, tuple(leaves_of(fields)))

    def _line(self, type_name: str) -> int | None:
        for node in self.supergraph.document.definitions:
            name = getattr(node, "name", None)
            if name is not None and name.value == type_name and name.loc:
                return name.loc.start_token.line
        return None

    def _field_set(self, text: str | None, directive: str, place: str) -> FieldSet:
        if not text:
            return ()
        try:
            return read_field_set(text, self.possible)
        except ValueError as error:
            raise SupergraphError(f"{directive} on {place}: {error}") from error
