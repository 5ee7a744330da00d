"""Emit CompleteValue for columns: the values of one field of all objects of a list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLType,
)

from jit.leaves import enum_table
from jit.plain import passing_class
from jit.serializers import serialize_each
from jit.text import Text

NULL: Final[type[Any]] = type(None)


class NotTogetherError(Exception):
    """A selection whose items have to be executed one by one."""


@dataclass(slots=True)
class Columns:
    """Lines that check and complete columns; they leave where a value is unusual."""

    text: Text
    lines: list[str] = field(default_factory=list[str])

    def demand(self, kinds: Iterable[type[Any]], column: str) -> None:
        """Leave unless all values of a column are of these classes."""
        classes = self.text.classes(kinds)
        self.unless(f"{classes}.issuperset(map(type, {column}))")

    def unless(self, test: str) -> None:
        """Leave unless a test holds."""
        self.lines += [f"if not {test}:", "    return None"]

    def leaves(self, type_: GraphQLType, column: str) -> str:
        """Complete a column of leaves; say what yields the completed ones."""
        nullable = not isinstance(type_, GraphQLNonNull)
        named: Any = type_ if nullable else type_.of_type  # pyright: ignore[reportAttributeAccessIssue] - it is NonNull
        null = {NULL} if nullable else set[type[Any]]()
        passing = passing_class(named)
        if passing is not None:
            self.demand({passing, *null}, column)
            return column
        if isinstance(named, GraphQLEnumType):
            return self._enums(named, null, column)
        if named.coerce_output_value == GraphQLInt.coerce_output_value:
            self.demand({int, *null}, column)
            given = self.given(column) if nullable else column
            self.unless(f"all(-0x80000000 <= at <= 0x7FFFFFFF for at in {given})")
            return column
        if named.coerce_output_value == GraphQLFloat.coerce_output_value:
            self.demand({float, *null}, column)
            given = self.given(column) if nullable else column
            self.unless(f"all(at - at == 0 for at in {given})")
            return column
        return self._scalars(named, column, nullable=nullable)

    def given(self, column: str) -> str:
        """Leave nulls out of a column."""
        given = self.text.fresh("given")
        self.lines.append(f"{given} = [at for at in {column} if at is not None]")
        return given

    def _enums(self, type_: GraphQLEnumType, null: set[type[Any]], column: str) -> str:
        names = enum_table(type_)
        if not names:
            raise NotTogetherError(type_.name)
        self.demand({*map(type, names), *null}, column)
        nulls = dict[Any, Any].fromkeys([None] if null else [])
        table = self.text.constant("names", names | nulls)
        return f"[{table}[at] for at in {column}]"

    def _scalars(self, type_: GraphQLScalarType, column: str, *, nullable: bool) -> str:
        """Serialise with the scalar's own function, which mostly returns text."""
        text = self.text
        given = self.given(column) if nullable else column
        self.unless(f"plain.issuperset(map(type, {given}))")
        each = text.constant("each", serialize_each(type_.coerce_output_value))
        texts = text.fresh("texts")
        self.lines.append(f"{texts} = {each}({given})")
        self.demand({str}, texts)
        return f"spread({texts}, {column})" if nullable else texts

    def lists(self, named: Any, type_: GraphQLType, column: str) -> str:
        """Complete a column of lists whose items are sent as they are."""
        item = named.of_type
        nullable = not isinstance(item, GraphQLNonNull)
        passing = passing_class(item if nullable else item.of_type)
        if passing is None or not isinstance(type_, GraphQLNonNull):
            raise NotTogetherError(str(type_))
        self.demand({list}, column)
        kinds = {passing, NULL} if nullable else {passing}
        classes = self.text.classes(kinds)
        self.unless(f"all({classes}.issuperset(map(type, at)) for at in {column})")
        return f"[at.copy() for at in {column}]"


def spread(completed: Iterable[Any], column: Iterable[Any]) -> list[Any]:
    """Put completed values where a column has any, and null elsewhere.

    >>> spread(["a", "b"], [1, None, 2])
    ['a', None, 'b']
    """
    rest = iter(completed)
    return [None if at is None else next(rest) for at in column]
