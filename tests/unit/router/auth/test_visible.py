"""What a caller may see of an operation."""

import pytest
from graphql import parse

from kit.identity import ANONYMOUS, Identity
from router.auth.requirements import Demands
from router.auth.visible import Rules, Visible
from router.operation.normalize import normalize
from router.supergraph.read import read_supergraph
from router.supergraph.schema import api_schema
from tests.support.routers import HEAD

SDL = (
    HEAD
    + """
type Query @join__type(graph: TICKETS) {
  open: Thing @join__field(graph: TICKETS)
  signed: Thing @authenticated
  secret: Secret
  either: Either
  named: Named
}
type Mutation @join__type(graph: TICKETS) { act: Int @requiresScopes(scopes: [["a", "b"], ["c"]]) }
interface Named @join__type(graph: TICKETS) { name: String }
type Thing implements Named @join__type(graph: TICKETS) @join__implements(graph: TICKETS, interface: "Named")
{ name: String price: Int @requiresScopes(scopes: [["price"]]) self: Thing }
type Secret implements Named @join__type(graph: TICKETS) @join__implements(graph: TICKETS, interface: "Named")
  @requiresScopes(scopes: [["secret"]]) { name: String @policy(policies: [["boss"]]) code: Int }
union Either @join__type(graph: TICKETS) @join__unionMember(graph: TICKETS, member: "Thing")
  @join__unionMember(graph: TICKETS, member: "Secret") = Thing | Secret
"""  # noqa: E501 - SDL
)
SUPERGRAPH = read_supergraph(SDL)
SCHEMA = api_schema(SUPERGRAPH)


def see(text: str, identity: Identity) -> Visible:
    operation = normalize(SCHEMA, parse(text))
    rules = Rules(Demands(SUPERGRAPH), operation)
    return rules.visible(rules.met_by(identity))


def holding(*scopes: str, roles: tuple[str, ...] = ()) -> Identity:
    return Identity("usr_1", scopes=frozenset(scopes), roles=frozenset(roles))


def test_what_demands_nothing_is_the_same_operation() -> None:
    found = see("{ open { name } }", ANONYMOUS)
    assert found.operation is found.shape
    assert (found.refused, found.nothing) == ((), False)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("{ open { name } signed { name } }", ("signed",)),
        ("{ open { self { cost: price name } } }", ("open", "self", "cost")),
        ("{ open { name } secret { code } }", ("secret",)),
    ],
)
def test_nobody_sees_what_needs_somebody(text: str, refused: tuple[str, ...]) -> None:
    found = see(text, ANONYMOUS)
    assert found.refused == (refused,)
    assert refused[-1] not in found.operation.text
    assert not found.nothing


@pytest.mark.parametrize(
    ("scopes", "seen"),
    [((), False), (("a",), False), (("a", "b"), True), (("c",), True)],
)
def test_of_several_sets_of_scopes_one_must_be_held_whole(
    scopes: tuple[str, ...], seen: bool
) -> None:
    assert (see("mutation { act }", holding(*scopes)).refused == ()) is seen


def test_a_types_demand_holds_wherever_it_is_met() -> None:
    text = "{ either { ... on Thing { name } ... on Secret { code } } }"
    found = see(text, holding())
    assert found.refused == (("either", "code"),)
    assert "code" not in found.operation.text
    assert see(text, holding("secret")).refused == ()


def test_an_object_of_which_nothing_is_left_is_still_known_to_be_there() -> None:
    found = see("{ open { price } }", holding())
    assert "__typename" in found.operation.text
    assert not found.nothing


def test_nothing_left_is_nothing_to_ask() -> None:
    assert see("{ signed { name } __typename }", ANONYMOUS).nothing
    assert see("mutation { act }", ANONYMOUS).nothing


def test_a_refused_field_keeps_its_place_in_the_shape() -> None:
    found = see("{ open { price name } }", holding())
    (field,) = found.shape.selections.fields
    assert field.selections is not None
    assert [each.key for each in field.selections.fields] == ["price", "name"]


def test_a_problem_says_what_is_missing() -> None:
    (problem,) = see("{ signed { name } open { name } }", ANONYMOUS).problems()
    assert problem.path == ("signed",)
    assert problem.extensions == {"code": "UNAUTHORIZED_FIELD_OR_TYPE"}
