"""Filters on a real table, held against Python's own idea of them."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Integer, Text, column, select, table

from kit.comparators import StringComparator, compare
from kit.database import Database, Query
from kit.filters import (
    Predicate,
    all_of,
    any_of,
    bound,
    condition,
    negate,
    where,
)

THING = table("thing", column("id", Text), column("t", Text), column("n", Integer))
COLUMNS = {"t": THING.c.t, "n": THING.c.n}
TEXTS = ["", "a", "A", "ab", "aB", "b%", "b_", "b\\", "%", "_", "\\", "100%", "ß", "É"]
NUMBERS = [None, -1, 0, 1, 2]
ROWS = [
    (f"{x:02}{y}", text, number)
    for x, text in enumerate([None, *TEXTS])
    for y, number in enumerate(NUMBERS)
]


@pytest.fixture(scope="module")
def filled(databases: Any) -> str:
    """A database with a table of every text with every number."""
    url: str = databases.empty("users")

    async def fill() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(
            'CREATE TABLE thing (id text COLLATE "C" PRIMARY KEY, t text, n int)'
        )
        await connection.executemany("INSERT INTO thing VALUES ($1, $2, $3)", ROWS)
        await connection.close()

    databases._side.run(fill())
    return url


@pytest.fixture
def ids_where(filled: str, databases: Any) -> Callable[[Predicate], list[str]]:
    """Ask the table."""

    async def ask(predicate: Predicate) -> list[str]:
        query = Query(
            select(THING.c.id)
            .where(where(predicate.shape, COLUMNS))
            .order_by(THING.c.id)
        )
        async with Database(filled) as database:
            return [row["id"] for row in await database.rows(query, **bound(predicate))]

    return lambda predicate: databases._side.run(ask(predicate))


def lower(text: str) -> str:
    return text.lower()


MEANINGS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda mine, value: mine == value,
    "neq": lambda mine, value: mine != value,
    "in": lambda mine, value: mine is not None and mine in value,
    "nin": lambda mine, value: mine is None or mine not in value,
    "gt": lambda mine, value: mine is not None and mine > value,
    "gte": lambda mine, value: mine is not None and mine >= value,
    "lt": lambda mine, value: mine is not None and mine < value,
    "lte": lambda mine, value: mine is not None and mine <= value,
    "contains": lambda mine, value: mine is not None and lower(value) in lower(mine),
    "starts_with": lambda mine, value: (
        mine is not None and lower(mine).startswith(lower(value))
    ),
}


def met(shape: tuple[Any, ...], values: list[Any], row: tuple[Any, ...]) -> bool:
    """Say it in Python; a comparison with null is not met, so its opposite is."""
    match shape:
        case ("and", *parts):
            found = [met(part, values, row) for part in parts]  # all take their values
            return all(found)
        case ("or", *parts):
            found = [met(part, values, row) for part in parts]
            return any(found)
        case ("not", part):
            return not met(part, values, row)
        case (operator, name):
            mine = row[1] if name == "t" else row[2]
            if operator in {"null", "not_null"}:
                return (mine is None) == (operator == "null")
            return MEANINGS[operator](mine, values.pop(0))
        case _:
            raise AssertionError(shape)


texts = st.sampled_from(TEXTS)
numbers = st.sampled_from(NUMBERS[1:])
ONE_NUMBER = st.sampled_from(["eq", "neq", "gt", "gte", "lt", "lte"])
ONE_TEXT = st.sampled_from(["eq", "neq", "contains", "starts_with"])
MANY = st.sampled_from(["in", "nin"])
CONDITIONS = (
    st.builds(condition, st.just("n"), ONE_NUMBER, numbers)
    | st.builds(condition, st.just("n"), MANY, st.lists(numbers))
    | st.builds(condition, st.just("t"), ONE_TEXT, texts)
    | st.builds(condition, st.just("t"), MANY, st.lists(texts))
    | st.builds(
        condition, st.sampled_from(["t", "n"]), st.sampled_from(["null", "not_null"])
    )
)
PREDICATES = st.recursive(
    CONDITIONS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: all_of(*parts))
        | st.lists(inner, max_size=3).map(lambda parts: any_of(*parts))
        | inner.map(negate)
    ),
    max_leaves=6,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(predicate=PREDICATES)
def test_a_filter_finds_what_python_finds(
    ids_where: Callable[[Predicate], list[str]], predicate: Predicate
) -> None:
    wanted = [
        row[0] for row in ROWS if met(predicate.shape, list(predicate.values), row)
    ]

    assert ids_where(predicate) == wanted


@pytest.mark.parametrize("text", TEXTS)
def test_a_wildcard_in_a_text_is_that_very_character(
    ids_where: Callable[[Predicate], list[str]], text: str
) -> None:
    found = ids_where(compare("t", StringComparator(contains=text)))

    assert found == [
        row[0] for row in ROWS if row[1] is not None and lower(text) in lower(row[1])
    ]


def test_a_filter_and_its_opposite_share_no_row_and_miss_none(
    ids_where: Callable[[Predicate], list[str]],
) -> None:
    for predicate in (
        condition("n", "gt", 0),
        condition("n", "neq", 0),
        condition("t", "nin", ["a"]),
        any_of(),
        all_of(),
    ):
        found, rest = ids_where(predicate), ids_where(negate(predicate))
        assert sorted(found + rest) == [row[0] for row in ROWS]
