"""An operation with `@defer` → what is answered first, and each part after it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from router.operation.model import FIRST, Case, Defer, Field, Operation, SelectionSet

Change = Callable[[Field], Field | None]
"""A field → what becomes of it; None where it is left out."""


def undeferred(operation: Operation) -> Operation:
    """Ask for everything at once."""
    return deferred(operation, frozenset()) if operation.defers else operation


def active(operation: Operation, variables: Mapping[str, object]) -> frozenset[int]:
    """Name the parts that are deferred with these (coerced) variables."""
    return frozenset(
        one.number
        for one in operation.defers
        if one.variable is None or variables.get(one.variable)
    )


def deferred(operation: Operation, parts: frozenset[int]) -> Operation:
    """Defer these parts; any other comes with the one around it."""
    belongs = {0: 0}
    defers: list[Defer] = []
    for one in operation.defers:  # each stands behind the one around it
        parent = belongs[one.parent]
        belongs[one.number] = one.number if one.number in parts else parent
        if one.number in parts:
            defers.append(replace(one, parent=parent))

    def moved(field: Field) -> Field:
        within = tuple(dict.fromkeys(belongs[part] for part in field.within))
        if field.selections is None:
            return field if within == field.within else replace(field, within=within)
        inner = change(field.selections, moved)
        return replace(field, within=within, selections=inner)

    selections = change(operation.selections, moved)
    return replace(operation, selections=selections, defers=tuple(defers))


def first_answer(operation: Operation) -> Operation:
    """Keep what is answered first."""
    return replace(operation, selections=kept(operation.selections, 0), defers=())


def later_answer(operation: Operation, part: Defer) -> Operation:
    """Keep one part, and the way to its objects.

    On the way everything may be null: what goes wrong in one object of the part is
    no matter of what lies around it.
    """
    selections = leading(operation.selections, part.path, part.number)
    return replace(operation, selections=selections, defers=())


def kept(selections: SelectionSet, part: int) -> SelectionSet:
    """Keep the fields of one part."""

    def keep(field: Field) -> Field | None:
        if part not in field.within:
            return None
        if field.selections is None:
            return field
        return replace(field, selections=kept(field.selections, part))

    return change(selections, keep)


def leading(selections: SelectionSet, path: tuple[str, ...], part: int) -> SelectionSet:
    """Keep the fields of one part at the end of a path, and the path."""
    if not path:
        return kept(selections, part)

    def lead(field: Field) -> Field | None:
        if field.key != path[0] or field.selections is None:
            return None
        inner = leading(field.selections, path[1:], part)
        nullable = field.type.replace("!", "")
        return replace(field, type=nullable, selections=inner, within=FIRST)

    return change(selections, lead)


def change(selections: SelectionSet, by: Change) -> SelectionSet:
    """Change every field of a selection set, those of its cases too."""
    cases = [
        Case(case.type, tuple(found))
        for case in selections.cases
        if (found := changed(case.fields, by))
    ]
    fields = tuple(changed(selections.fields, by))
    return replace(selections, fields=fields, cases=tuple(cases))


def changed(fields: tuple[Field, ...], by: Change) -> list[Field]:
    """Change fields; leave those out of which nothing becomes."""
    return [found for field in fields if (found := by(field)) is not None]
