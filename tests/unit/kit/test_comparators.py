from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import strawberry
from graphql import build_schema, print_type

from kit.comparators import (
    BooleanComparator,
    DateTimeComparator,
    IdComparator,
    IntComparator,
    SortDirection,
    StringComparator,
    compare,
)
from kit.errors import InvalidInputError
from kit.filters import EVERYTHING, all_of, condition

AGREED = """
enum SortDirection { ASC DESC }
input IdComparator { eq: ID in: [ID!] nin: [ID!] isNull: Boolean }
input StringComparator {
  eq: String neq: String in: [String!] nin: [String!]
  contains: String startsWith: String isNull: Boolean
}
input IntComparator {
  eq: Int neq: Int in: [Int!] gt: Int gte: Int lt: Int lte: Int
}
input BooleanComparator { eq: Boolean }
input DateTimeComparator {
  gt: String gte: String lt: String lte: String isNull: Boolean
}
type Query { _: Boolean }
"""
"""Federation intersects inputs of one name: a field less is lost for all."""


@strawberry.type
class Query:
    @strawberry.field
    def find(
        self,
        id: IdComparator,
        string: StringComparator,
        int_: IntComparator,
        boolean: BooleanComparator,
        *,
        date: DateTimeComparator,
        sort: SortDirection,
    ) -> bool:
        del id, string, int_, boolean, date, sort
        return True


SERVED = strawberry.Schema(query=Query)._schema


@pytest.mark.parametrize(
    "name", [name for name in build_schema(AGREED).type_map if "Comparator" in name]
)
def test_the_inputs_are_what_was_agreed(name: str) -> None:
    agreed: Any = build_schema(AGREED).type_map[name]
    served: Any = SERVED.type_map[name]

    assert {f: str(a.type) for f, a in served.fields.items()} == {
        f: str(a.type) for f, a in agreed.fields.items()
    }


@pytest.mark.parametrize("name", ["SortDirection", "IdComparator", "IntComparator"])
def test_everything_in_them_is_described(name: str) -> None:
    printed = print_type(SERVED.type_map[name])
    lines = [line.strip() for line in printed.splitlines()]
    members = [n for n, line in enumerate(lines) if line and line[0].isalpha()]

    assert all(lines[n - 1].endswith('"""') for n in members)


def test_a_comparator_that_asks_nothing_is_met_by_every_row() -> None:
    assert compare("name", StringComparator()) == EVERYTHING


def test_all_conditions_of_a_comparator_must_hold() -> None:
    asked = StringComparator(neq="a", in_=["b", "c"], starts_with="d", is_null=False)

    assert compare("name", asked) == all_of(
        condition("name", "neq", "a"),
        condition("name", "in", ["b", "c"]),
        condition("name", "starts_with", "d"),
        condition("name", "not_null"),
    )


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (IdComparator(nin=[]), condition("x", "nin", [])),
        (IdComparator(is_null=True), condition("x", "null")),
        (IntComparator(eq=0), condition("x", "eq", 0)),
        (IntComparator(gt=1), condition("x", "gt", 1)),
        (BooleanComparator(eq=False), condition("x", "eq", value=False)),
        (StringComparator(contains=""), condition("x", "contains", "")),
    ],
)
def test_values_that_are_false_or_empty_are_conditions_too(
    asked: Any, wanted: object
) -> None:
    assert compare("x", asked) == wanted


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (IdComparator(eq=None), "eq"),
        (IdComparator(in_=None), "in"),
        (StringComparator(starts_with=None), "startsWith"),
        (IntComparator(lte=None), "lte"),
        (BooleanComparator(eq=None), "eq"),
        (DateTimeComparator(gt=None), "gt"),
        (IdComparator(is_null=None), "isNull"),
    ],
)
def test_an_explicit_null_is_refused_by_the_name_the_caller_knows(
    asked: Any, name: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"^'dueAt.{name}'"):
        compare("x", asked, "due_at")


def test_an_instant_may_be_counted_from_now() -> None:
    week = compare("at", DateTimeComparator(gte="-P7D")).values[0]

    assert isinstance(week, datetime)
    assert abs(datetime.now(UTC) - timedelta(days=7) - week) < timedelta(seconds=5)


def test_two_durations_are_counted_from_the_same_now() -> None:
    gt, lte = compare("at", DateTimeComparator(gt="-P1D", lte="PT0S")).values

    assert isinstance(gt, datetime)
    assert isinstance(lte, datetime)
    assert lte - gt == timedelta(days=1)


def test_what_is_no_instant_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        compare("at", DateTimeComparator(lt="yesterday"))


def test_a_list_too_long_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at most 500"):
        compare("x", IntComparator(in_=list(range(501))))
