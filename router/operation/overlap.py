"""Which concrete types two types of a schema share."""

from functools import lru_cache

from graphql import (
    GraphQLSchema,
    is_abstract_type,
    is_interface_type,
    is_object_type,
    is_union_type,
)


class Overlap:
    """Answers questions about possible types, each computed once per schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._possible: dict[str, dict[str, None]] = {}
        self._narrowed: dict[tuple[str, str], tuple[str, ...]] = {}

    def possible(self, name: str) -> dict[str, None]:
        """Give the object types that a value of this type may have, in order."""
        found = self._possible.get(name)
        if found is None:
            kind = self.schema.type_map.get(name)
            found = {}
            if is_abstract_type(kind):
                found = {one.name: None for one in self.schema.get_possible_types(kind)}
            elif is_object_type(kind):
                found = {name: None}
            self._possible[name] = found
        return found

    def narrow(self, outer: str, condition: str) -> tuple[str, ...]:
        """Name the type conditions that mean "`condition`, inside `outer`".

        The outer type itself if the condition says nothing new, the condition if
        it is narrower or has fields that the outer type has not, each shared
        object type if neither holds the other, and nothing if they share none.
        """
        key = (outer, condition)
        found = self._narrowed.get(key)
        if found is None:
            found = self._narrowed[key] = self._narrow(outer, condition)
        return found

    def _narrow(self, outer: str, condition: str) -> tuple[str, ...]:
        if outer == condition:
            return (outer,)
        mine, theirs = self.possible(outer), self.possible(condition)
        shared = tuple(name for name in mine if name in theirs)
        if len(shared) == len(mine) and self._has_fields_of(outer, condition):
            return (outer,)
        if len(shared) in (len(mine), len(theirs)):
            return (condition,)
        return shared

    def _has_fields_of(self, outer: str, condition: str) -> bool:
        """Tell whether all that can be asked of `condition` can be of `outer`."""
        other = self.schema.type_map[condition]
        mine = self.schema.type_map[outer]
        if is_object_type(mine) or is_union_type(other):
            return True
        return is_interface_type(mine) and other in mine.interfaces


@lru_cache(maxsize=16)
def overlap_of(schema: GraphQLSchema) -> Overlap:
    """Give the schema's overlaps; computed once while the schema is in use."""
    return Overlap(schema)
