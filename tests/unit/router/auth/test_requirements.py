"""What a field demands is found wherever it is said: types, interfaces, @requires."""

import pytest

from kit.identity import ANONYMOUS, Identity, Kind
from router.auth.requirements import Demands, Requirement
from router.supergraph import read_supergraph
from tests.support.planning import sdl_of
from tests.support.supergraphs import supergraph

SIGNED_IN = Requirement()
BODY = """
type Query @join__type(graph: A) @join__type(graph: B) {
  open: Int @join__field(graph: A)
  me: User @join__field(graph: A) @signedIn
  pay: Money @join__field(graph: A)
  mood: Mood @join__field(graph: A)
  node: Node @join__field(graph: A)
  any: Thing @join__field(graph: A)
}
scalar Money @join__type(graph: A) @requiresScopes(scopes: [["money"], ["all", "see"]])
enum Mood @join__type(graph: A) @policy(policies: [["boss"]]) { GOOD BAD }
interface Node @join__type(graph: A) { id: ID! name: String }
union Thing @join__type(graph: A) @join__unionMember(graph: A, member: "User")
  @join__unionMember(graph: A, member: "Secret") = User | Secret
type User implements Node
  @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
  @join__implements(graph: A, interface: "Node") {
  id: ID!
  name: String @join__field(graph: A) @requiresScopes(scopes: [["names"]])
  weight: Int @join__field(graph: A) @join__field(graph: B, external: true) @signedIn
  size: Size @join__field(graph: A) @join__field(graph: B, external: true)
  bill: Int @join__field(graph: B, requires: "weight")
  parcel: Int @join__field(graph: B, requires: "size { w { deep } }")
  twice: Int @join__field(graph: B, requires: "bill")
  free: Int @join__field(graph: A)
}
type Size @join__type(graph: A) @join__type(graph: B) { w: Wide }
type Wide @join__type(graph: A) @join__type(graph: B) {
  deep: Int @requiresScopes(scopes: [["deep"]])
}
type Secret implements Node @join__type(graph: A)
  @join__implements(graph: A, interface: "Node") @requiresScopes(scopes: [["secret"]]) {
  id: ID! name: String
}
"""
DEMANDS = Demands(supergraph(BODY))


def scopes(*names: str) -> Requirement:
    return Requirement(scopes=(frozenset(names),))


@pytest.mark.parametrize(
    ("field", "demanded"),
    [
        ("Query.open", set[Requirement]()),
        ("Query.me", {SIGNED_IN}),
        ("Query.pay", {Requirement((frozenset({"money"}), frozenset({"all", "see"})))}),
        ("Query.mood", {Requirement(policies=(frozenset({"boss"}),))}),
        ("Query.node", set[Requirement]()),
        ("User.free", set[Requirement]()),
        # What is fetched for a field counts, whatever fetches it.
        ("User.bill", {SIGNED_IN}),
        ("User.parcel", {scopes("deep")}),
        ("User.twice", {SIGNED_IN}),
        # Who answers a field of an interface is not known before.
        ("Node.name", {scopes("names"), scopes("secret")}),
        ("Node.id", {scopes("secret")}),
        ("Node.__typename", set[Requirement]()),
        ("Query.nonsense", set[Requirement]()),
        ("Nonsense.open", set[Requirement]()),
    ],
)
def test_a_field_demands(field: str, demanded: set[Requirement]) -> None:
    assert set(DEMANDS.of_field(*field.split("."))) == demanded


def test_a_type_demands_wherever_it_is_met() -> None:
    assert DEMANDS.of_type("Secret") == (scopes("secret"),)
    assert DEMANDS.of_type("User") == ()


def test_what_only_interface_objects_give_is_kept_as_the_interface_says() -> None:
    demands = Demands(
        supergraph("""
        type Query @join__type(graph: A) { user: User }
        interface Node @join__type(graph: A, key: "id")
          @join__type(graph: B, key: "id", isInterfaceObject: true) {
          id: ID! secret: Int @join__field(graph: B) @signedIn
        }
        type User implements Node @join__type(graph: A, key: "id")
          @join__implements(graph: A, interface: "Node") {
          id: ID! secret: Int @join__field
        }
        """)
    )
    assert demands.of_field("User", "secret") == (SIGNED_IN,)


def test_fields_that_need_each_other_are_looked_at_once() -> None:
    demands = Demands(
        supergraph("""
        type Query @join__type(graph: A) { user: User }
        type User @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
          id: ID!
          a: Int
            @join__field(graph: A, requires: "b")
            @join__field(graph: B, external: true)
          b: Int @join__field(graph: B, requires: "a") @signedIn
        }
        """)
    )
    assert demands.of_field("User", "a") == (SIGNED_IN,)


def test_a_stranger_meets_nothing_and_a_caller_what_their_token_says() -> None:
    several = Requirement(scopes=(frozenset({"a", "b"}), frozenset({"c"})))
    policy = Requirement(policies=(frozenset({"boss"}),))
    forged = Identity("", kind=Kind.ANONYMOUS, scopes=frozenset({"c"}))
    half = Identity("usr_1", scopes=frozenset({"a"}))
    whole = Identity("usr_1", scopes=frozenset({"a", "b", "d"}))
    boss = Identity("usr_1", roles=frozenset({"boss"}))
    assert [each.met_by(ANONYMOUS) for each in (SIGNED_IN, several, policy)] == [
        *(False, False, False)
    ]
    assert not several.met_by(forged)
    assert not several.met_by(half)
    assert several.met_by(whole)
    assert policy.met_by(boss)
    assert not policy.met_by(whole)


def test_where_nothing_is_demanded_nothing_has_to_be_compared() -> None:
    assert DEMANDS.any
    assert not Demands(supergraph("type Query @join__type(graph: A) { a: Int }")).any


def test_what_is_read_from_a_context_is_demanded_too() -> None:
    marked = ' @requiresScopes(scopes: [["costs:read"]])'
    before, _, after = sdl_of("context").rpartition(marked)
    assert "margin: String" in before[-400:]
    demands = Demands(read_supergraph(before + after))

    assert demands.of_field("Item", "margin") == demands.of_field("Ticket", "cost")
    assert demands.of_field("Item", "margin") == (
        Requirement(scopes=(frozenset({"costs:read"}),)),
    )
    assert demands.of_field("Item", "price") == ()
