"""Sums and products of which only the parts that depend on variables wait for them."""

from collections.abc import Callable, Iterable
from typing import Any, Final

Json = dict[str, Any]
Amount = int | Callable[[Json], int]
"""A number that is known, or how to find it when the variables are."""

UNBOUNDED: Final = 10**12
"""Amounts stop growing here: lists in lists in lists soon pass every limit."""


def evaluate(amount: Amount, variables: Json) -> int:
    """Find the number."""
    found = amount if isinstance(amount, int) else amount(variables)
    return min(found, UNBOUNDED)


def added(parts: Iterable[Amount]) -> Amount:
    """Add amounts; what is known is added now.

    >>> added([1, 2]), evaluate(added([1, lambda given: given["n"]]), {"n": 4})
    (3, 5)
    """
    known, waiting = 0, list[Callable[[Json], int]]()
    for part in parts:
        if isinstance(part, int):
            known += part
        else:
            waiting.append(part)
    if not waiting:
        return min(known, UNBOUNDED)
    return lambda given: min(known + sum(each(given) for each in waiting), UNBOUNDED)


def multiplied(count: Amount, each: Amount) -> Amount:
    """Multiply two amounts.

    >>> multiplied(3, 4), evaluate(multiplied(lambda given: given["n"], 3), {"n": 5})
    (12, 15)
    """
    if isinstance(count, int) and isinstance(each, int):
        return min(count * each, UNBOUNDED)
    if each == 0 or count == 0:
        return 0
    return lambda given: evaluate(count, given) * evaluate(each, given)


def greatest(parts: Iterable[Amount | None], otherwise: int) -> Amount:
    """Give the greatest of the amounts that there are, or another where none is.

    An amount that waits for variables may turn out to be none: below zero.

    >>> greatest([None, 3], 10), greatest([], 10)
    (3, 10)
    >>> evaluate(greatest([lambda given: given.get("n", -1)], 10), {})
    10
    """
    found = [part for part in parts if part is not None]
    known = [part for part in found if isinstance(part, int)]
    waiting = [part for part in found if not isinstance(part, int)]
    best = max(known, default=-1)
    if not waiting:
        return otherwise if best < 0 else best

    def choose(given: Json) -> int:
        most = max(best, *(each(given) for each in waiting))
        return otherwise if most < 0 else most

    return choose
