from graphql import print_schema, validate_schema

from router.supergraph import api_schema, read_supergraph
from tests.support.planning import schema_of

HIDING = """schema
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  @link(url: "https://specs.apollo.dev/tag/v0.3")
{ query: Query }
directive @inaccessible on FIELD_DEFINITION
directive @tag(name: String!) on FIELD_DEFINITION
directive @live on QUERY
directive @mark on OBJECT
enum join__Graph { A @join__graph(name: "a", url: "http://a.test") }
scalar join__FieldSet
type Query @join__type(graph: A) {
  pet(kind: Kind, secret: Int @inaccessible): Pet @tag(name: "x")
  old: Int @deprecated(reason: "No.")
  gone: Ghost @inaccessible
}
union Pet @join__type(graph: A) = Cat | Ghost
interface Secret @join__type(graph: A) @inaccessible { name: String }
type Cat implements Secret @join__type(graph: A) { name: String }
type Ghost implements Secret @join__type(graph: A) @inaccessible { name: String }
enum Kind @join__type(graph: A) { TAME WILD @inaccessible }
input Filter @join__type(graph: A) { name: String hidden: Int @inaccessible }
"""


def test_clients_see_neither_machinery_nor_what_is_inaccessible() -> None:
    schema = api_schema(read_supergraph(HIDING))

    assert (
        print_schema(schema)
        == """directive @live on QUERY

type Query {
  pet(kind: Kind): Pet
  old: Int @deprecated(reason: "No.")
}

union Pet = Cat

type Cat {
  name: String
}

enum Kind {
  TAME
}

input Filter {
  name: String
}"""
    )


def test_the_api_of_every_case_is_a_valid_schema() -> None:
    for case in ("abstract", "interface_objects", "keys", "requires", "shared"):
        assert validate_schema(schema_of(case)) == []
