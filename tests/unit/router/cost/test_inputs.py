"""The values of arguments: what they cost, and which lists they cut."""

import pytest
from graphql import GraphQLArgument, GraphQLInt

from router.cost.amounts import evaluate
from router.cost.inputs import size_of
from router.cost.prices import ListSize
from router.errors import OperationError
from router.operation.model import Argument

BOTH = ListSize(slicing=("first", "last"))
LENIENT = ListSize(slicing=("first", "last"), one_slicing=False)
DECLARED = {name: GraphQLArgument(GraphQLInt) for name in ("first", "last")}


def sized(directive: ListSize, *arguments: Argument, **given: int | None) -> int:
    amount = size_of(directive, arguments, DECLARED, otherwise=10, place="Query.users")
    return evaluate(amount, given)


def test_the_argument_that_is_given_says_how_many() -> None:
    assert sized(BOTH, Argument("first", "3")) == 3
    assert sized(BOTH, Argument("last", "$n", ("n",)), n=8) == 8
    assert sized(BOTH, Argument("first", "3"), Argument("filter", "{}")) == 3


def test_where_nothing_says_it_is_assumed() -> None:
    assert sized(LENIENT) == 10
    assert sized(ListSize(assumed=4, slicing=("first",), one_slicing=False)) == 4
    assert sized(BOTH, Argument("last", "$n", ("n",)), n=None) == 10


def test_of_several_the_largest_counts() -> None:
    given = Argument("first", "3"), Argument("last", "$n", ("n",))
    assert (sized(LENIENT, *given, n=8), sized(LENIENT, *given, n=1)) == (8, 3)


def test_one_and_only_one_where_the_schema_wants_it() -> None:
    for given in ((), (Argument("first", "1"), Argument("last", "2"))):
        with pytest.raises(OperationError, match=r"Query\.users"):
            sized(BOTH, *given)
