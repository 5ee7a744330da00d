"""The careful way: null propagation and errors, as the GraphQL specification says.

Taken when the compiled functions meet something that should not be. It walks the
same layouts value by value and knows at every step where it is.

Source: GraphQL specification, "Handling Execution Errors".
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from graphql import (
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from router.errors import ClientPath, Problem
from router.operation.hidden import HIDDEN
from router.operation.model import ALWAYS, Operation
from router.projection.introspect import META
from router.projection.layout import Layouts, Slot, Sources, holds
from router.projection.leaves import MalformedValueError, complete_leaf

Owner = Callable[[ClientPath], str | None]
"""Names the subgraph that brought what lies at a place."""

MALFORMED = "SUBREQUEST_MALFORMED_RESPONSE"

UNAUTHORIZED = "UNAUTHORIZED_FIELD_OR_TYPE"

NULLED: Any = object()
"""In place of a value: it was null where none may be, so its owner is null too."""


class Careful:
    """One answer being completed with every check."""

    def __init__(
        self,
        layouts: Layouts,
        conditions: Mapping[str, object],
        problems: list[Problem],
        owner: Owner,
    ) -> None:
        self.owner = owner
        self.layouts = layouts
        self.conditions = conditions
        self.problems = problems
        self._known = [each.path for each in problems if each.path is not None]
        # Of what was hidden from the caller, paths tell no list indexes.
        self._hidden = {
            each.path
            for each in problems
            if each.extensions.get("code") == UNAUTHORIZED
        }

    def data(self, operation: Operation, root: dict[str, Any]) -> dict[str, Any] | None:
        """Complete the whole answer; new problems join those already known."""
        sources: Sources = ((operation.selections, ALWAYS),)
        found = self.object(sources, operation.selections.type, root, ())
        return None if found is NULLED else found

    def object(
        self, sources: Sources, concrete: str, value: dict[str, Any], path: ClientPath
    ) -> Any:
        """Complete the fields of one object of a known type."""
        made: dict[str, Any] = {}
        for slot in self.layouts.fields_of(sources, concrete):
            if not holds(slot.when, self.conditions):
                continue
            field = self.slot(slot, concrete, value, path)
            if field is NULLED:
                return NULLED
            made[slot.key] = field
        return made

    def slot(
        self, slot: Slot, concrete: str, value: dict[str, Any], path: ClientPath
    ) -> Any:
        """Complete one field."""
        if slot.name == "__typename":
            return concrete
        given = None if slot.name == HIDDEN else value.get(slot.key)
        if slot.name in META:
            return given
        kind = self.layouts.type_of(slot.type)
        return self.value(
            kind, given, slot.parts, (*path, slot.key), f"{concrete}.{slot.name}"
        )

    def value(
        self,
        kind: GraphQLType,
        value: Any,
        parts: Sources,
        path: ClientPath,
        field: str,
    ) -> Any:
        """Complete a value; null where none may be is an error, and `NULLED`."""
        if is_non_null_type(kind):
            inner = cast("GraphQLNonNull[Any]", kind).of_type
            made = self.nullable(inner, value, parts, path, field)
            if made is None:
                self.report(f"Cannot return null for non-nullable field {field}.", path)
                return NULLED
            return made
        return self.nullable(kind, value, parts, path, field)

    def nullable(
        self,
        kind: GraphQLType,
        value: Any,
        parts: Sources,
        path: ClientPath,
        field: str,
    ) -> Any:
        """Complete a value that may be null; it also is if its inside has to be."""
        if value is None:
            return None
        if is_list_type(kind):
            element = cast("GraphQLList[Any]", kind).of_type
            return self.list(element, value, parts, path, field)
        if is_leaf_type(kind):
            return self.leaf(kind, value, path)
        return self.composite(get_named_type(kind).name, value, parts, path)

    def list(
        self,
        element: GraphQLType,
        value: Any,
        parts: Sources,
        path: ClientPath,
        field: str,
    ) -> Any:
        """Complete each element."""
        if not isinstance(value, list):
            return self.report("Expected a list.", path)
        made: list[Any] = []
        for index, each in enumerate(cast("list[Any]", value)):
            inner = self.value(element, each, parts, (*path, index), field)
            if inner is NULLED:
                return None
            made.append(inner)
        return made

    def leaf(self, kind: GraphQLLeafType, value: Any, path: ClientPath) -> Any:
        """Complete a scalar or an enum."""
        try:
            return complete_leaf(kind, value)
        except MalformedValueError as error:
            return self.report(str(error), path)

    def composite(
        self, declared: str, value: Any, parts: Sources, path: ClientPath
    ) -> Any:
        """Complete an object, of whichever type it says it is."""
        if not isinstance(value, dict):
            return self.report("Expected an object.", path)
        fields = cast("dict[str, Any]", value)
        concrete = self.concrete(declared, fields, parts)
        if concrete is None:
            return self.report(f"Expected an object that is a {declared}.", path)
        made = self.object(parts, concrete, fields, path)
        return None if made is NULLED else made

    def concrete(
        self, declared: str, value: dict[str, Any], parts: Sources
    ) -> str | None:
        """Find an object's type; None if it is none that may stand here.

        Where nothing that is asked depends on the type, it was not gathered, and any
        will do. Where something does, its fetch has failed.
        """
        possible = self.layouts.possible(declared)
        if not self.layouts.is_abstract(declared):
            return declared
        said = value.get("__typename")
        if said in possible:
            return cast("str", said)
        if said is not None or was_gathered(parts):
            return None
        return next(iter(possible), None)

    def report(self, message: str, path: ClientPath) -> None:
        """Add a problem, unless a known one already says why this is null."""
        if any(explains(known, path) for known in self._known):
            return
        names = tuple(step for step in path if isinstance(step, str))
        if any(explains(hidden, names) for hidden in self._hidden if hidden):
            return
        self._known.append(path)
        extensions = {"code": MALFORMED}
        service = self.owner(path)
        if service is not None:
            extensions["service"] = service
        self.problems.append(Problem(message, path, extensions))


def explains(known: ClientPath, path: ClientPath) -> bool:
    """Say whether a problem at one place is the reason for null at another.

    It lies at the place, above it, or below it (whence null came up).

    >>> explains(("user",), ("user", "name")), explains(("user", "id"), ("user",))
    (True, True)
    >>> explains(("user", 0), ("user", 1))
    False
    """
    shorter = min(len(known), len(path))
    return known[:shorter] == path[:shorter]


def was_gathered(parts: Sources) -> bool:
    """Say whether the plan had to gather `__typename` where these are asked."""
    return any(
        any(each.name == "__typename" for each in selections.fields)
        or any(each.name != HIDDEN for case in selections.cases for each in case.fields)
        for selections, _ in parts
    )
