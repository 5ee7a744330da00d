import pytest

from router.errors import SupergraphError
from router.supergraph import read_supergraph
from router.supergraph.model import Applied, FieldJoin, Key
from tests.support.planning import sdl_of, supergraph_of

SCHEMA = """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  {more}
{{ query: Query }}
enum join__Graph {{ A @join__graph(name: "a", url: "http://a.test") }}
type Query @join__type(graph: A) {{ one: Int }}
"""


def minimal(more: str = "") -> str:
    return SCHEMA.format(more=more)


def test_subgraphs_are_known_by_name_with_their_urls() -> None:
    supergraph = supergraph_of("keys")

    assert list(supergraph.subgraphs) == ["archive", "audit", "registry", "tickets"]
    assert supergraph.subgraphs["audit"].url == "http://audit.test/graphql"
    assert supergraph.roots == {"query": "Query"}


def test_keys_are_read_for_each_subgraph_with_their_resolvability() -> None:
    joins = supergraph_of("keys").types["Ticket"].joins

    assert joins["registry"].keys == (Key("number"), Key("id"))
    assert joins["audit"].keys == (Key("id", resolvable=False),)


def test_a_field_without_a_join_belongs_to_all_subgraphs_of_its_type() -> None:
    fields = supergraph_of("keys").types["Site"].fields

    assert list(fields["room"].joins) == ["archive", "registry"]


def test_a_field_s_join_says_what_it_requires_and_what_it_only_refers_to() -> None:
    fields = supergraph_of("requires").types["Ticket"].fields

    assert fields["daily"].joins == {
        "billing": FieldJoin("billing", requires="effort(unit:DAYS)")
    }
    assert fields["effort"].joins["billing"].external
    assert not fields["effort"].joins["tickets"].external


def test_an_override_with_a_label_leaves_both_subgraphs() -> None:
    joins = supergraph_of("overrides").types["User"].fields["phone"].joins

    assert joins["new"].override == "old"
    assert joins["new"].override_label == "percent(25)"
    assert joins["old"].override is None
    assert joins["old"].override_label == "percent(25)"


def test_an_interface_object_is_one_and_gives_its_fields_to_all() -> None:
    types = supergraph_of("interface_objects").types

    assert types["Asset"].joins["costs"].is_interface_object
    assert types["Laptop"].fields["price"].joins == {}


def test_union_members_and_implementations_are_kept_by_subgraph() -> None:
    types = supergraph_of("abstract").types

    assert types["Outcome"].members == {
        "Done": ("search", "tickets"),
        "Failed": ("search",),
        "Waiting": ("tickets",),
    }
    assert types["User"].implements == {"Node": ("search",)}


def test_renamed_and_re_imported_directives_keep_their_meaning() -> None:
    sdl = """schema
      @link(url: "https://specs.apollo.dev/join/v0.5", as: "j", for: EXECUTION)
      @link(url: "https://specs.apollo.dev/inaccessible/v0.2", as: "hidden")
      @link(url: "https://specs.apollo.dev/requiresScopes/v0.1",
            import: [{name: "@requiresScopes", as: "@may"}], for: SECURITY)
    { query: Query }
    enum j__Graph { A @j__graph(name: "a", url: "http://a.test") }
    type Query @j__type(graph: A) {
      one: Int @hidden
      two: Int @may(scopes: [["x"]])
    }
    """
    fields = read_supergraph(sdl).types["Query"].fields

    assert fields["one"].applied == (Applied("inaccessible"),)
    assert fields["two"].applied == (Applied("requiresScopes", {"scopes": [["x"]]}),)
    assert list(fields["two"].joins) == ["a"]


def test_the_first_version_names_owners_instead() -> None:
    sdl = """schema
      @core(feature: "https://specs.apollo.dev/core/v0.1")
      @core(feature: "https://specs.apollo.dev/join/v0.1")
    { query: Query }
    enum join__Graph {
      A @join__graph(name: "a", url: "http://a.test")
      B @join__graph(name: "b", url: "http://b.test")
    }
    type Query { me: User @join__field(graph: A) }
    type User
      @join__owner(graph: A)
      @join__type(graph: A, key: "id")
      @join__type(graph: B, key: "id")
    {
      id: ID! @join__field(graph: A)
      name: String
      posts: Int @join__field(graph: B)
    }
    """
    user = read_supergraph(sdl).types["User"]

    assert list(user.fields["name"].joins) == ["a"]
    assert list(user.fields["posts"].joins) == ["b"]
    assert user.joins["b"].keys == (Key("id"),)


@pytest.mark.parametrize("purpose", ["EXECUTION", "SECURITY"])
def test_an_unknown_feature_that_is_vital_refuses_and_names_itself(
    purpose: str,
) -> None:
    link = f'@link(url: "https://specs.example.com/magic/v1.0", for: {purpose})'

    with pytest.raises(SupergraphError, match=r"magic/v1\.0 for \w+.*line 4"):
        read_supergraph(minimal(link))


def test_an_unknown_feature_that_is_not_vital_is_let_be() -> None:
    supergraph = read_supergraph(
        minimal('@link(url: "https://specs.example.com/magic/v1.0")')
    )

    assert list(supergraph.types) == ["Query"]


@pytest.mark.parametrize(
    ("sdl", "message"),
    [
        ("type Query {\n  one: Int\n  two(: Int\n}", r"not GraphQL.*line 3"),
        ("type Query { one: Int }", r"no join specification.*line 1"),
        (minimal().replace("v0.3", "v0.9"), r"v0.9 is not known.*line 3"),
        (minimal().replace("graph: A", "graph: Z"), r"Z is no subgraph.*line 7"),
        (minimal().replace("@join__graph", "@other"), "lists no subgraphs"),
    ],
)
def test_what_is_no_supergraph_says_which_line_is_wrong(sdl: str, message: str) -> None:
    with pytest.raises(SupergraphError, match=message):
        read_supergraph(sdl)


def test_every_case_can_be_read() -> None:
    for case in ("abstract", "conditions", "interface_objects", "provides", "shared"):
        assert read_supergraph(sdl_of(case)).subgraphs
