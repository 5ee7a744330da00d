"""Emit ExecuteFields: one Python function for one object type and one selection."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    Undefined,
    is_leaf_type,
)
from graphql.pyutils import Path

from jit.coerce_arguments import ArgumentWriter, keywords
from jit.collect_fields import GroupedFields
from jit.field import Field, Select
from jit.leaves import ShortWay, usual, usual_list
from jit.resolvers import Attribute, Default, Resolver, Shape, TypeName, recognise
from jit.serializers import faster
from jit.strawberry_marks import Certain, Method, not_cast
from jit.text import Text, literal


@dataclass(frozen=True, slots=True)
class Emitter:
    """Writes functions that execute selections; what they call is named by others."""

    schema: GraphQLSchema
    text: Text
    arguments: ArgumentWriter
    field_resolver: Resolver
    wrap: Callable[[Resolver], Resolver] | None
    name_of: Callable[[GraphQLObjectType, list[FieldNode]], str]
    select_for: Callable[[GraphQLType, list[FieldNode]], Select]
    certain_for: Callable[[GraphQLType], Certain]

    def emit(
        self, name: str, type_: GraphQLObjectType, fields: GroupedFields, *, root: bool
    ) -> int:
        """Write the function `name` that executes fields of a type; count them.

        It starts with a copy of the object in which no field has a value yet. When
        something is raised, the first such field is the one at fault, and `go_on`
        takes over from there.
        """
        text = self.text
        data: dict[str, Any] = {}
        executed: list[Field] = []
        shapes: list[Shape] = []
        for key, nodes in fields.items():
            field, shape = self._field(type_, key, nodes)
            if isinstance(shape, TypeName):
                data[key] = type_.name
            elif field is not None and shape is not None:
                data[key] = Undefined
                executed.append(field)
                shapes.append(shape)
        text.add(0, f"def {name}(run, source, path):")
        text.add(1, f"data = {text.constant('data', data)}.copy()")
        if executed:
            text.add(1, "waiting = {}", "plain = run.plain", "try:")
            for field, shape in zip(executed, shapes, strict=True):
                self._emit_field(field, shape, root=root)
            names = text.constant("fields", tuple(executed))
            text.add(1, "except Exception:")
            text.add(2, f"go_on(run, {names}, data, source, path, waiting)")
            text.add(1, "if waiting:", "    return await_values(data, waiting)")
        text.add(1, "return data", "", "")
        return len(data)

    def _field(
        self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]
    ) -> tuple[Field, Shape] | tuple[None, None]:
        name = nodes[0].name.value
        definition = self.schema.get_field(type_, name)
        if definition is None:
            return None, None
        shape = self.recognise(definition, name)
        field = Field(
            key,
            nodes,
            definition,
            type_,
            definition.resolve or self.field_resolver,
            self.select_for(definition.type, nodes),
            self.certain_for(definition.type),
        )
        if self.wrap is not None:
            field.resolve = self.wrap(field.resolve)
        return field, shape

    def recognise(self, definition: GraphQLField, name: str) -> Shape:
        """Tell how a field of this operation gets its value."""
        return recognise(definition, name, self.field_resolver, self.wrap)

    def _emit_field(self, field: Field, shape: Shape, *, root: bool) -> None:
        """ExecuteField: resolve, then complete."""
        text = self.text
        place = _Place(
            field,
            text.constant(field.name, field),
            text.constant("path", Path(None, field.key, field.parent_name))
            if root
            else f"new(Path, (path, {literal(field.key)},"
            f" {literal(field.parent_name)}))",
        )
        self._emit_resolve(place, shape)
        self._emit_complete(place)

    def _emit_resolve(self, place: "_Place", shape: Shape) -> None:
        """ResolveFieldValue, inlined if it is no more than an access."""
        text, field = self.text, place.field
        text.add(2, f"# {field.parent_name}.{field.name}: {field.type}")
        written = self.arguments.write(text, field.definition, field.nodes[0])
        if written is None:
            # They come first: what is wrong with them is the field's error.
            text.add(2, f"given = arguments(run, {place.constant})")
        arguments = ", **given" if written is None else keywords(written)
        about = f"info(run, {place.constant}, {place.path})"
        straight = self._call_straight(shape, written, about)
        if isinstance(shape, Attribute):
            text.add(2, f"at = {shape.expression()}")
        elif isinstance(shape, Default):
            text.add(2, f"at = {shape.expression()}")
            text.add(2, "if callable(at):", f"    at = at({about}{arguments})")
        elif straight is not None:
            text.add(2, f"at = {straight}")
        else:
            resolve = text.constant("resolve", field.resolve)
            text.add(2, f"at = {resolve}(source, {about}{arguments})")

    def _call_straight(
        self, shape: Shape, written: dict[str, str] | None, about: str
    ) -> str | None:
        """Call a user's own function, if its arguments need no conversion."""
        given = shape.rename(written) if isinstance(shape, Method) else None
        if given is None or not isinstance(shape, Method):
            return None
        function = self.text.constant("method", shape.function)
        wrap = self.text.constant("wrap", shape.wrap_info) if shape.info else ""
        first = "source" if shape.source == "" else ""
        if shape.source:
            given[shape.source] = "source"
        if shape.info:
            given[shape.info] = f"{wrap}({about})"
        passed = (first + keywords(given)).removeprefix(", ")
        return f"{function}({passed})"

    def _emit_complete(self, place: "_Place") -> None:
        """CompleteValue: the usual value at once, any other with a call."""
        text, field = self.text, place.field
        type_: Any = field.type
        null_passes = not isinstance(type_, GraphQLNonNull)
        short = self._short_way(place, type_ if null_passes else type_.of_type)
        target = f"data[{literal(field.key)}]"
        slow = f"{target} = complete_field({place.arguments('at')})"
        if short is not None:
            text.add(2, *short.before, f"if {short.test}:")
            text.add(3, *short.then, f"{target} = {short.result}")
        if null_passes:
            text.add(2, f"{'elif' if short else 'if'} at is None:")
            text.add(3, f"{target} = None")
        if short is None and not null_passes:
            text.add(2, slow)
        else:
            text.add(2, "else:", f"    {slow}")

    def _short_way(self, place: "_Place", named: Any) -> ShortWay | None:
        if isinstance(named, GraphQLList):
            return usual_list(self.text, named.of_type)
        if not is_leaf_type(named):
            return self._object(place, named)
        short = usual(self.text, named)
        if short is None and isinstance(named, GraphQLScalarType):
            return self._custom_scalar(place, named)
        return short

    def _custom_scalar(self, place: "_Place", scalar: GraphQLScalarType) -> ShortWay:
        """Serialise with the scalar's own function, which mostly returns text."""
        serialize = self.text.constant("serialize", faster(scalar.coerce_output_value))
        name = self.text.constant("scalar", scalar)
        return ShortWay(
            "type(at) in plain",
            "text",
            then=(
                f"text = {serialize}(at)",
                "if type(text) is not str:",
                f"    given = at, text, {name}",
                f"    text = complete_serialized({place.arguments('*given')})",
            ),
        )

    def _object(self, place: "_Place", named: Any) -> ShortWay | None:
        """Execute the sub-selections of a value whose class tells its type."""
        text, field = self.text, place.field
        if len(field.certain) == 1 and isinstance(named, GraphQLObjectType):
            (kind,) = field.certain
            test = f"type(at) is {text.constant(named.name, kind)}"
            test += also_not_cast([kind])
            execute = self.name_of(named, field.nodes)
        elif field.certain:
            classes = text.constant("certain", field.certain)
            select = text.constant("select", field.select)
            test = f"type(at) in {classes}{also_not_cast(field.certain)}"
            execute = f"{select}[{classes}[type(at)]]"
        elif isinstance(named, GraphQLObjectType) and not named.is_type_of:
            test = "type(at) in plain"
            execute = self.name_of(named, field.nodes)
        else:
            return None
        return ShortWay(
            test,
            "at",
            then=(
                f"here = {place.path}",
                f"at = {execute}(run, at, here)",
                "if type(at) is not dict:",
                f"    at = hold(run, {place.constant}, at, here, waiting)",
            ),
        )


def also_not_cast(kinds: Iterable[type[Any]]) -> str:
    """Write the rest of a test, that a value of these classes was not cast."""
    cast = not_cast("at", kinds)
    return f" and {cast}" if cast else ""


@dataclass(frozen=True, slots=True)
class _Place:
    """The names that stand for one field in the text."""

    field: Field
    constant: str
    path: str

    def arguments(self, value: str) -> str:
        """Write what the functions of `complete_value` take."""
        return f"run, {self.constant}, path, waiting, {value}"
