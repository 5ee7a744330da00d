from typing import Any

import pytest
from sqlalchemy import Boolean, ColumnElement, Integer, Text, column, literal
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from kit.errors import InvalidInputError
from kit.filters import (
    EVERYTHING,
    MAX_CONDITIONS,
    MAX_DEPTH,
    MAX_VALUES,
    Columns,
    Predicate,
    all_of,
    any_of,
    bound,
    condition,
    negate,
    refuse_depth,
    where,
)

A, B = condition("a", "eq", 1), condition("b", "gt", 2)
COLUMNS: Columns = {
    "a": column("a", Integer),
    "b": column("b", Integer),
    "t": column("t", Text),
}


def sql(predicate: Predicate) -> str:
    written = where(predicate.shape, COLUMNS).compile(
        dialect=dialect(paramstyle="named")
    )
    return " ".join(str(written).split())


def test_the_same_shape_with_other_values_is_the_same_shape() -> None:
    one = all_of(A, any_of(B, negate(A)))
    other = all_of(condition("a", "eq", 7), any_of(condition("b", "gt", 8), negate(A)))

    assert one.shape == other.shape
    assert hash(one.shape) == hash(other.shape)
    assert one.values == (1, 2, 1)
    assert other.values == (7, 8, 1)


def test_a_list_of_any_length_is_one_shape() -> None:
    assert condition("a", "in", [1]).shape == condition("a", "in", [1, 2, 3]).shape


def test_one_part_needs_no_joining() -> None:
    assert all_of(A) == any_of(A) == A


def test_values_are_bound_in_the_order_in_which_sql_names_them() -> None:
    predicate = all_of(B, negate(A), condition("a", "null"), condition("t", "neq", "x"))

    assert bound(predicate, "f") == {"f0": 2, "f1": 1, "f2": "x"}
    assert [sql(predicate).index(f":p{n}") for n in range(3)] == sorted(
        sql(predicate).index(f":p{n}") for n in range(3)
    )


def test_no_value_becomes_sql() -> None:
    evil = "x'; DROP TABLE t; --"

    assert evil not in sql(all_of(condition("t", "contains", evil), EVERYTHING))


def test_a_column_that_is_not_known_never_becomes_sql() -> None:
    with pytest.raises(KeyError):
        where(("eq", "secret; DROP TABLE t"), COLUMNS)


def test_an_operator_that_is_not_known_never_becomes_sql() -> None:
    with pytest.raises(KeyError):
        where(("= 1 OR", "a"), COLUMNS)


def test_a_special_column_writes_its_own_condition() -> None:
    def mine(operator: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
        assert operator == "eq"
        return literal(value=True, type_=Boolean).is_(value)

    written = where(("eq", "mine"), {"mine": mine})

    assert "p0" in str(written)


def test_a_list_may_hold_as_many_values_as_allowed() -> None:
    assert condition("a", "in", [0] * MAX_VALUES).values == ([0] * MAX_VALUES,)
    with pytest.raises(InvalidInputError, match=f"at most {MAX_VALUES}"):
        condition("a", "in", [0] * (MAX_VALUES + 1))


def nested(levels: int) -> Predicate:
    predicate = A
    for _ in range(levels):
        predicate = negate(predicate)
    return predicate


def test_a_filter_may_nest_to_the_limit_and_no_deeper() -> None:
    assert refuse_depth(nested(MAX_DEPTH)).depth == MAX_DEPTH
    with pytest.raises(InvalidInputError, match=f"at most {MAX_DEPTH} levels"):
        refuse_depth(nested(MAX_DEPTH + 1))


def test_a_filter_may_have_as_many_conditions_as_allowed() -> None:
    assert refuse_depth(any_of(*[A] * (MAX_CONDITIONS - 1))).size == MAX_CONDITIONS
    with pytest.raises(InvalidInputError, match=f"at most {MAX_CONDITIONS} cond"):
        refuse_depth(any_of(*[A] * MAX_CONDITIONS))


def test_everything_is_a_condition_without_values() -> None:
    assert (EVERYTHING.values, EVERYTHING.depth) == ((), 1)
