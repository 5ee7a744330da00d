"""Supergraph → what its types, fields and arguments cost (``@cost``, ``@listSize``).

Source: IBM GraphQL Cost Directive specification, as Apollo Federation 2.9 takes it:
an object costs 1, a scalar or an enum nothing, a mutation 10 beside its fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from graphql import TypeNode
from graphql.language import NamedTypeNode

from router.supergraph.model import Applied, FieldDefinition, Supergraph

MUTATION: Final = 10
"""What writing costs, whatever is written."""

COMPOSITE: Final = ("object", "interface", "union")


@dataclass(frozen=True, slots=True)
class ListSize:
    """How many objects a field brings (``@listSize``).

    ``assumed`` where the ``slicing`` arguments do not say; ``sized`` names the fields
    below that hold the list; with ``one_slicing``, exactly one argument must be given.
    """

    assumed: int | None = None
    slicing: tuple[str, ...] = ()
    sized: tuple[str, ...] = ()
    one_slicing: bool = True


@dataclass(frozen=True, slots=True)
class Price:
    """What a field costs: each object that it brings, and its arguments."""

    weight: int
    size: ListSize | None = None


class Prices:
    """Every price of a supergraph."""

    def __init__(self, supergraph: Supergraph, list_size: int) -> None:
        self.list_size = list_size
        self._types = supergraph.types
        self._known: dict[tuple[str, str], Price] = {}

    def of_type(self, name: str) -> int:
        """Give what one value of a type costs."""
        definition = self._types.get(name)
        if definition is None:
            return 0
        said = weight_in(definition.applied)
        if said is not None:
            return said
        return int(definition.kind in COMPOSITE)

    def of_field(self, owner: str, field: str) -> Price:
        """Give a field's price; what GraphQL itself answers costs nothing."""
        place = (owner, field)
        known = self._known.get(place)
        if known is None:
            definition = self._field(owner, field)
            known = self._known[place] = self._priced(definition)
        return known

    def _priced(self, definition: FieldDefinition | None) -> Price:
        if definition is None:
            return Price(0)
        weight = weight_in(definition.applied)
        if weight is None:
            weight = self.of_type(named(definition.type))
        return Price(weight, size_in(definition.applied))

    def of_argument(self, owner: str, field: str, argument: str) -> int | None:
        """Give what an argument costs; None if that is its value's matter."""
        definition = self._field(owner, field)
        found = definition.arguments.get(argument) if definition else None
        return weight_in(found.applied) if found else None

    def of_input_field(self, owner: str, field: str) -> int | None:
        """Give what an input's field costs; None if that is its value's matter."""
        definition = self._field(owner, field)
        return weight_in(definition.applied) if definition else None

    def of_input(self, name: str) -> int:
        """Give what one input object costs, its fields apart."""
        definition = self._types.get(name)
        said = weight_in(definition.applied) if definition else None
        return 1 if said is None else said

    def _field(self, owner: str, field: str) -> FieldDefinition | None:
        definition = self._types.get(owner)
        return definition.fields.get(field) if definition else None


def weight_in(applied: Iterable[Applied]) -> int | None:
    """Read ``@cost``, if it is there.

    >>> weight_in([Applied("cost", {"weight": 5})])
    5
    """
    for mark in applied:
        if mark.name == "cost":
            return max(int(cast("Any", mark.arguments.get("weight", 0))), 0)
    return None


def size_in(applied: Iterable[Applied]) -> ListSize | None:
    """Read ``@listSize``, if it is there.

    >>> size_in([Applied("listSize", {"assumedSize": 5})]).assumed
    5
    """
    for mark in applied:
        if mark.name == "listSize":
            said: Mapping[str, Any] = mark.arguments
            assumed = said.get("assumedSize")
            return ListSize(
                None if assumed is None else int(assumed),
                tuple(said.get("slicingArguments") or ()),
                tuple(said.get("sizedFields") or ()),
                said.get("requireOneSlicingArgument") is not False,
            )
    return None


def named(node: TypeNode) -> str:
    """Give a type's name without its wrappers."""
    while not isinstance(node, NamedTypeNode):
        node = cast("TypeNode", getattr(node, "type"))  # noqa: B009 - typed so
    return node.name.value
