"""Where problems lie in the client's answer, and in which order they are told."""

from router.errors import ClientPath, Problem
from router.operation.model import Field, Operation, SelectionSet

LAST = (1 << 30,)
"""Sorts problems without a place behind all others."""


def in_order(operation: Operation, problems: list[Problem]) -> list[Problem]:
    """Sort problems as their fields stand in the answer, each told once.

    A path that leads into what the client did not ask for (a key that the planner
    needed) ends at the last place that it did.
    """
    placed = [(locate(operation.selections, each.path), each) for each in problems]
    placed.sort(key=lambda pair: pair[0][0])
    told: dict[tuple[ClientPath | None, str, str], Problem] = {}
    for (_, path), problem in placed:
        same = (path, problem.message, str(problem.extensions.get("code")))
        told.setdefault(same, problem.at(path))
    return list(told.values())


def locate(
    selections: SelectionSet | None, path: ClientPath | None
) -> tuple[tuple[int, ...], ClientPath | None]:
    """Give a path's sorting key, and the part of it that the client can see.

    >>> from router.operation.model import Field
    >>> root = SelectionSet("Query", (Field("a", "a", "Int"), Field("b", "b", "Int")))
    >>> locate(root, ("b", 3, "_hidden"))[1]
    ('b', 3)
    """
    rank: list[int] = []
    seen: list[str | int] = []
    inside = [selections] if selections else []
    for step in path or ():
        if isinstance(step, int):
            rank.append(step)
            seen.append(step)
            continue
        found = [field for each in inside for field in fields_at(each, step)]
        if not found:
            break
        rank.append(min(field.position for field in found))
        seen.append(step)
        inside = [field.selections for field in found if field.selections]
    return (tuple(rank), tuple(seen)) if seen else (LAST, None)


def fields_at(selections: SelectionSet, key: str) -> list[Field]:
    """Find the fields of one key, whichever types they are asked of."""
    groups = [selections.fields, *(case.fields for case in selections.cases)]
    return [field for fields in groups for field in fields if field.key == key]
