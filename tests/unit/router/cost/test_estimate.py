"""An operation costs its objects, times the lists around them, for any variables."""

from typing import Any

import pytest
from graphql import parse

from router.cost.amounts import UNBOUNDED
from router.cost.estimate import Estimate, estimate
from router.cost.prices import Prices
from router.errors import OperationError
from router.operation.normalize import normalize
from router.supergraph.schema import api_schema
from tests.support.supergraphs import supergraph

GRAPH = supergraph("""
type Query @join__type(graph: A) {
  user: User
  users(first: Int, last: Int): UserConnection
    @listSize(assumedSize: 20, slicingArguments: ["first", "last"],
      sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
  strict(first: Int, last: Int): [User]
    @listSize(slicingArguments: ["first", "last"])
  usual(first: Int = 7): [User]
    @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
  few: [User] @listSize(assumedSize: 3)
  many: [User]
  tags: [String]
  dear: Int @cost(weight: 40)
  search(filter: Filter, filters: [Filter!], text: String @cost(weight: 5)): Int
  thing: Thing
}
type UserConnection @join__type(graph: A) {
  nodes: [User!] edges: [Edge!] total: Int page: Page
}
type Edge @join__type(graph: A) { node: User cursor: String }
type Page @join__type(graph: A) @cost(weight: 0) { more: Boolean }
type User @join__type(graph: A) { id: ID friends: [User] @listSize(assumedSize: 5)
  photo: Photo secret: Secret }
type Photo @join__type(graph: A) @cost(weight: 8) { url: String }
scalar Secret @join__type(graph: A) @cost(weight: 2)
union Thing @join__type(graph: A) @join__unionMember(graph: A, member: "User")
  @join__unionMember(graph: A, member: "Photo") = User | Photo
input Filter @join__type(graph: A) {
  name: String and: [Filter!] heavy: Int @cost(weight: 9)
}
""")
SCHEMA = api_schema(GRAPH)
PRICES = Prices(GRAPH, list_size=10)


def priced(text: str) -> Estimate:
    return estimate(PRICES, SCHEMA, normalize(SCHEMA, parse(text)))


def cost(text: str, **variables: Any) -> int:
    return priced(text).of(variables)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ __typename }", 0),
        ("{ __schema { types { fields { name } } } }", 0),
        ("{ user { id } }", 1),
        ("{ user { id secret } }", 3),
        ("{ user { photo { url } } }", 9),
        ("{ a: user { id } b: user { id } }", 2),
        ("mutation { nothing }", 10),
        ("{ dear }", 40),
        ("{ tags }", 0),
        ("{ many { id } }", 10),
        ("{ few { id friends { id } } }", 3 * (1 + 5)),
        ("{ thing { ... on User { id } ... on Photo { url } } }", 1),
        ("{ thing { ... on User { photo { url } } } }", 9),
        # A connection is one object, and its pages are as large as asked for.
        ("{ users { nodes { id } } }", 1 + 20),
        ("{ users(first: 4) { nodes { id } total page { more } } }", 1 + 4),
        ("{ users(last: 3) { edges { node { id } cursor } } }", 1 + 3 * 2),
        ("{ users(first: 4) { nodes { photo { url } friends { id } } } }", 1 + 4 * 14),
        ("{ users(first: null) { nodes { id } } }", 1 + 20),
        ("{ users(first: 2, last: 6) { nodes { id } } }", 1 + 6),
        ("{ users(first: -5) { nodes { id } } }", 1),
        ("{ strict(first: 6) { id } }", 6),
        ("{ usual { id } }", 7),
        ("{ usual(first: 2) { id } }", 2),
        # Arguments cost by their input objects, or by a weight of their own.
        ('{ search(text: "a") }', 5),
        ('{ search(filter: {name: "a"}) }', 1),
        ("{ search(filter: {and: [{}, {and: [{}]}]}) }", 4),
        ("{ search(filter: {heavy: 1}, filters: [{}, {heavy: 2}]) }", 10 + 1 + 10),
    ],
)
def test_without_variables_a_cost_is_known_at_once(text: str, points: int) -> None:
    assert priced(text).amount == points


def test_variables_cut_lists() -> None:
    text = "query($n: Int) { users(first: $n) { nodes { id friends { id } } } }"
    assert cost(text, n=3) == 1 + 3 * 6
    assert cost(text, n=None) == cost(text) == 1 + 20 * 6
    assert cost(text, n=-1) == 1
    assert cost("query($n: Int = 9) { usual(first: $n) { id } }", n=9) == 9
    assert cost("query($n: Int) { usual(first: $n) { id } }") == 7


def test_variables_leave_fields_out() -> None:
    text = "query($a: Boolean!, $b: Boolean!) { dear @include(if: $a) @skip(if: $b) }"
    found = [cost(text, a=a, b=b) for a in (True, False) for b in (True, False)]
    assert found == [0, 40, 0, 0]


def test_variables_bring_inputs() -> None:
    text = "query($f: Filter) { search(filter: $f) }"
    assert cost(text, f={"and": [{"name": "a"}, {"heavy": 1}]}) == 1 + 1 + 10
    assert cost(text, f=None) == cost(text) == 0
    text = "query($n: Int) { search(filter: {heavy: $n}) }"
    assert cost(text, n=1) == 10


@pytest.mark.parametrize("arguments", ["", "(first: null)", "(first: 1, last: 1)"])
def test_a_list_that_one_argument_must_cut_is_refused_without_it(
    arguments: str,
) -> None:
    with pytest.raises(OperationError, match="exactly one of first or last") as error:
        priced(f"{{ strict{arguments} {{ id }} }}")
    assert error.value.code == "COST_QUERY_PARSE_FAILURE"


def test_lists_in_lists_are_not_counted_for_ever() -> None:
    text = "id"
    for _ in range(40):
        text = f"many: friends {{ {text} }}"
    assert cost(f"{{ user {{ {text} }} }}") == UNBOUNDED


def test_what_came_is_counted_as_it_came() -> None:
    found = priced("{ users { nodes { id photo { url } } total } tags dear }")
    nodes = [{"id": "1", "photo": {"url": "u"}}, {"id": "2", "photo": None}, None]
    data = {"users": {"nodes": nodes, "total": 3}, "tags": ["a"], "dear": 1}
    assert found.actual(data) == 1 + 2 + 8 + 40
    assert found.actual({"users": None}) == 0
    both = priced("{ thing { ... on User { s: secret } ... on Photo { s: url } } }")
    assert both.actual({"thing": {"s": "x"}}) == 1 + 2
    assert priced("mutation { nothing }").actual({"nothing": True}) == 10
