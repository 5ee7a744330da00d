import pytest

from router.errors import SupergraphError
from router.graph import build_graph
from router.graph.model import Need
from router.operation.model import Argument
from router.supergraph import read_supergraph
from tests.support.planning import graph_of

BROKEN = """schema
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a.test") }
type Query @join__type(graph: A) { user: User }
type User @join__type(graph: A, key: "KEY") { id: ID! }
"""


def test_every_resolvable_key_is_a_way_in() -> None:
    entries = graph_of("keys").entries["Ticket"]

    assert [(one.subgraph, one.key.text) for one in entries] == [
        ("archive", "id site { building room }"),
        ("registry", "number"),
        ("registry", "id"),
        ("tickets", "number"),
    ]


def test_an_implementation_can_be_entered_as_its_interface_object() -> None:
    entries = graph_of("interface_objects").entries["Laptop"]

    assert [(one.subgraph, one.typename) for one in entries] == [
        ("assets", "Laptop"),
        ("costs", "Asset"),
    ]


def test_an_interface_is_entered_only_where_interface_objects_make_that_needed() -> (
    None
):
    assert graph_of("abstract").entries["Node"] == ()
    assert [
        (one.subgraph, one.typename)
        for one in graph_of("interface_objects").entries["Asset"]
    ] == [("assets", "Asset"), ("costs", "Asset")]


def test_resolvers_are_the_field_s_own_or_those_of_the_interface_object() -> None:
    resolvers = graph_of("interface_objects").resolvers

    assert resolvers["Laptop", "cores"] == (("assets", "Laptop"),)
    assert resolvers["Laptop", "price"] == (("costs", "Asset"),)


def test_an_abstract_type_has_the_members_that_each_subgraph_knows() -> None:
    graph = graph_of("abstract")

    assert graph.possible["Outcome"] == ("Done", "Failed", "Waiting")
    assert graph.types["search"]["Outcome"].possible == ("Done", "Failed")
    assert graph.types["tickets"]["Node"].possible == ("Ticket", "Task")


def test_required_fields_know_their_arguments_and_their_types() -> None:
    fields = graph_of("requires").types["billing"]["Ticket"].fields

    assert fields["daily"].requires == (Need("effort", (Argument("unit", "DAYS"),)),)
    (place,) = fields["route"].requires
    assert [(one.name, one.on) for one in place.needs] == [
        ("name", ()),
        ("floor", ("Room",)),
        ("city", ("Street",)),
    ]


def test_a_label_belongs_to_both_sides_of_an_override() -> None:
    graph = graph_of("overrides")
    new = graph.types["new"]["User"].fields["phone"]
    old = graph.types["old"]["User"].fields["phone"]

    assert graph.labels == ("percent(25)", "beta")
    assert (new.label, new.by_label) == ("percent(25)", True)
    assert (old.label, old.by_label) == ("percent(25)", False)


def test_a_key_of_a_field_that_is_not_there_is_refused_by_name() -> None:
    supergraph = read_supergraph(BROKEN.replace("KEY", "id name"))

    with pytest.raises(SupergraphError, match=r'"id name" of User in a.*name.*line 6'):
        build_graph(supergraph)


def test_a_key_that_is_no_field_set_is_refused_by_place() -> None:
    supergraph = read_supergraph(BROKEN.replace("KEY", "id {"))

    with pytest.raises(SupergraphError, match=r'@key on User in a: "id \{" is no'):
        build_graph(supergraph)


def test_what_a_context_gives_is_read_of_all_types_that_have_it() -> None:
    fields = graph_of("context").types["a"]["Good"].fields
    currency, share = fields["offer"].context

    assert (currency.name, currency.type) == ("currency", "String")
    assert currency.holders == {"Ticket"}
    assert currency.selection == (Need("currency"),)
    assert share.holders == {"Ticket", "Shop", "Person"}
    assert [(one.name, one.on) for one in share.selection] == [
        ("tax", ("Shop",)),
        ("share", ("Person",)),
        ("rate", ("Ticket",)),
    ]


def test_an_interface_s_or_union_s_context_is_one_of_its_types() -> None:
    link = '@link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)'
    sdl = f"""schema
      @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {link}
    {{ query: Query }}
    enum join__Graph {{ A @join__graph(name: "a", url: "http://a.test") }}
    type Query @join__type(graph: A) {{ i: I u: U }}
    interface I @join__type(graph: A) @context(name: "a__c") {{ x: Int }}
    union U @join__type(graph: A) @join__unionMember(graph: A, member: "B")
      @context(name: "a__c") = B
    type A implements I @join__type(graph: A)
      @join__implements(graph: A, interface: "I") {{ x: Int }}
    type B @join__type(graph: A) {{ e: E }}
    type E @join__type(graph: A, key: "id") {{
      id: ID!
      kind: Int @join__field(graph: A, contextArguments: [
        {{ context: "a__c", name: "k", type: "String", selection: "{{ __typename }}" }}
      ])
    }}
    """
    graph = build_graph(read_supergraph(sdl))
    (value,) = graph.types["a"]["E"].fields["kind"].context

    assert (value.holders, value.selection) == ({"A", "B"}, ())
