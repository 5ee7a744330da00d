"""Operation → the source of Python functions that project what is as it should be.

One function per place and shape builds the answer's dictionary; a value of the
wrong form or a null where none may be makes it raise, and `nulls` takes over. Keys
and type names enter the source as literals by `repr`: nothing of an operation can
become code.
"""

from collections.abc import Callable
from typing import Any, cast

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLType,
    get_named_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from router.operation.model import ALWAYS, Operation, SelectionSet, When
from router.projection.layout import Layouts, Slot, Sources
from router.projection.leaves import COMPLETE, INT_MAX, INT_MIN

Project = Callable[[dict[str, Any], list[bool]], dict[str, Any]]
"""Root object (introspected fields among its own), each condition's truth → data."""

PLAIN = {
    "String": "{v}.__class__ is str",
    "ID": "{v}.__class__ is str",
    "Boolean": "{v}.__class__ is bool",
    "Float": "{v}.__class__ is float or {v}.__class__ is int",
    "Int": f"{{v}}.__class__ is int and {INT_MIN} <= {{v}} <= {INT_MAX}",
}
"""The test that lets a value of a built-in scalar pass as it is."""

META = {"__schema", "__type"}


def is_conditional(selections: SelectionSet) -> bool:
    """Say whether anything in there depends on a variable."""
    fields = [*selections.fields]
    fields += [field for case in selections.cases for field in case.fields]
    return any(
        field.when or (field.selections and is_conditional(field.selections))
        for field in fields
    )


def as_list(value: Any) -> list[Any]:
    """Take a list, and nothing that merely can be iterated over.

    Raises:
        TypeError: it is none.

    """
    if value.__class__ is list:
        return value
    raise TypeError(value.__class__)


class Source:
    """The functions of one operation, as they are written."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self.lines: list[str] = []
        self.names: dict[str, Any] = {"as_list": as_list} | {
            f"to_{name}": complete for name, complete in COMPLETE.items()
        }
        self.more = ""
        self.conditions: dict[When, int] = {}
        self._functions: dict[tuple[str, tuple[Slot, ...]], str] = {}
        self._count = 0

    def compile(self, operation: Operation) -> Project:
        """Write and load the functions; `conditions` then lists what to evaluate."""
        sources: Sources = ((operation.selections, ALWAYS),)
        self.more = ", c" if is_conditional(operation.selections) else ""
        root = self.object(sources, operation.selections.type)
        self.lines.append(f"def project(o, c): return {root}(o{self.more})")
        exec("\n".join(self.lines), self.names)  # noqa: S102 - our own source
        return cast("Project", self.names["project"])

    def fresh(self, prefix: str) -> str:
        """Give a name that nothing has yet."""
        self._count += 1
        return f"{prefix}{self._count}"

    def place(self, sources: Sources, declared: str) -> str:
        """Write what projects the objects at one place; give the function's name."""
        if not self.layouts.is_abstract(declared):
            return self.object(sources, declared)
        table = {
            concrete: self.object(sources, concrete)
            for concrete in self.layouts.possible(declared)
        }
        shapes = set(table.values())
        if len(shapes) == 1 and not self.needs_typename(sources):
            return shapes.pop()
        name, choice = self.fresh("choose"), self.fresh("table")
        entries = ", ".join(f"{key!r}: {value}" for key, value in table.items())
        self.lines += [
            f"{choice} = {{{entries}}}",
            f"def {name}(o{self.more}): return {choice}[o['__typename']](o{self.more})",
        ]
        return name

    def needs_typename(self, sources: Sources) -> bool:
        """Say whether what is answered depends on which type an object is of."""
        return any(
            selections.cases or any(each.name == "__typename" for each in fields)
            for selections, _ in sources
            for fields in [selections.fields]
        )

    def object(self, sources: Sources, concrete: str) -> str:
        """Write the function for objects of one concrete type, unless it is there."""
        slots = self.layouts.fields_of(sources, concrete)
        own = concrete if any(slot.name == "__typename" for slot in slots) else ""
        known = self._functions.get((own, slots))
        if known is not None:
            return known
        name = self.fresh("object")
        values = [(slot, self.slot(slot, concrete)) for slot in slots]
        plain = [(slot, value) for slot, value in values if not slot.when]
        if len(plain) == len(values):
            pairs = ", ".join(f"{slot.key!r}: {value}" for slot, value in values)
            self.lines.append(f"def {name}(o{self.more}): return {{{pairs}}}")
        else:
            self.lines += [f"def {name}(o{self.more}):", "    r = {}"]
            for slot, value in values:
                test = f"if c[{self.condition(slot.when)}]: " if slot.when else ""
                self.lines.append(f"    {test}r[{slot.key!r}] = {value}")
            self.lines.append("    return r")
        self._functions[own, slots] = name
        return name

    def condition(self, when: When) -> int:
        """Give a condition its number; equal ones are evaluated once per request."""
        return self.conditions.setdefault(when, len(self.conditions))

    def slot(self, slot: Slot, concrete: str) -> str:
        """Write the expression for one key's value."""
        if slot.name == "__typename":
            return repr(concrete)
        if slot.name in META:
            return f"o[{slot.key!r}]"
        return self.value(
            self.layouts.type_of(slot.type), f"o.get({slot.key!r})", slot.parts
        )

    def value(self, kind: GraphQLType, given: str, parts: Sources) -> str:
        """Write the expression that completes a value of a type."""
        nullable = not is_non_null_type(kind)
        inner = kind if nullable else cast("GraphQLNonNull[Any]", kind).of_type
        if is_leaf_type(inner):
            return self.leaf(inner, given, nullable=nullable)
        variable = self.fresh("v") if nullable else given
        if is_list_type(inner):
            each = self.fresh("e")
            element = cast("GraphQLList[Any]", inner).of_type
            made = self.value(element, each, parts)
            made = f"[{made} for {each} in as_list({variable})]"
        else:
            function = self.place(parts, get_named_type(inner).name)
            made = f"{function}({variable}{self.more})"
        if nullable:
            return f"(None if ({variable} := {given}) is None else {made})"
        return made

    def leaf(self, kind: Any, given: str, *, nullable: bool) -> str:
        """Write the expression that lets a right leaf pass and converts others."""
        variable = self.fresh("v")
        null = f"{variable} is None" if nullable else "False"
        if is_enum_type(kind):
            values = self.fresh("enum")
            self.names[values] = dict.fromkeys(kind.values)
            checked = f"{values}[{variable}]"
            passing = f"({variable} := {given}) in {values}"
            nothing = "None" if nullable else checked
            other = f"({nothing} if {null} else {checked})"
            return f"({variable} if {passing} else {other})"
        test = PLAIN.get(kind.name)
        if test is None:
            if nullable:
                return given
            self.names["not_null"] = not_null
            return f"not_null({given})"
        first = f"({variable} := {given})"
        passing = test.replace("{v}", first, 1).replace("{v}", variable)
        return f"({variable} if {passing} or {null} else to_{kind.name}({variable}))"


def not_null(value: Any) -> Any:
    """Take anything but null.

    Raises:
        TypeError: it is null.

    """
    if value is None:
        raise TypeError
    return value
