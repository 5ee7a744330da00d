from typing import Any

import pytest
from sqlalchemy import (
    Integer,
    Text,
    bindparam,
    column,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.schema import CreateTable, MetaData, Table

from kit.database import Query

THING = table("thing", column("id", Text), column("n", Integer))
ID = bindparam("id", type_=Text())
N = bindparam("n", type_=Integer())


def test_values_go_into_the_order_in_which_the_statement_names_them() -> None:
    query = Query(select(THING.c.id).where(THING.c.n > N, THING.c.id == ID))

    assert query.sql.index("$1") < query.sql.index("$2")
    assert query.arguments({"id": "a", "n": 5}) == [5, "a"]


def test_a_parameter_that_is_named_twice_is_sent_once() -> None:
    query = Query(select(THING.c.id).where((THING.c.id == ID) | (literal("x") == ID)))

    assert query.arguments({"id": "a"}).count("a") == 1


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="id"):
        Query(select(THING.c.n).where(THING.c.id == ID)).arguments({"n": 1})


def test_null_is_a_value() -> None:
    query = Query(select(THING.c.n).where(THING.c.id == ID))

    assert query.arguments({"id": None}) == [None]


def test_values_that_nobody_asks_for_are_left_out() -> None:
    query = Query(select(THING.c.n).where(THING.c.id == ID))

    assert query.arguments({"id": "a", "more": 1}) == ["a"]


def test_literals_of_the_statement_are_sent_as_values() -> None:
    query = Query(select(THING.c.id).where(THING.c.n.in_([7, 8])).limit(3))

    assert sorted(query.arguments({}), key=str) == [3, 7, 8]
    assert "7" not in query.sql


def test_a_literal_column_keeps_its_spaces() -> None:
    assert "'a  b\n'" in Query(select(literal_column("'a  b\n'"))).sql


def test_a_statement_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    query = Query(select(THING.c.n).where(THING.c.id == ID))
    first = query.sql
    monkeypatch.setattr(query, "statement", None)

    assert query.sql is first
    assert query.arguments({"id": "a"}) == ["a"]


@pytest.mark.parametrize(
    "statement", [CreateTable(Table("t", MetaData())), text("SELECT 1").columns()]
)
def test_what_defines_data_is_no_read(statement: Any) -> None:
    query = Query(statement)
    if isinstance(statement, CreateTable):
        with pytest.raises(TypeError):
            _ = query.sql
    else:
        assert query.sql == "SELECT 1"
