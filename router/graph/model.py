"""The graph of who can resolve what, from where.

A node is a type in one subgraph. A field leads from a node to another of the same
subgraph, a key from a node to the node of the same entity in another subgraph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from router.operation.model import Argument
from router.supergraph.model import TypeKind


@dataclass(frozen=True, slots=True)
class Need:
    """One field of a field set (`@key`, `@requires`, `@provides`).

    `on` names the concrete types it is asked of; empty means all.
    """

    name: str
    arguments: tuple[Argument, ...] = ()
    needs: tuple["Need", ...] = ()
    on: tuple[str, ...] = ()


FieldSet = tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class ContextValue:
    """An argument that a field reads from an ancestor (`@fromContext`).

    `holders` are the object types on which the context is set, by themselves or by
    an interface or union of theirs; `selection` leads to the value in one of them,
    an empty one to its `__typename`.
    """

    name: str
    type: str
    holders: frozenset[str]
    selection: FieldSet


@dataclass(frozen=True, slots=True)
class GraphField:
    """A field of a type in one subgraph.

    `type` is its type there in GraphQL syntax, `named` that type without
    wrappers, `lists` how many lists are around it. An `external` field can be
    resolved only where it is provided. With a `label`, the subgraph resolves the
    field only while the label is active (`by_label`), or only while it is not.
    """

    name: str
    type: str
    named: str
    lists: int
    external: bool = False
    requires: FieldSet = ()
    provides: FieldSet = ()
    label: str | None = None
    by_label: bool = False
    context: tuple[ContextValue, ...] = ()

    @property
    def apart(self) -> bool:
        """Whether it needs a fetch that shows what else there is to know."""
        return bool(self.requires or self.context)


@dataclass(frozen=True, slots=True)
class GraphKey:
    """A key of an entity in one subgraph: as written, and read.

    `leaves` are its fields without sub-selections, each with those above it.
    """

    text: str
    fields: FieldSet
    leaves: tuple[tuple[Need, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into a subgraph at an entity, from anywhere that has the key.

    `typename` is what the subgraph calls the entity: the type's own name, or the
    interface's where it is an interface object there (or an entity interface).
    """

    subgraph: str
    typename: str
    key: GraphKey


@dataclass(frozen=True, slots=True)
class GraphType:
    """A type in one subgraph.

    `possible` are the object types that a value of it may have there; an
    interface object stands for every implementation.
    """

    name: str
    kind: TypeKind
    fields: Mapping[str, GraphField]
    possible: tuple[str, ...]
    is_interface_object: bool = False


@dataclass(frozen=True)
class Graph:
    """A supergraph, arranged for planning.

    - `types[subgraph][type]`: the type as that subgraph knows it.
    - `possible[type]`: its object types in the whole supergraph, in order.
    - `entries[type]`: every way into a subgraph at that type.
    - `resolvers[type, field]`: the subgraphs that may resolve a field of an object
      type, each with the name it knows the type by.
    - `fields[type][field]`: (type in GraphQL syntax, named type, lists around it)
      in the whole supergraph.
    - `labels`: every `@override` label, in order.
    """

    subgraphs: tuple[str, ...]
    kinds: Mapping[str, TypeKind]
    types: Mapping[str, Mapping[str, GraphType]]
    possible: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, tuple[Entry, ...]]
    resolvers: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
    fields: Mapping[str, Mapping[str, tuple[str, str, int]]]
    roots: Mapping[str, str]
    labels: tuple[str, ...] = ()
    interface_objects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    memo: dict[object, bool] = field(
        default_factory=dict[object, bool], compare=False, repr=False
    )
    """What planning has found out about the graph itself, to be found out once."""
