"""Supergraph → what each of its fields and types demands of a caller.

Source: Apollo Federation, @authenticated, @requiresScopes and @policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from graphql import TypeNode
from graphql.language import NamedTypeNode

from kit.identity import Identity
from router.graph.fieldsets import read_field_set, unwrapped
from router.graph.model import FieldSet
from router.supergraph.model import Applied, Supergraph, TypeDefinition


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one directive demands: to be signed in, and one of several sets.

    ``scopes`` and ``policies`` are alternatives, each a set that must be held whole;
    empty demands nothing. Policies are granted by roles of the same name.
    """

    scopes: tuple[frozenset[str], ...] = ()
    policies: tuple[frozenset[str], ...] = ()

    def met_by(self, identity: Identity) -> bool:
        """Say whether the caller may pass.

        >>> Requirement((frozenset({"a"}), frozenset({"b"}))).met_by(
        ...     Identity("usr_1", scopes=frozenset({"b"}))
        ... )
        True
        """
        return (
            identity.authenticated
            and (not self.scopes or any(s <= identity.scopes for s in self.scopes))
            and (not self.policies or any(p <= identity.roles for p in self.policies))
        )


Requirements = tuple[Requirement, ...]


class Demands:
    """Every requirement of a supergraph, by type and by field."""

    def __init__(self, supergraph: Supergraph) -> None:
        types = supergraph.types
        self._supergraph = types
        self._types = {
            name: read_requirements(definition.applied)
            for name, definition in types.items()
        }
        self._fields = {
            (name, field.name): (
                *read_requirements(field.applied),
                *self._types.get(named(field.type), ()),
            )
            for name, definition in types.items()
            for field in definition.fields.values()
        }
        self._possible = possible_types(types)
        self._known: dict[tuple[str, str], Requirements] = {}
        self.any = any(self._types.values()) or any(self._fields.values())

    def of_field(self, owner: str, field: str) -> Requirements:
        """Give what a field of a type demands, its result's type included.

        And whatever the fields demand that have to be fetched for it (``@requires``,
        ``@fromContext``): who may not see those may not see what is made of them. A
        field of an interface demands what it demands of any implementation, and what
        any of these types does: which one will answer is not known before.
        """
        place = (owner, field)
        known = self._known.get(place)
        if known is None:
            found: dict[tuple[str, str], None] = {}
            self._visit(owner, field, found)
            known = tuple(
                dict.fromkeys(one for each in found for one in self._at(*each))
            )
            self._known[place] = known
        return known

    def _at(self, owner: str, field: str) -> Iterable[Requirement]:
        yield from self._fields.get((owner, field), ())
        for concrete in self._possible.get(owner, ()):
            yield from self._fields.get((concrete, field), ())
            if not field.startswith("__"):
                yield from self._types.get(concrete, ())

    def _visit(
        self, owner: str, field: str, found: dict[tuple[str, str], None]
    ) -> None:
        """Collect a field and all that is fetched for it, each once."""
        if (owner, field) in found or owner not in self._supergraph:
            return
        found[owner, field] = None
        for concrete in self._possible.get(owner, ()):
            self._visit(concrete, field, found)
        definition = self._supergraph[owner]
        written = definition.fields.get(field)
        if written is not None and not written.joins:
            # An interface object's: what the interface says of it, holds.
            found.update(dict.fromkeys((each, field) for each in definition.implements))
        for join in written.joins.values() if written is not None else ():
            if join.requires:
                self._visit_needs((owner,), self._read(join.requires), found)
            for each in join.context_arguments:
                selected = self._read(unwrapped(each.selection))
                self._visit_needs(self._holders(each.context), selected, found)

    def _holders(self, context: str) -> list[str]:
        types = self._supergraph.items()
        return [name for name, one in types if context in one.contexts]

    def _read(self, text: str) -> FieldSet:
        possible = {name: tuple(each) for name, each in self._possible.items() if each}
        return read_field_set(text, possible)

    def _visit_needs(
        self,
        owners: Iterable[str],
        needs: FieldSet,
        found: dict[tuple[str, str], None],
    ) -> None:
        for need in needs:
            for owner in need.on or owners:
                self._visit(owner, need.name, found)
                definition = self._supergraph.get(owner)
                field = definition.fields.get(need.name) if definition else None
                if need.needs and field is not None:
                    self._visit_needs((named(field.type),), need.needs, found)

    def of_type(self, name: str) -> Requirements:
        """Give what a type demands wherever it is met."""
        return self._types.get(name, ())


def read_requirements(applied: Iterable[Applied]) -> Requirements:
    """Read the directives of one element."""
    found: list[Requirement] = []
    for mark in applied:
        if mark.name == "authenticated":
            found.append(Requirement())
        elif mark.name == "requiresScopes":
            found.append(Requirement(scopes=read_sets(mark.arguments.get("scopes"))))
        elif mark.name == "policy":
            policies = read_sets(mark.arguments.get("policies"))
            found.append(Requirement(policies=policies))
    return tuple(dict.fromkeys(found))


def read_sets(value: object) -> tuple[frozenset[str], ...]:
    """Read a list of lists of names.

    >>> read_sets([["a", "b"]]) == (frozenset({"a", "b"}),)
    True
    """
    if not isinstance(value, list):
        return ()
    return tuple(frozenset(each) for each in cast("list[list[str]]", value))


def possible_types(types: Mapping[str, TypeDefinition]) -> dict[str, list[str]]:
    """List the object types behind each interface and union."""
    found: dict[str, list[str]] = {}
    for name, definition in types.items():
        if definition.kind == "object":
            for interface in definition.implements:
                found.setdefault(interface, []).append(name)
        found.setdefault(name, []).extend(definition.members)
    return found


def named(node: TypeNode) -> str:
    """Give a type's name without its wrappers."""
    while not isinstance(node, NamedTypeNode):
        node = cast("TypeNode", getattr(node, "type"))  # noqa: B009 - typed so
    return node.name.value
