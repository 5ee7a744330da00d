"""Operation + values of its conditions → the function that executes it."""

from collections.abc import Callable
from contextlib import suppress
from threading import RLock
from typing import Any

from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    OperationType,
    get_named_type,
    is_abstract_type,
)
from graphql.pyutils import Path

from jit.awaiting import await_values
from jit.coerce_arguments import ArgumentWriter
from jit.collect_fields import FieldCollector, GroupedFields
from jit.complete_columns import NotTogetherError, spread
from jit.complete_field import complete_field, complete_serialized, go_on, hold
from jit.counters import counters
from jit.execute_fields import Emitter
from jit.field import (
    NOTHING_TO_SELECT,
    ExecuteFields,
    ExecuteTogether,
    Select,
    without_non_null,
)
from jit.lean_code import make_lean_code
from jit.operation import NotCompiledError, Operation
from jit.resolvers import Attribute, Resolver, TypeName, lookup
from jit.run import arguments, info, new
from jit.serial import execute_serially
from jit.strawberry_marks import Certain, certain_classes, is_cast
from jit.text import Text
from jit.together import TogetherEmitter

MAX_FIELDS = 5000
"""Larger operations are left to graphql-core: their text would take seconds."""

RUNTIME: dict[str, Any] = (
    {
        function.__name__: function
        for function in (
            arguments,
            all,
            await_values,
            callable,
            complete_field,
            complete_serialized,
            execute_serially,
            getattr,
            go_on,
            hold,
            info,
            is_cast,
            lookup,
            map,
            spread,
        )
    }
    | {"new": new}
    | {
        kind.__name__: kind
        for kind in (
            *(Exception, Path, bool, dict, float, int, list, str, tuple, type, zip),
        )
    }
)
"""All that generated code can name, beside the constants of its operation."""


