"""Emit ExecuteFields: one Python function for one object type and one selection."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    is_leaf_type,
)
from graphql.pyutils import Path

from jit.coerce_arguments import ArgumentWriter
from jit.collect_fields import GroupedFields
from jit.field import ExecuteFields, Field
from jit.leaves import usual
from jit.plain import passing_class
from jit.resolvers import Attribute, Call, Default, Resolver, Shape, TypeName, recognise
from jit.serializers import faster
from jit.strawberry_marks import CAST, Certain, Method
from jit.text import Text, literal

Select = dict[GraphQLObjectType, ExecuteFields]


@dataclass(frozen=True, slots=True)
class Emitter:
    """Writes functions that execute selections; what they call is named by others."""

    schema: GraphQLSchema
    text: Text
    arguments: ArgumentWriter
    field_resolver: Resolver
    wrap: Callable[[Resolver], Resolver] | None
    name_of: Callable[[GraphQLObjectType, list[FieldNode]], str]
    select_for: Callable[[GraphQLOutputType, list[FieldNode]], Select]
    certain_for: Callable[[GraphQLOutputType], Certain]

    def emit(
        self, name: str, type_: GraphQLObjectType, fields: GroupedFields, *, root: bool
    ) -> int:
        """Write the function `name` that executes fields of a type; count them."""
        text = self.text
        text.add(0, f"def {name}(run, source, path):")
        text.add(1, "waiting = {}", "plain = run.plain")
        entries: list[str] = []
        for key, nodes in fields.items():
            definition = self.schema.get_field(type_, nodes[0].name.value)
            if definition is None:
                continue
            shape = recognise(
                definition, nodes[0].name.value, self.field_resolver, self.wrap
            )
            value = (
                literal(type_.name)
                if isinstance(shape, TypeName)
                else self._emit_field(
                    Field(
                        key,
                        nodes,
                        definition,
                        type_,
                        self.select_for(definition.type, nodes),
                        self.certain_for(definition.type),
                    ),
                    shape,
                    root=root,
                )
            )
            entries.append(f"{literal(key)}: {value}")
        text.add(1, f"data = {{{', '.join(entries)}}}")
        text.add(1, "return await_values(data, waiting) if waiting else data", "")
        return len(entries)

    def _emit_field(self, field: Field, shape: Shape, *, root: bool) -> str:
        """ExecuteField: resolve, complete, and keep errors where they belong."""
        text = self.text
        constant = text.constant("field", field)
        place = _Place(
            field,
            constant,
            text.fresh(field.name),
            text.constant("path", Path(None, field.key, field.parent_name))
            if root
            else f"new(Path, (path, {literal(field.key)}, {literal(field.parent_name)}))",
        )
        text.add(1, f"try:  # {field.parent_name}.{field.name}: {field.type}")
        self._emit_resolve(place, shape)
        self._emit_complete(place)
        text.add(1, "except Exception:")
        text.add(2, f"{place.var} = fail(run, {constant}, path, waiting)")
        return place.var

    def _emit_resolve(self, place: "_Place", shape: Shape) -> None:
        """ResolveFieldValue, inlined if it is no more than an access."""
        text, field, var = self.text, place.field, place.var
        arguments = self.arguments.write(text, field.definition, field.nodes[0])
        if arguments is None:
            # They come first: what is wrong with them is the field's error.
            text.add(2, f"given = arguments(run, {place.constant})")
            arguments = ", **given"
        about = f"info(run, {place.constant}, {place.path})"
        call = f"{about}{arguments})"
        if isinstance(shape, Attribute):
            text.add(2, f"{var} = {shape.expression()}")
        elif isinstance(shape, Default):
            text.add(2, f"{var} = {shape.expression()}")
            text.add(2, f"if callable({var}):", f"    {var} = {var}({call}")
        elif isinstance(shape, Method):
            function = text.constant(field.name, shape.function)
            wrap_info = (
                text.constant("wrap_info", shape.wrap_info) if shape.info else ""
            )
            text.add(2, f"{var} = {shape.call(function, wrap_info, about)}")
        elif isinstance(shape, Call):
            resolve = text.constant("resolve", shape.function)
            text.add(2, f"{var} = {resolve}(source, {call}")

    def _emit_complete(self, place: "_Place") -> None:
        """CompleteValue: the usual value at once, any other with a call."""
        field = place.field
        type_: Any = field.type
        null_passes = not isinstance(type_, GraphQLNonNull)
        named = type_ if null_passes else type_.of_type
        slow = f"{place.var} = complete_field({place.arguments(place.var)})"
        if is_leaf_type(named):
            test, lines = self._leaf(place, named)
        elif isinstance(named, GraphQLList):
            test, lines = self._leaves(place, named.of_type)
        else:
            test, lines = self._object(place, named)
        self._branch(place.var, test, lines, slow, null_passes=null_passes)

    def _branch(
        self, var: str, test: str, lines: list[str], slow: str, *, null_passes: bool
    ) -> None:
        not_null = f"{var} is not None"
        if not lines:
            tests = [not_null] if null_passes else []
            tests += [f"not ({test})"] if test else []
            self.text.add(2, f"if {' and '.join(tests)}:" if tests else "if True:")
            self.text.add(3, slow)
            return
        self.text.add(2, f"if {test}:")
        self.text.add(3, *lines)
        self.text.add(2, f"elif {not_null}:" if null_passes else "else:")
        self.text.add(3, slow)

    def _leaf(self, place: "_Place", named: Any) -> tuple[str, list[str]]:
        text, var = self.text, place.var
        found = usual(text, named, var)
        if found is not None:
            return found
        if not hasattr(named, "values"):
            serialize = text.constant("serialize", faster(named.coerce_output_value))
            scalar = text.constant("scalar", named)
            extra = place.arguments(f"{scalar}, {var}, text")
            return f"type({var}) in plain", [
                f"text = {serialize}({var})",
                f"{var} = text if type(text) is str else complete_serialized({extra})",
            ]
        return "", []

    def _leaves(self, place: "_Place", item: Any) -> tuple[str, list[str]]:
        """A list of what needs no serialising is copied as it is."""
        var = place.var
        null_passes = not isinstance(item, GraphQLNonNull)
        passing = passing_class(item if null_passes else item.of_type)
        if passing is None:
            return "", []
        allowed = {passing, type(None)} if null_passes else {passing}
        classes = self.text.constant("classes", frozenset(allowed))
        return (
            f"type({var}) is list and {classes}.issuperset(map(type, {var}))",
            [f"{var} = {var}.copy()"],
        )

    def _object(self, place: "_Place", named: Any) -> tuple[str, list[str]]:
        text, var, field = self.text, place.var, place.field
        if field.certain:
            classes = text.constant("certain", field.certain)
            select = text.constant("select", field.select)
            test = f"type({var}) in {classes} and not hasattr({var}, {literal(CAST)})"
            execute = f"{select}[{classes}[type({var})]]"
        elif isinstance(named, GraphQLObjectType) and not named.is_type_of:
            test = f"type({var}) in plain"
            execute = self.name_of(named, field.nodes)
        else:
            return "", []
        return test, [
            f"here = {place.path}",
            f"{var} = {execute}(run, {var}, here)",
            f"if type({var}) is not dict:",
            f"    {var} = hold(run, {place.constant}, {var}, here, waiting)",
        ]


@dataclass(frozen=True, slots=True)
class _Place:
    """The names that stand for one field in the text."""

    field: Field
    constant: str
    var: str
    path: str

    def arguments(self, value: str) -> str:
        """Write what the functions of `complete_value` take."""
        return f"run, {self.constant}, {value}, path, waiting"
