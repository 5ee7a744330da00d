"""What an object of one concrete type looks like in the answer.

An operation's selections hold common fields and cases by type; an answer holds one
list of keys per object. `fields_of` goes from the one to the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLAbstractType,
    GraphQLSchema,
    GraphQLType,
    is_abstract_type,
    is_object_type,
    parse_type,
    type_from_ast,
)

from router.operation.hidden import HIDDEN
from router.operation.model import ALWAYS, Field, SelectionSet, When

Source = tuple[SelectionSet, When]
"""A selection set, and when it applies at all where it is."""

Sources = tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One key of an answer's object, completed for a concrete type.

    ``parts`` are the selections of all fields that share the key.
    """

    key: str
    name: str
    type: str
    when: When
    position: int
    parts: Sources

    def merged(self, other: "Slot") -> "Slot":
        """Unite two fields that are answered under one key; hidden is hidden."""
        return Slot(
            self.key,
            HIDDEN if HIDDEN in (self.name, other.name) else self.name,
            self.type,
            either(self.when, other.when),
            min(self.position, other.position),
            _within(self) + _within(other),
        )


def _within(slot: Slot) -> Sources:
    """Give a slot's parts with the slot's own condition written on each."""
    return tuple((part, both(slot.when, when)) for part, when in slot.parts)


class Layouts:
    """Answers' shapes for one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._types: dict[str, GraphQLType] = {}

    def fields_of(self, sources: Sources, concrete: str) -> tuple[Slot, ...]:
        """List what is answered for an object of that type, in answer order."""
        slots: dict[str, Slot] = {}
        for field, when in self._applying(sources, concrete):
            parts = ((field.selections, ALWAYS),) if field.selections else ()
            own = both(when, field.when)
            slot = Slot(field.key, field.name, field.type, own, field.position, parts)
            known = slots.get(field.key)
            slots[field.key] = slot if known is None else known.merged(slot)
        return tuple(sorted(slots.values(), key=lambda slot: slot.position))

    def _applying(
        self, sources: Sources, concrete: str
    ) -> Iterator[tuple[Field, When]]:
        for selections, when in sources:
            for field in selections.fields:
                yield field, when
            for case in selections.cases:
                if self.covers(case.type, concrete):
                    for field in case.fields:
                        yield field, when

    def covers(self, name: str, concrete: str) -> bool:
        """Say whether objects of a concrete type are (also) of the named type."""
        return name == concrete or concrete in self.possible(name)

    def possible(self, name: str) -> Mapping[str, None]:
        """List the concrete types of a named type, an object's own name included."""
        found = self.schema.get_type(name)
        if is_object_type(found):
            return {name: None}
        if isinstance(found, GraphQLAbstractType):
            kinds = self.schema.get_possible_types(found)
            # An interface that only interface objects implement stands for itself.
            return dict.fromkeys(kind.name for kind in kinds) or {name: None}
        return {}

    def is_abstract(self, name: str) -> bool:
        """Say whether objects of that type differ in their `__typename`."""
        return is_abstract_type(self.schema.get_type(name))

    def type_of(self, written: str) -> GraphQLType:
        """Read a type in GraphQL syntax, such as ``[User!]!``."""
        known = self._types.get(written)
        if known is None:
            found = type_from_ast(self.schema, parse_type(written))
            if found is None:
                raise LookupError(f"the API schema has no type {written}")
            known = self._types[written] = found
        return known


def either(one: When, other: When) -> When:
    """Unite alternatives; what is there always stays so.

    >>> from router.operation.model import Condition
    >>> either(((Condition("a"),),), ALWAYS)
    ()
    """
    if ALWAYS in (one, other):
        return ALWAYS
    return tuple(dict.fromkeys(one + other))


def both(one: When, other: When) -> When:
    """Combine alternatives so that one of each must hold.

    >>> from router.operation.model import Condition
    >>> a, b = (Condition("a"),), (Condition("b"),)
    >>> both((a,), (b,)) == ((Condition("a"), Condition("b")),)
    True
    """
    if one in (ALWAYS, other):
        return other
    if other == ALWAYS:
        return one
    pairs = [tuple(dict.fromkeys(left + right)) for left in one for right in other]
    return tuple(dict.fromkeys(pairs))


def holds(when: When, variables: Mapping[str, object]) -> bool:
    """Evaluate conditions on coerced variables.

    >>> from router.operation.model import Condition
    >>> holds(((Condition("a"),), (Condition("b", negated=True),)), {"b": False})
    True
    """
    return not when or any(
        all(bool(variables.get(each.variable)) is not each.negated for each in terms)
        for terms in when
    )
