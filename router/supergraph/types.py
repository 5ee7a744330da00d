"""Type definitions of the supergraph SDL → TypeDefinition."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ConstDirectiveNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
)

from router.errors import SupergraphError
from router.supergraph.links import Links, arguments_of
from router.supergraph.model import (
    Applied,
    ArgumentDefinition,
    ContextArgument,
    FieldDefinition,
    FieldJoin,
    Key,
    TypeDefinition,
    TypeJoin,
    TypeKind,
)

KINDS: dict[str, TypeKind] = {
    "object_type_definition": "object",
    "interface_type_definition": "interface",
    "union_type_definition": "union",
    "enum_type_definition": "enum",
    "input_object_type_definition": "input",
    "scalar_type_definition": "scalar",
}

MARKS = (
    "inaccessible",
    "tag",
    "authenticated",
    "requiresScopes",
    "policy",
    "cost",
    "listSize",
)
"""Directives of features that are kept on elements as they are."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading one type needs to know of the document around it."""

    links: Links
    names: Mapping[str, str]

    def joins(
        self, directives: Iterable[ConstDirectiveNode] | None, name: str
    ) -> Iterator[dict[str, Any]]:
        """Give the arguments of each application of a join directive."""
        for directive in directives or ():
            if self.links.canonical.get(directive.name.value) == f"join__{name}":
                arguments = arguments_of(directive)
                if "graph" in arguments:
                    arguments["graph"] = self.subgraph(arguments["graph"], directive)
                yield arguments

    def subgraph(self, graph: object, node: Node) -> str:
        """Translate a `join__Graph` value into the subgraph's name."""
        name = self.names.get(str(graph))
        if name is None:
            line = node.loc.start_token.line if node.loc else None
            raise SupergraphError(f"{graph} is no subgraph of this one", line=line)
        return name

    def applied(
        self, directives: Iterable[ConstDirectiveNode] | None
    ) -> tuple[Applied, ...]:
        """Give the known features' directives on an element."""
        found: list[Applied] = []
        for directive in directives or ():
            name = self.links.canonical.get(directive.name.value)
            if name in MARKS:
                found.append(Applied(name, arguments_of(directive)))
        return tuple(found)


def read_type(
    definition: TypeDefinitionNode, links: Links, names: Mapping[str, str]
) -> TypeDefinition:
    """Read one type with everything the join directives say about it.

    `names` maps `join__Graph` values to subgraph names.
    """
    reader = Reader(links, names)
    directives = definition.directives
    joins = _type_joins(reader, directives)
    # Join v0.1 writes no `join__type` on what every subgraph has.
    everywhere = tuple(joins) or tuple(names.values())
    contexts = tuple(
        str(arguments_of(directive).get("name"))
        for directive in directives or ()
        if links.canonical.get(directive.name.value) == "context"
    )
    return TypeDefinition(
        kind=KINDS[definition.kind],
        name=definition.name.value,
        joins=joins or {name: TypeJoin(name) for name in everywhere},
        fields=_fields(reader, definition, joins, everywhere),
        implements=_implements(reader, definition, everywhere),
        members=_members(reader, definition, everywhere),
        values=_values(reader, definition, everywhere),
        contexts=contexts,
        applied=reader.applied(directives),
    )


def _type_joins(
    reader: Reader, directives: Iterable[ConstDirectiveNode] | None
) -> dict[str, TypeJoin]:
    found: dict[str, TypeJoin] = {}
    for owner in reader.joins(directives, "owner"):
        found[owner["graph"]] = TypeJoin(owner["graph"])
    for join in reader.joins(directives, "type"):
        name = join["graph"]
        before = found.get(name, TypeJoin(name))
        keys = before.keys
        if join.get("key"):
            keys = (*keys, Key(join["key"], join.get("resolvable", True) is not False))
        found[name] = TypeJoin(
            name,
            keys,
            extension=before.extension or bool(join.get("extension")),
            is_interface_object=before.is_interface_object
            or bool(join.get("isInterfaceObject")),
        )
    return found


