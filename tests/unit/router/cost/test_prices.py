"""Prices are the supergraph's, or one for an object and nothing for a scalar."""

from router.cost.prices import ListSize, Price, Prices
from tests.support.supergraphs import supergraph

PRICES = Prices(
    supergraph("""
    type Query @join__type(graph: A) {
      plain: Int
      user: User
      cheap: User @cost(weight: 0)
      paged(first: Int @cost(weight: 3)): [User]
        @listSize(assumedSize: 9, slicingArguments: ["first"], sizedFields: ["x"],
          requireOneSlicingArgument: false)
      bad: Int @cost(weight: -4)
    }
    type User @join__type(graph: A) @cost(weight: 6) { id: ID }
    enum Mood @join__type(graph: A) @cost(weight: 2) { GOOD }
    input Filter @join__type(graph: A) { name: String @cost(weight: 4) other: Int }
    """),
    list_size=10,
)


def test_a_field_costs_what_it_says_or_else_what_its_type_does() -> None:
    assert PRICES.of_field("Query", "plain") == Price(0)
    assert PRICES.of_field("Query", "user") == Price(6)
    assert PRICES.of_field("Query", "cheap") == Price(0)
    assert PRICES.of_field("Query", "__typename") == Price(0)
    assert PRICES.of_field("Query", "bad") == Price(0)


def test_a_list_says_how_large_it_is() -> None:
    size = ListSize(9, ("first",), ("x",), one_slicing=False)
    assert PRICES.of_field("Query", "paged") == Price(6, size)


def test_arguments_and_inputs_have_prices_of_their_own() -> None:
    assert PRICES.of_argument("Query", "paged", "first") == 3
    assert PRICES.of_argument("Query", "paged", "last") is None
    assert PRICES.of_input("Filter") == 1
    assert PRICES.of_input_field("Filter", "name") == 4
    assert PRICES.of_input_field("Filter", "other") is None


def test_enums_cost_nothing_unless_they_say_so() -> None:
    assert (PRICES.of_type("Mood"), PRICES.of_type("Int")) == (2, 0)
