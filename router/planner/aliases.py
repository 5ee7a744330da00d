"""Fields that a subgraph would refuse under one key → aliases and renames.

Two object types may answer one response key with different shapes in a subgraph
(`ID!` and `ID`), which GraphQL forbids in one selection, although the shapes agree
in the client's view. One of them is sent under another key, and renamed back.
"""

from collections.abc import Iterable, Iterator

from router.plan.nodes import Rename
from router.planner.selections import Selected, Selection


def resolve_aliases(selection: Selection) -> tuple[Rename, ...]:
    """Give conflicting fields aliases of their own; say how to undo them."""
    found = list(_resolve([selection], ()))
    return tuple(sorted(found, key=lambda one: -len(one.at)))


def _resolve(group: list[Selection], at: tuple[str, ...]) -> Iterator[Rename]:
    """Compare all that is merged at one place of the answer."""
    by_key: dict[str, dict[tuple[str, ...], list[Selected]]] = {}
    for field in _fields(group):
        shapes = by_key.setdefault(field.key, {})
        shapes.setdefault(_shape(field), []).append(field)
    taken = set(by_key)
    for key, shapes in by_key.items():
        for number, fields in enumerate(shapes.values()):
            sent = key
            if number:
                sent = _free(key, taken)
                for field in fields:
                    field.sent = sent
                yield Rename(at, sent, key)
            inner = [field.inner for field in fields if field.inner is not None]
            if len(inner) > 1 or (inner and _needs_look(inner[0])):
                yield from _resolve(inner, (*at, sent))


def _needs_look(selection: Selection) -> bool:
    """Tell whether anything in a selection can conflict at all."""
    if selection.cases:
        return True
    return any(
        field.inner is not None and _needs_look(field.inner)
        for field in selection.fields.values()
    )


def _fields(group: Iterable[Selection]) -> Iterator[Selected]:
    for selection in group:
        yield from selection.fields.values()
        yield from _fields(selection.cases.values())


def _shape(field: Selected) -> tuple[str, ...]:
    """Say what must agree for two fields to share a response key."""
    wrappers = "".join(sign for sign in field.type if sign in "[]!")
    named = field.type.strip("[]!") if field.inner is None else ""
    return (wrappers, named)


def _free(key: str, taken: set[str]) -> str:
    number = 1
    while (alias := f"{key}_{number}") in taken:
        number += 1
    taken.add(alias)
    return alias
