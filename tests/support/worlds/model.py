"""What a random supergraph is made of: types, owners, and one data set."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

KEYS = [
    *[["id"]] * 10,
    ["code"],
    ["id", "code"],
    ["id", "code"],
    ["id code"],
    ["id", "ref { k l }"],
    ["id ref { k }"],
]


@dataclass
class Part:
    """One field of one type: its type, and what each subgraph has to do with it."""

    name: str
    base: str
    wrap: str = "{}"
    owners: list[str] = field(default_factory=list)
    argument: bool = False
    requires: str = ""
    external: list[str] = field(default_factory=list)
    provided_in: list[str] = field(default_factory=list)
    provides: dict[str, str] = field(default_factory=dict)
    override: tuple[str, str] | None = None
    label: str = ""
    strict_in: list[str] = field(default_factory=list)
    failing: bool = False

    @property
    def composite(self) -> bool:
        return self.base not in ("ID", "String", "Int")

    def type_in(self, subgraph: str) -> str:
        text = self.wrap.format(self.base)
        return text + "!" if subgraph in self.strict_in else text


@dataclass
class Kind:
    """One type: an entity, a value, an interface, a union or an interface object."""

    name: str
    kind: str
    parts: dict[str, Part] = field(default_factory=dict)
    subgraphs: list[str] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    object_in: list[str] = field(default_factory=list)


@dataclass
class World:
    """A supergraph in the making, with its data."""

    seed: int
    subgraphs: list[str]
    kinds: dict[str, Kind]
    objects: dict[str, list[Json]]
    root: Json = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    active: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)

    def possible(self, name: str, subgraph: str) -> list[str]:
        """Name the object types that a type may have in a subgraph."""
        kind = self.kinds[name]
        if kind.kind in ("interface", "union"):
            if subgraph in kind.object_in:
                return sorted({x for names in kind.members.values() for x in names})
            return kind.members.get(subgraph, [])
        return [name]
