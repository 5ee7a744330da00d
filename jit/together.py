"""Emit ExecuteFields for a whole list: each field is completed for all items at once.

Where all items are of one class and all that is selected of them are attributes, the
values of a field are a column. A column is read, checked and serialised by a few calls
that loop in C. Anything unusual in any of them (null where none may be, another class,
an exception) makes the function return None: then each item is executed by itself,
which tells what is wrong where.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    is_leaf_type,
)

from jit.collect_fields import GroupedFields
from jit.complete_columns import NULL, Columns, NotTogetherError
from jit.plain import passing_class
from jit.record_views import Made, RecordView, view_of
from jit.resolvers import Attribute, Shape, TypeName
from jit.strawberry_marks import Certain, not_cast
from jit.text import Text, literal


@dataclass(frozen=True, slots=True)
class TogetherEmitter:
    """Writes functions that execute selections on all objects of a list."""

    schema: GraphQLSchema
    text: Text
    recognise: Callable[[GraphQLField, str], Shape]
    certain_for: Callable[[GraphQLType], Certain]
    subfields: Callable[[GraphQLObjectType, list[FieldNode]], GroupedFields]

    def emit(
        self, type_: GraphQLObjectType, fields: GroupedFields, kind: type[Any]
    ) -> str:
        """Write the function that executes fields of objects of a class; name it.

        Raises:
            NotTogetherError: a field takes more than reading an attribute.
        """
        function = _Function(self, view_of(kind), Columns(self.text))
        members = function.members(type_, fields)
        name = self.text.fresh(type_.name)
        self.text.add(0, f"def {name}(items, plain):")
        self.text.add(1, *function.reading(), *function.columns.lines)
        self.text.add(1, "return [", *function.gathered(members), "]", "", "")
        return name


@dataclass(slots=True)
class _Function:
    """One function under construction: what it reads, and what it does with that."""

    emitter: TogetherEmitter
    view: RecordView | None
    columns: Columns
    keys: dict[str, str] = field(default_factory=dict[str, str])
    """What is read of each record (of each item, without records) → its variable."""
    others: dict[str, str] = field(default_factory=dict[str, str])
    """Attributes that are in no record → their variables."""
    loops: dict[str, str] = field(default_factory=dict[str, str])
    """Variables of the last loop → the columns that they run over."""

    def members(
        self,
        type_: GraphQLObjectType,
        fields: GroupedFields,
        attributes: Mapping[str, str] | None = None,
    ) -> list[str]:
        """Write what the object of one item has, by variables of the last loop.

        `attributes` are the keys of the type's own attributes, if it has its own.
        """
        written: list[str] = []
        for key, nodes in fields.items():
            definition, shape = self._shape(type_, nodes)
            if isinstance(shape, TypeName):
                value = literal(type_.name)
            elif isinstance(shape, Attribute):
                name = nodes[0].name.value
                self.columns.lines.append(f"# {type_.name}.{name}: {definition.type}")
                if attributes is None:
                    value = self._field(shape.name, definition.type, nodes)
                elif shape.name not in attributes:
                    raise NotTogetherError(name)
                else:
                    column = self._named(self.keys, attributes[shape.name])
                    value = self._completed(definition.type, nodes, column)
            else:
                raise NotTogetherError(type_.name)
            written.append(f"{literal(key)}: {value}")
        return written

    def _shape(
        self, type_: GraphQLObjectType, nodes: list[FieldNode]
    ) -> tuple[GraphQLField, Shape]:
        name = nodes[0].name.value
        definition = self.emitter.schema.get_field(type_, name)
        if definition is None:
            raise NotTogetherError(name)
        return definition, self.emitter.recognise(definition, name)

    def _field(self, name: str, type_: GraphQLType, nodes: list[FieldNode]) -> str:
        """ExecuteField for all items: say what of a field one item's object has."""
        made = self.view.made.get(name) if self.view else None
        if made is not None:
            return self._made(made, type_, nodes)
        return self._completed(type_, nodes, self._column(name))

    def _completed(
        self, type_: GraphQLType, nodes: list[FieldNode], column: str
    ) -> str:
        """CompleteValue for all items: name one completed value in the last loop."""
        named: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(named, GraphQLObjectType):
            completed = self._objects(named, type_, nodes, column)
        elif isinstance(named, GraphQLList):
            completed = self.columns.lists(named, type_, column)
        elif is_leaf_type(named):
            completed = self.columns.leaves(type_, column)
        else:
            raise NotTogetherError(str(type_))
        variable = self.emitter.text.fresh("at")
        self.loops[variable] = completed
        return variable

    # Reading.

    def reading(self) -> list[str]:
        """Write the lines that read all columns."""
        text, lines = self.emitter.text, list[str]()
        if self.view is not None and self.keys:
            record = text.constant("record", self.view.record_of)
            lines += self._read(self.keys, f"map({record}, items)", itemgetter)
        elif self.keys:
            lines += self._read(self.keys, "items", attrgetter)
        if self.others:
            lines += self._read(self.others, "items", attrgetter)
        return lines

    def _read(
        self, keys: dict[str, str], source: str, getter: Callable[..., Any]
    ) -> list[str]:
        read = self.emitter.text.constant("read", getter(*keys))
        columns = ", ".join(keys.values())
        if len(keys) == 1:
            return [f"{columns} = tuple(map({read}, {source}))"]
        return [f"{columns} = zip(*map({read}, {source}))"]

    def _column(self, name: str) -> str:
        if not name.isidentifier():
            raise NotTogetherError(name)  # `attrgetter` would take it apart
        if self.view is not None and name not in self.view.columns:
            return self._named(self.others, name)
        return self._named(self.keys, name)

    def _named(self, columns: dict[str, str], key: str) -> str:
        if key not in columns:
            columns[key] = self.emitter.text.fresh(key)
        return columns[key]

    def gathered(self, members: list[str]) -> list[str]:
        """Write the last loop, which makes an object of each row of the columns."""
        columns = list(self.loops.values())
        lines = ["    {", *(f"        {each}," for each in members), "    }"]
        if not columns:
            return [*lines, "    for _ in items"]
        loop = f"    for {', '.join(self.loops)} in"
        if len(columns) == 1:
            return [*lines, f"{loop} {columns[0]}"]
        columns = [f"        {each}," for each in columns]
        return [*lines, f"{loop} zip(", *columns, "        strict=True,", "    )"]

    # CompleteValue for what takes columns of its own.

    def _objects(
        self,
        named: GraphQLObjectType,
        type_: GraphQLType,
        nodes: list[FieldNode],
        column: str,
    ) -> str:
        """Complete a column of objects of one class, together as well."""
        certain, emitter = self.emitter.certain_for(named), self.emitter
        if named.is_type_of and len(certain) != 1:
            raise NotTogetherError(named.name)
        # Without a check of its own, the type takes objects of any class.
        kind = next(iter(certain), object)
        inner = emitter.emit(named, emitter.subfields(named, nodes), kind)
        nullable = not isinstance(type_, GraphQLNonNull)
        given = self.columns.given(column) if nullable else column
        if named.is_type_of:
            self.columns.demand({kind}, given)
        else:
            self.columns.unless(f"plain.issuperset(map(type, {given}))")
        if named.is_type_of and (cast := not_cast("at", [kind])):
            self.columns.unless(f"all({cast} for at in {given})")
        objects = emitter.text.fresh("objects")
        self.columns.lines.append(
            f"{objects} = {inner}({given}, plain) if {given} else []"
        )
        self.columns.lines += [f"if {objects} is None:", "    return None"]
        return f"spread({objects}, {column})" if nullable else objects

    def _made(self, made: Made, type_: GraphQLType, nodes: list[FieldNode]) -> str:
        """Complete what a view makes of its record, without making it."""
        named: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if named.is_type_of and set(self.emitter.certain_for(named)) != {made.kind}:
            raise NotTogetherError(named.name)
        fields = self.emitter.subfields(named, nodes)
        for key in made.attributes.values():
            self._named(self.keys, key)  # to make it would read them all
        if not made.optional:
            return f"{{{', '.join(self.members(named, fields, made.attributes))}}}"
        if isinstance(type_, GraphQLNonNull):
            raise NotTogetherError(named.name)
        return self._link(made, named, fields)

    def _link(self, made: Made, named: GraphQLObjectType, fields: GroupedFields) -> str:
        """Complete an object that is known by one value, and null without it."""
        (key, *_) = made.attributes.values()
        column = self._named(self.keys, key)
        at = self.emitter.text.fresh("at")
        self.loops[at] = column
        written: list[str] = []
        for response_key, nodes in fields.items():
            definition, shape = self._shape(named, nodes)
            if isinstance(shape, TypeName):
                value = literal(named.name)
            elif (
                isinstance(shape, Attribute) and made.attributes.get(shape.name) == key
            ):
                type_: Any = definition.type
                passing = passing_class(getattr(type_, "of_type", None))
                if passing is None or not isinstance(type_, GraphQLNonNull):
                    raise NotTogetherError(shape.name)
                self.columns.demand({passing, NULL}, column)
                value = at
            else:
                raise NotTogetherError(named.name)
            written.append(f"{literal(response_key)}: {value}")
        return f"None if {at} is None else {{{', '.join(written)}}}"