def _fields(
    reader: Reader,
    definition: TypeDefinitionNode,
    joins: Mapping[str, TypeJoin],
    everywhere: tuple[str, ...],
) -> dict[str, FieldDefinition]:
    if not isinstance(
        definition,
        ObjectTypeDefinitionNode
        | InterfaceTypeDefinitionNode
        | InputObjectTypeDefinitionNode,
    ):
        return {}
    owner = next(
        (join["graph"] for join in reader.joins(definition.directives, "owner")), None
    )
    fields: dict[str, FieldDefinition] = {}
    for node in definition.fields or ():
        name = node.name.value
        having = everywhere
        if owner is not None:
            having = (owner, *_with_key(name, owner, joins))
        fields[name] = _field(reader, node, having)
    return fields


def _with_key(name: str, owner: str, joins: Mapping[str, TypeJoin]) -> list[str]:
    """Name the subgraphs that have a field because it is part of their key."""
    return [
        subgraph
        for subgraph, join in joins.items()
        if subgraph != owner and any(name in _words(key.fields) for key in join.keys)
    ]


def _words(fields: str) -> set[str]:
    document = parse("{" + fields + "}", no_location=True)
    found: set[str] = set()
    for definition in document.definitions:
        for selection in getattr(definition, "selection_set").selections:  # noqa: B009 (typed as any definition)
            found.add(selection.name.value)
    return found


def _field(
    reader: Reader,
    node: FieldDefinitionNode | InputValueDefinitionNode,
    everywhere: tuple[str, ...],
) -> FieldDefinition:
    written = list(reader.joins(node.directives, "field"))
    joins = {join["graph"]: _field_join(join) for join in written if "graph" in join}
    if not written:
        joins = {name: FieldJoin(name) for name in everywhere}
    arguments: dict[str, ArgumentDefinition] = {}
    if isinstance(node, FieldDefinitionNode):
        for argument in node.arguments or ():
            name = argument.name.value
            arguments[name] = ArgumentDefinition(
                name, argument.type, applied=reader.applied(argument.directives)
            )
    return FieldDefinition(
        node.name.value,
        node.type,
        arguments,
        joins,
        reader.applied(node.directives),
    )


def _field_join(join: Mapping[str, Any]) -> FieldJoin:
    context = tuple(
        ContextArgument(
            str(item["context"]),
            str(item["name"]),
            str(item["type"]),
            str(item["selection"]),
        )
        for item in join.get("contextArguments") or ()
    )
    return FieldJoin(
        subgraph=join["graph"],
        type=join.get("type"),
        requires=join.get("requires"),
        provides=join.get("provides"),
        external=bool(join.get("external")),
        override=join.get("override"),
        override_label=join.get("overrideLabel"),
        overridden=bool(join.get("usedOverridden")),
        context_arguments=context,
    )


def _implements(
    reader: Reader, definition: TypeDefinitionNode, everywhere: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    declared: Iterable[NamedTypeNode] = getattr(definition, "interfaces", None) or ()
    written = list(reader.joins(definition.directives, "implements"))
    found: dict[str, tuple[str, ...]] = {}
    for interface in declared:
        name = interface.name.value
        having = tuple(join["graph"] for join in written if join["interface"] == name)
        found[name] = having if written else everywhere
    return found


def _members(
    reader: Reader, definition: TypeDefinitionNode, everywhere: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    if not isinstance(definition, UnionTypeDefinitionNode):
        return {}
    written = list(reader.joins(definition.directives, "unionMember"))
    found: dict[str, tuple[str, ...]] = {}
    for member in definition.types or ():
        name = member.name.value
        having = tuple(join["graph"] for join in written if join["member"] == name)
        found[name] = having if written else everywhere
    return found


def _values(
    reader: Reader, definition: TypeDefinitionNode, everywhere: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    if not isinstance(definition, EnumTypeDefinitionNode):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for value in definition.values or ():
        having = tuple(
            join["graph"] for join in reader.joins(value.directives, "enumValue")
        )
        found[value.name.value] = having or everywhere
    return found