class Compiler:
    """Compiles one operation under one combination of its conditions.

    Selections on object types are compiled at first. Those on interfaces and unions
    are compiled for a type when a value of it is first seen, and those on whole lists
    when a list is, unless `eager`.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: Operation,
        conditions: dict[str, bool],
        *,
        field_resolver: Resolver,
        wrap: Callable[[Resolver], Resolver] | None = None,
        eager: bool = False,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._eager = eager
        self._names: dict[str, Any] = {"__builtins__": RUNTIME}
        self._text = Text(self._names)
        self._collector = FieldCollector(schema, operation.fragments, conditions)
        self._known: dict[tuple[str, tuple[int, ...]], str] = {}
        self._alike: dict[tuple[str, tuple[int, ...], tuple[int, ...]], str] = {}
        self._due: list[tuple[str, GraphQLObjectType, GroupedFields]] = []
        self._listed: list[tuple[GraphQLObjectType, list[FieldNode], type[Any]]] = []
        self._fields = 0
        self._lock = RLock()
        self._emitter = Emitter(
            schema,
            self._text,
            ArgumentWriter(operation.node),
            field_resolver,
            wrap,
            self._name_of,
            self._select_for,
            self._certain_for,
        )
        self._certain: dict[str, Certain] = {}
        self._together = TogetherEmitter(
            schema,
            self._text,
            self._emitter.recognise,
            self._certain_for,
            self._collector.collect_subfields,
        )

    def compile(self, root_type: GraphQLObjectType) -> ExecuteFields:
        """Compile the operation into a function of a run, its root value and no path.

        Raises:
            NotCompiledError: it is too large.
        """
        source = self.write(root_type)
        counters.compiled += 1
        self._run(source)
        self._alike.clear()  # it was for the functions of this text
        return self._names["execute_operation"]

    def write(self, root_type: GraphQLObjectType) -> str:
        """Write the operation's text, its entry point last.

        Raises:
            NotCompiledError: it is too large.
        """
        fields = self._collector.collect(
            root_type, [self._operation.node.selection_set]
        )
        if self._operation.node.operation is OperationType.MUTATION:
            steps = [
                self._emit_root(root_type, {key: nodes})
                for key, nodes in fields.items()
            ]
            call = f"execute_serially([{', '.join(steps)}], run, source)"
        else:
            call = f"{self._emit_root(root_type, fields)}(run, source, path)"
        self._emit_due(MAX_FIELDS)
        for type_, nodes, kind in self._listed:
            with suppress(NotTogetherError):
                self._emit_together(type_, nodes, kind)
        self._text.add(0, "def execute_operation(run, source, path):")
        self._text.add(1, f"return {call}")
        return self._text.take()

    def _emit_root(self, root_type: GraphQLObjectType, fields: GroupedFields) -> str:
        name = self._text.fresh(root_type.name)
        self._fields += self._emitter.emit(name, root_type, fields, root=True)
        return name

    def _emit_due(self, most: int | None) -> None:
        while self._due:
            name, type_, fields = self._due.pop(0)
            self._fields += self._emitter.emit(name, type_, fields, root=False)
            if most is not None and self._fields > most:
                raise NotCompiledError("too large")

    def _run(self, source: str) -> None:
        code = make_lean_code(compile(source, "<operation>", "exec"))
        exec(code, self._names)  # noqa: S102 - that is what compiling means here; `Text` keeps foreign text out

    def _name_of(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        """Name the function that executes what `nodes` select of a type.

        A fragment that several fields spread is one function to all of them.
        """
        asked = (type_.name, tuple(map(id, nodes)))
        name = self._known.get(asked)
        if name is None:
            fields = self._collector.collect_subfields(type_, nodes)
            selected = tuple(id(node) for group in fields.values() for node in group)
            same = (type_.name, tuple(map(len, fields.values())), selected)
            name = self._alike.get(same)
            if name is None:
                name = self._alike[same] = self._text.fresh(type_.name)
                self._due.append((name, type_, fields))
            self._known[asked] = name
        return name

    def _select_for(self, type_: GraphQLType, nodes: list[FieldNode]) -> Select:
        named = get_named_type(type_)
        if isinstance(named, GraphQLObjectType):
            self._name_of(named, nodes)
        elif not is_abstract_type(named):
            return NOTHING_TO_SELECT
        elif self._eager:
            for possible in self._schema.get_possible_types(named):
                self._name_of(possible, nodes)
        if self._eager and isinstance(without_non_null(type_), GraphQLList):
            certain = self._certain_for(named)
            self._listed += [(each, nodes, kind) for kind, each in certain.items()]
        return _Selection(self, nodes)

    def _certain_for(self, type_: GraphQLType) -> Certain:
        named = get_named_type(type_)
        certain = self._certain.get(named.name)
        if certain is None:
            certain = self._certain[named.name] = certain_classes(self._schema, named)
        return certain

    def is_quiet(self, type_: GraphQLType, nodes: list[FieldNode]) -> bool:
        """Tell whether values of a type, and what `nodes` select of them, never wait.

        They do not where all fields are attributes, and classes tell the types.
        """
        named = get_named_type(type_)
        if isinstance(named, GraphQLObjectType):
            types, sure = [named], not named.is_type_of
        elif is_abstract_type(named):
            types, sure = self._schema.get_possible_types(named), False
        else:
            return True
        if not sure and len(self._certain_for(named)) < len(types):
            return False
        return all(
            self._is_attribute(each, selected)
            for each in types
            for selected in self._collector.collect_subfields(each, nodes).values()
        )

    def _is_attribute(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> bool:
        name = nodes[0].name.value
        definition = self._schema.get_field(type_, name)
        if definition is None:
            return True
        shape = self._emitter.recognise(definition, name)
        return isinstance(shape, (Attribute, TypeName)) and self.is_quiet(
            definition.type, nodes
        )

    def function(
        self, type_: GraphQLObjectType, nodes: list[FieldNode]
    ) -> ExecuteFields:
        """Find or compile the function that executes what `nodes` select of a type."""
        with self._lock:
            name = self._name_of(type_, nodes)
            if self._due:
                self._emit_due(None)
                self._run(self._text.take())
            return self._names[name]

    def together(
        self, type_: GraphQLObjectType, nodes: list[FieldNode], kind: type[Any]
    ) -> ExecuteTogether | None:
        """Compile the function that executes `nodes` on many instances of a class."""
        with self._lock:
            try:
                name = self._emit_together(type_, nodes, kind)
            except NotTogetherError:
                self._text.take()
                return None
            self._run(self._text.take())
            return self._names[name]

    def _emit_together(
        self, type_: GraphQLObjectType, nodes: list[FieldNode], kind: type[Any]
    ) -> str:
        fields = self._collector.collect_subfields(type_, nodes)
        return self._together.emit(type_, fields, kind)


class _Selection(Select):
    """Functions by object type, for one field; compiled when first asked for."""

    __slots__ = ("_compiler", "_nodes")

    def __init__(self, compiler: Compiler, nodes: list[FieldNode]) -> None:
        super().__init__()
        self._compiler = compiler
        self._nodes = nodes

    def __missing__(self, type_: GraphQLObjectType) -> ExecuteFields:
        function = self[type_] = self._compiler.function(type_, self._nodes)
        return function

    def together(
        self, type_: GraphQLObjectType, kind: type[Any]
    ) -> ExecuteTogether | None:
        return self._compiler.together(type_, self._nodes, kind)

    def is_quiet(self, type_: GraphQLType) -> bool:
        return self._compiler.is_quiet(type_, self._nodes)
