"""A deferred part's data → one entry for each object that it belongs to."""

from collections.abc import Iterator
from typing import Any, cast

from router.errors import ClientPath, Problem
from router.operation.model import Operation
from router.projection.places import locate

Json = dict[str, Any]


def holds(operation: Operation, path: ClientPath) -> bool:
    """Say whether an answer has a field at this very place."""
    return locate(operation.selections, path)[1] == path


def divided(
    problems: list[Problem], path: ClientPath, *, last: bool
) -> tuple[list[Problem], list[Problem]]:
    """Take those problems that lie at or below a place; ``last`` takes those above."""
    own = [
        each
        for each in problems
        if each.path is None
        or each.path[: len(path)] == path
        or (last and path[: len(each.path)] == each.path)
    ]
    return own, [each for each in problems if each not in own]


def places(
    seen: Any, found: Any, path: tuple[str, ...], here: ClientPath = ()
) -> Iterator[tuple[ClientPath, Json, Any]]:
    """Walk to the objects that the client has already, and what it is to get there."""
    if isinstance(seen, list):
        each = cast("list[Any]", seen)
        others = cast("list[Any]", found) if isinstance(found, list) else []
        for index, value in enumerate(each):
            other = others[index] if index < len(others) else None
            yield from places(value, other, path, (*here, index))
    elif isinstance(seen, dict):
        known = cast("Json", seen)
        if not path:
            yield here, known, found
        elif path[0] in known:
            inner = (
                cast("Json", found).get(path[0]) if isinstance(found, dict) else None
            )
            yield from places(known[path[0]], inner, path[1:], (*here, path[0]))
