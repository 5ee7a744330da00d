"""What a supergraph is made of: subgraphs, types, and who resolves what.

Names are the supergraph's own. Directives have their canonical names whatever
the document called them: `@link(as:)` and renamed imports are already resolved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graphql import DocumentNode, TypeNode

TypeKind = Literal["object", "interface", "union", "enum", "input", "scalar"]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A subgraph: its name as composed (`"users"`), and where it answers.

    `graph` is its value in `join__Graph`. `url` is empty where the supergraph
    gives none; the configuration must then say where it is.
    """

    name: str
    graph: str
    url: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A directive of a known feature on an element.

    `name` is canonical: `inaccessible`, `tag`, `authenticated`,
    `requiresScopes`, `policy`, `cost`, `listSize`. `arguments` are plain Python
    values: `{"scopes": [["tickets:read"]]}`.
    """

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that a subgraph reads from an ancestor (`@fromContext`)."""

    context: str
    name: str
    type: str
    selection: str


@dataclass(frozen=True, slots=True)
class FieldJoin:
    """What one subgraph has to do with one field (`@join__field`).

    `type` is the field's type in that subgraph where it differs, in GraphQL
    syntax. `requires` and `provides` are field sets as written. `override` names
    the subgraph that this one takes the field from; with `override_label` only
    while the label is active. `overridden`: the subgraph still declares the field
    but another one answers it (or answers it while the label is active).
    """

    subgraph: str
    type: str | None = None
    requires: str | None = None
    provides: str | None = None
    external: bool = False
    override: str | None = None
    override_label: str | None = None
    overridden: bool = False
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class ArgumentDefinition:
    """An argument or an input field; `subgraphs` empty means all that have it."""

    name: str
    type: TypeNode
    subgraphs: tuple[str, ...] = ()
    applied: tuple[Applied, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field of an object, an interface or an input.

    `joins` says which subgraphs have it, by name. It is complete: where the
    document leaves it out (every subgraph of the type has the field) it is filled
    in. It is empty for a field that only interface objects give to its type.
    """

    name: str
    type: TypeNode
    arguments: Mapping[str, ArgumentDefinition]
    joins: Mapping[str, FieldJoin]
    applied: tuple[Applied, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """One `@key` of a type in one subgraph; `fields` is the field set as written."""

    fields: str
    resolvable: bool = True


@dataclass(frozen=True, slots=True)
class TypeJoin:
    """What one subgraph has to do with one type (`@join__type`)."""

    subgraph: str
    keys: tuple[Key, ...] = ()
    extension: bool = False
    is_interface_object: bool = False


@dataclass(frozen=True, slots=True)
class TypeDefinition:
    """A type of the supergraph.

    `implements` maps each interface to the subgraphs in which the type implements
    it, `members` each union member to the subgraphs that count it as one,
    `values` each enum value to the subgraphs that have it.
    `contexts` are the `@context` names set on it.
    """

    kind: TypeKind
    name: str
    joins: Mapping[str, TypeJoin]
    fields: Mapping[str, FieldDefinition] = field(default_factory=dict)
    implements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contexts: tuple[str, ...] = ()
    applied: tuple[Applied, ...] = ()


@dataclass(frozen=True)
class Supergraph:
    """A whole supergraph, as its SDL says.

    `subgraphs` is by name, in the document's order. `roots` maps `"query"`,
    `"mutation"` and `"subscription"` to type names. `document` is the parsed SDL.
    """

    subgraphs: Mapping[str, Subgraph]
    types: Mapping[str, TypeDefinition]
    roots: Mapping[str, str]
    document: DocumentNode
