from graphql import parse
from inline_snapshot import snapshot

from router.graph import build_graph
from router.operation import normalize
from router.plan.nodes import Deferred
from router.plan.render import render
from router.planner import make_plan
from router.planner.layers import own_name
from router.supergraph import api_schema, read_supergraph
from tests.support.following import SDL
from tests.support.planning import graph_of, schema_of


def plan(text: str):  # noqa: ANN201
    return make_plan(
        graph_of("conditions"), normalize(schema_of("conditions"), parse(text))
    )


def test_what_is_deferred_is_asked_by_itself() -> None:
    text = '{ ticket { title ... @defer(label: "x") { cost owner { name } } } }'
    found = plan(text)

    assert render(found) == snapshot("""\
QueryPlan {
  Defer {
    Primary {
      Fetch(service: "a") {
        ticket {
          title
          id
        }
      }
    },
    Deferred(depends: [], path: "ticket", label: "x") {
      Sequence {
        Flatten(path: "ticket") {
          Fetch(service: "b") {
            {
              ... on Ticket {
                __typename
                id
              }
            } =>
            {
              ... on Ticket {
                cost
                owner {
                  id
                }
              }
            }
          }
        },
        Flatten(path: "ticket.owner") {
          Fetch(service: "c") {
            {
              ... on User {
                __typename
                id
              }
            } =>
            {
              ... on User {
                name
              }
            }
          }
        },
      }
    },
  }
}\
""")
    assert found.deferred == (Deferred(1, 0, "x", ("ticket",), (1,)),)
    assert [each.part for each in found.fetches] == snapshot([0, 1, 1])


def test_what_no_key_leads_to_comes_with_what_is_around_it() -> None:
    assert [
        (each.service, each.part)
        for each in plan("{ ... @defer { ticket { title } } }").fetches
    ] == [("a", 1)]


def test_only_queries_are_answered_in_parts() -> None:
    supergraph = read_supergraph(SDL)
    text = 'subscription { ticketChanged(id: "1") { id ... @defer { title } } }'
    operation = normalize(api_schema(supergraph), parse(text))

    found = make_plan(build_graph(supergraph), operation)

    assert operation.defers != ()
    assert (found.deferred, len(found.fetches)) == ((), 1)
    assert render(found) == snapshot("""\
QueryPlan {
  Subscription {
    Primary: {
      Fetch(service: "tickets") {
        ticketChanged(id: "1") {
          id
          title
        }
      }
    },
  }
}\
""")


def test_a_part_asks_the_subgraph_that_it_is_named_after() -> None:
    assert own_name("a#3") == "a"
