"""Amounts are known as soon as they can be, and never grow without bound."""

from router.cost.amounts import UNBOUNDED, added, evaluate, greatest, multiplied


def test_what_needs_no_variables_is_a_number() -> None:
    assert added([]) == 0
    assert multiplied(0, lambda given: given["n"]) == 0
    assert multiplied(lambda given: given["n"], 0) == 0
    assert greatest([None, 2, 5], 9) == 5
    assert greatest([None], 9) == 9


def test_what_waits_for_variables_is_found_with_them() -> None:
    n = lambda given: given["n"]  # noqa: E731 - an amount is any function
    assert evaluate(multiplied(n, added([n, 1])), {"n": 3}) == 12
    assert evaluate(greatest([4, n], 9), {"n": 3}) == 4
    assert evaluate(greatest([4, n], 9), {"n": 30}) == 30
    assert evaluate(greatest([n], 9), {"n": -1}) == 9


def test_no_amount_passes_the_bound() -> None:
    assert multiplied(UNBOUNDED, UNBOUNDED) == UNBOUNDED
    assert added([UNBOUNDED, UNBOUNDED]) == UNBOUNDED
    assert evaluate(multiplied(lambda _: UNBOUNDED, 7), {}) == UNBOUNDED
