import time

import pytest
from graphql import build_schema, parse, validate
from inline_snapshot import snapshot

from router.errors import OperationError, OperationLimitError
from router.operation import normalize, render
from router.operation.model import Condition

SCHEMA = build_schema("""
  type Query {
    ticket(id: ID, filter: Filter): Ticket
    nodes: [Node!]!
    things: [Thing!]!
  }
  input Filter { status: String ids: [ID!] }
  interface Node { id: ID! }
  interface Named implements Node { id: ID! name: String }
  type Ticket implements Node { id: ID! title: String owner: User parent: Ticket }
  type User implements Named & Node { id: ID! name: String boss: User }
  type Group implements Named & Node { id: ID! name: String }
  union Thing = User | Group
  type Mutation { open: Ticket }
""")


def normalized(text: str, name: str | None = None) -> str:
    document = parse(text)
    assert not validate(SCHEMA, document)
    return render(normalize(SCHEMA, document, name))


def test_fragments_dissolve_and_equal_keys_unite() -> None:
    text = """query Q($i: ID) {
      ticket(id: $i) { ...T owner { id } }
      ... on Query { ticket(id: $i) { title owner { name } } }
    }
    fragment T on Ticket { owner { name } id }"""

    assert normalized(text) == snapshot("""\
query Q($i: ID) {
  ticket(id: $i) {
    owner {
      name
      id
    }
    id
    title
  }
}\
""")


def test_type_conditions_become_cases_only_where_they_say_something() -> None:
    text = """{ nodes {
      ... on Node { id }
      ... on Named { name ... on User { boss { id } } ... on Node { id } }
      ... on Ticket { title }
      ... on User { name }
    } }"""

    assert normalized(text) == snapshot("""\
query {
  nodes {
    id
    ... on Named {
      name
    }
    ... on User {
      boss {
        id
      }
      name
    }
    ... on Ticket {
      title
    }
  }
}\
""")


def test_an_interface_that_covers_a_union_keeps_its_fields() -> None:
    assert normalized("{ things { ... on Named { name } } }") == snapshot("""\
query {
  things {
    ... on Named {
      name
    }
  }
}\
""")


def test_an_overlap_without_a_name_is_written_type_by_type() -> None:
    schema = build_schema("""
      type Query { a: A }
      interface A { x: Int }
      interface B { y: Int }
      type One implements A { x: Int }
      type Two implements A & B { x: Int y: Int }
      type Three implements A & B { x: Int y: Int }
      type Four implements B { y: Int }
    """)
    document = parse("{ a { ... on B { y } } }")

    assert render(normalize(schema, document)) == snapshot("""\
query {
  a {
    ... on Two {
      y
    }
    ... on Three {
      y
    }
  }
}\
""")


def test_literal_conditions_are_carried_out_and_variable_ones_kept() -> None:
    text = """query($a: Boolean!, $b: Boolean!) {
      ticket {
        id @include(if: false)
        title @include(if: true) @skip(if: $a)
        ... @include(if: $a) { owner { name ... @skip(if: $b) { id } } }
        parent @include(if: $a) @skip(if: $a) { id }
      }
    }"""

    assert normalized(text) == snapshot("""\
query($a: Boolean!, $b: Boolean!) {
  ticket {
    title @skip(if: $a)
    owner @include(if: $a) {
      name
      id @skip(if: $b)
    }
  }
}\
""")


def test_one_key_under_several_conditions_has_alternatives() -> None:
    text = """query($a: Boolean!, $b: Boolean!) {
      ticket { owner @include(if: $a) { id } owner @skip(if: $b) { name } }
    }"""
    operation = normalize(SCHEMA, parse(text))
    ticket = operation.selections.fields[0].selections
    assert ticket is not None
    (owner,) = ticket.fields

    assert owner.when == ((Condition("a"),), (Condition("b", negated=True),))
    assert owner.selections is not None
    assert [one.when for one in owner.selections.fields] == [
        ((Condition("a"),),),
        ((Condition("b", negated=True),),),
    ]


def test_positions_follow_the_document_across_cases() -> None:
    text = "{ nodes { ... on User { name } id ... on User { boss { id } } } }"
    nodes = normalize(SCHEMA, parse(text)).selections.fields[0].selections
    assert nodes is not None
    fields = [*nodes.fields, *(one for case in nodes.cases for one in case.fields)]

    assert [one.key for one in sorted(fields, key=lambda one: one.position)] == [
        "name",
        "id",
        "boss",
    ]


def test_arguments_keep_their_variables_and_are_sorted() -> None:
    text = """query($s: String, $i: ID!) {
      ticket(filter: {status: $s, ids: [$i, "x"]}, id: 7) { id }
    }"""
    ticket = normalize(SCHEMA, parse(text)).selections.fields[0]

    assert [(one.name, one.variables) for one in ticket.arguments] == [
        ("filter", ("s", "i")),
        ("id", ()),
    ]


def test_the_named_operation_is_taken() -> None:
    text = "query A { ticket { id } } mutation B { open { id } }"

    assert normalized(text, "B") == snapshot("""\
mutation B {
  open {
    id
  }
}\
""")


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("query A { ticket { id } } query B { ticket { id } }", None, "Must provide"),
        ("query A { ticket { id } }", "C", "Unknown operation named 'C'"),
        ("fragment F on Ticket { id }", None, "Must provide an operation"),
        ("{ ticket { __typename: id } }", None, "'id' cannot be given"),
        ("subscription { open { id } }", None, "no subscription type"),
    ],
)
def test_what_cannot_be_meant_is_the_request_s_error(
    text: str, name: str | None, message: str
) -> None:
    with pytest.raises(OperationError, match=message):
        normalize(SCHEMA, parse(text), name)


def test_a_fragment_bomb_is_refused_at_once() -> None:
    parts = [
        f"fragment F{n} on User {{ a: boss {{ ...F{n + 1} }} "
        f"b: boss {{ ...F{n + 1} }} }}"
        for n in range(40)
    ]
    bomb = parse(
        "{ ticket { owner { ...F0 } } } "
        + " ".join(parts)
        + " fragment F40 on User { id }"
    )
    started = time.process_time()

    with pytest.raises(OperationLimitError, match="more than 2000 fields"):
        normalize(SCHEMA, bomb, max_fields=2000)
    assert time.process_time() - started < 2


def test_fragments_spread_over_and_over_cost_nothing_more() -> None:
    parts = [
        f"fragment F{n} on User {{ boss {{ ...F{n + 1} ...F{n + 1} }} "
        f"boss {{ ...F{n + 1} }} }}"
        for n in range(40)
    ]
    text = (
        "{ ticket { owner { ...F0 } } } "
        + " ".join(parts)
        + " fragment F40 on User { id }"
    )

    operation = normalize(SCHEMA, parse(text), max_fields=100)

    assert operation.text.count("boss") == 40
