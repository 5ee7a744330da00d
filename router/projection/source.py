"""Operation → the source of Python functions that project what is as it should be.

They build the answer's dictionaries as nested literals; what is of the wrong form, or
null where it may not be, makes them raise, and `nulls` takes over. So does what is
missing, unless `lenient` takes it for null: that costs a call for each key. Keys and
type names enter the source as literals by `repr`: nothing of an operation can become
code.
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

from router.operation.hidden import HIDDEN
from router.operation.model import ALWAYS, Operation, SelectionSet, When
from router.projection.introspect import META
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

MOST_NESTED = 8
"""Objects in one expression: Python's parser ends at 200 open brackets."""


def is_conditional(selections: SelectionSet) -> bool:
    """Say whether anything in there depends on a variable."""
    fields = [*selections.fields]
    fields += [field for case in selections.cases for field in case.fields]
    return any(
        field.when or (field.selections and is_conditional(field.selections))
        for field in fields
    )


def fail(value: Any) -> Any:
    """Refuse a value that is not of the form it should have.

    Raises:
        TypeError: always.

    """
    raise TypeError(value.__class__)


class Source:
    """The functions of one operation, as they are written."""

    def __init__(self, layouts: Layouts, *, lenient: bool = False) -> None:
        self.layouts = layouts
        self.read = "{}.get({!r})" if lenient else "{}[{!r}]"
        self.nesting = 0
        self.lines: list[str] = []
        self.names: dict[str, Any] = {"fail": fail} | {
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
        root = self.object(sources, operation.selections.type, "o")
        self.lines.append(f"def project(o, c): return {root}")
        exec("\n".join(self.lines), self.names)  # noqa: S102 - our own source
        return cast("Project", self.names["project"])

    def fresh(self, prefix: str) -> str:
        """Give a name that nothing has yet."""
        self._count += 1
        return f"{prefix}{self._count}"

    def place(self, sources: Sources, declared: str, given: str) -> str:
        """Write the expression that projects the object at one place."""
        if not self.layouts.is_abstract(declared):
            return self.nested(sources, declared, given)
        if not self.needs_typename(sources):
            anyone = next(iter(self.layouts.possible(declared)), declared)
            return self.nested(sources, anyone, given)
        table = self.table(sources, declared)
        return f"{table}[{given}['__typename']]({given}{self.more})"

    def nested(self, sources: Sources, concrete: str, given: str) -> str:
        """Write an object in place, or as a function where that nests too deeply."""
        if self.nesting < MOST_NESTED:
            self.nesting += 1
            made = self.object(sources, concrete, given)
            self.nesting -= 1
            return made
        return f"{self.function(sources, concrete)}({given}{self.more})"

    def function(self, sources: Sources, concrete: str) -> str:
        """Write an object as a function of its own; give its name."""
        level, self.nesting = self.nesting, 0
        name = self.fresh("object")
        made = self.object(sources, concrete, "o")
        self.lines.append(f"def {name}(o{self.more}): return {made}")
        self.nesting = level
        return name

    def table(self, sources: Sources, declared: str) -> str:
        """Write a function for each type that may stand at a place, and their table."""
        entries: dict[str, str] = {}
        for concrete in self.layouts.possible(declared):
            slots = self.layouts.fields_of(sources, concrete)
            named = any(slot.name == "__typename" for slot in slots)
            key = (concrete if named else "", slots)
            name = self._functions.get(key)
            if name is None:
                name = self._functions[key] = self.function(sources, concrete)
            entries[concrete] = name
        table = self.fresh("table")
        pairs = ", ".join(f"{key!r}: {value}" for key, value in entries.items())
        self.lines.append(f"{table} = {{{pairs}}}")
        return table

    def needs_typename(self, sources: Sources) -> bool:
        """Say whether what is answered depends on which type an object is of."""
        return any(
            selections.cases or any(f.name == "__typename" for f in selections.fields)
            for selections, _ in sources
        )

    def object(self, sources: Sources, concrete: str, given: str) -> str:
        """Write the expression for an object of one concrete type."""
        slots = self.layouts.fields_of(sources, concrete)
        if any(slot.when for slot in slots):
            return self.conditional(slots, concrete, given)
        pairs = [f"{slot.key!r}: {self.slot(slot, concrete, given)}" for slot in slots]
        return f"{{{', '.join(pairs)}}}"

    def conditional(self, slots: tuple[Slot, ...], concrete: str, given: str) -> str:
        """Write a function for an object some of whose fields may be left out."""
        name = self.fresh("object")
        level, self.nesting = self.nesting, 0
        lines = [f"def {name}(o{self.more}):", "    r = {}"]
        for slot in slots:
            test = f"if c[{self.condition(slot.when)}]: " if slot.when else ""
            value = self.slot(slot, concrete, "o")
            lines.append(f"    {test}r[{slot.key!r}] = {value}")
        self.nesting = level
        self.lines += [*lines, "    return r"]
        return f"{name}({given}{self.more})"

    def condition(self, when: When) -> int:
        """Give a condition its number; equal ones are evaluated once per request."""
        return self.conditions.setdefault(when, len(self.conditions))

    def slot(self, slot: Slot, concrete: str, given: str) -> str:
        """Write the expression for one key's value."""
        if slot.name == "__typename":
            return repr(concrete)
        if slot.name == HIDDEN:
            return "fail(None)" if slot.type.endswith("!") else "None"
        value = self.read.format(given, slot.key)
        if slot.name in META:
            return value
        return self.value(self.layouts.type_of(slot.type), value, slot.parts)

    def value(self, kind: GraphQLType, given: str, parts: Sources) -> str:
        """Write the expression that completes a value of a type."""
        nullable = not is_non_null_type(kind)
        inner = kind if nullable else cast("GraphQLNonNull[Any]", kind).of_type
        if is_leaf_type(inner):
            return self.leaf(inner, given, nullable=nullable)
        variable = self.fresh("v")
        if is_list_type(inner):
            each = self.fresh("e")
            element = cast("GraphQLList[Any]", inner).of_type
            made = f"[{self.value(element, each, parts)} for {each} in {variable}]"
            # Nothing but a list may pass for one, though others can be iterated over.
            right = "list"
        else:
            made = self.place(parts, get_named_type(inner).name, variable)
            right = "dict"
        null = f"None if {variable} is None else " if nullable else ""
        test = f"({variable} := {given}).__class__ is {right}"
        return f"({made} if {test} else {null}fail({variable}))"

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
