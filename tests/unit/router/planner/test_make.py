from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from router.errors import UnsatisfiableError
from router.planner import make_plan
from tests.support.planning import drawn, graph_of, operation_of, plan_of, requests


def test_a_query_of_one_subgraph_is_one_fetch() -> None:
    assert drawn("keys", "{ tickets { number title } }") == snapshot("""\
QueryPlan {
  Fetch(service: "tickets") {
    tickets {
      number
      title
    }
  }
}\
""")


def test_introspection_alone_asks_no_subgraph() -> None:
    plan = plan_of("keys", "{ __typename __schema { queryType { name } } }")

    assert plan.fetches == ()
    assert plan.waves == 0


def test_a_selection_of_typename_alone_asks_whether_the_object_is_there() -> None:
    assert drawn("keys", '{ ticket(number: "1") { __typename } }') == snapshot("""\
QueryPlan {
  Fetch(service: "tickets") {
    ticket(number: "1") {
      __typename
    }
  }
}\
""")


def test_a_shared_root_field_is_asked_of_each_subgraph_that_holds_a_part() -> None:
    assert drawn("shared", "{ viewer { name tasks mails } version }") == snapshot("""\
QueryPlan {
  Parallel {
    Fetch(service: "a") {
      viewer {
        name
        mails
      }
      version
    },
    Fetch(service: "b") {
      viewer {
        tasks
      }
    },
  }
}\
""")


def test_a_movable_field_rides_along_with_what_must_be_asked_anyway() -> None:
    assert requests(plan_of("shared", "{ version viewer { tasks mails } }")) == ["1 b"]


def test_root_fields_of_a_mutation_stay_in_sequence() -> None:
    text = """mutation {
      open(title: "A") { id stars }
      close(id: 1) { slow }
      rate(id: 1, stars: 2) { title }
      again: open(title: "B") { id }
    }"""

    assert drawn("shared", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      open(title: "A") {
        id
      }
      close(id: 1) {
        id
      }
    },
    Batch(service: "b") {
      Flatten(path: "open") {
        Fetch(service: "b") {
          {
            ... on Ticket {
              __typename
              id
            }
          } =>
          {
            ... on Ticket {
              stars
            }
          }
        }
      },
      Flatten(path: "close") {
        Fetch(service: "b") {
          {
            ... on Ticket {
              __typename
              id
            }
          } =>
          {
            ... on Ticket {
              slow
            }
          }
        }
      },
    },
    Fetch(service: "b") {
      rate(id: 1, stars: 2) {
        id
      }
    },
    Flatten(path: "rate") {
      Fetch(service: "a") {
        {
          ... on Ticket {
            __typename
            id
          }
        } =>
        {
          ... on Ticket {
            title
          }
        }
      }
    },
    Fetch(service: "a") {
      again: open(title: "B") {
        id
      }
    },
  }
}\
""")


def test_what_a_mutation_returns_is_complete_before_the_next_one_starts() -> None:
    text = 'mutation { open(title: "A") { stars } rate(id: 1, stars: 2) { id } }'
    plan = plan_of("shared", text)

    assert [(one.id, one.after) for one in plan.fetches] == [
        (0, ()),
        (1, (0,)),
        (2, (0, 1)),
    ]


def test_a_shared_mutation_field_is_run_once() -> None:
    assert drawn("shared", "mutation { touch { id stars title } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      touch {
        id
        title
      }
    },
    Flatten(path: "touch") {
      Fetch(service: "b") {
        {
          ... on Ticket {
            __typename
            id
          }
        } =>
        {
          ... on Ticket {
            stars
          }
        }
      }
    },
  }
}\
""")


def test_a_subscription_comes_first_and_the_rest_of_each_event_after_it() -> None:
    plan = plan_of("shared", "subscription { opened { id title stars } }")

    assert [(one.kind, one.service, one.after) for one in plan.fetches] == [
        ("subscription", "a", ()),
        ("query", "b", (0,)),
    ]


def test_planning_twice_gives_the_same_plan() -> None:
    text = "{ search { ... on User { name email } ... on Ticket { name } } }"

    assert plan_of("abstract", text) == plan_of("abstract", text)


def test_a_field_without_a_way_is_our_error_and_is_named() -> None:
    graph = graph_of("keys")
    stranded = replace(graph, entries={})
    operation = operation_of("keys", "{ tickets { shelf } }")

    with pytest.raises(
        UnsatisfiableError,
        match=r'No subgraph can resolve Ticket.shelf from "tickets.@.shelf"',
    ):
        make_plan(stranded, operation)


def test_an_operation_s_name_goes_along_to_subgraphs() -> None:
    plan = plan_of("shared", "query Mine($n: Boolean!) { version @skip(if: $n) }")

    assert plan.fetches[0].operation_name == "Mine__a__0"
    assert plan.fetches[0].document.startswith("query Mine__a__0{")


def test_the_query_type_below_a_field_is_asked_of_others_as_root_fields() -> None:
    text = "mutation { save { ok query { me { id name } news } all { news } } }"

    assert drawn("again", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      save {
        ok
        query {
          __typename
          me {
            id
          }
        }
        all {
          __typename
        }
      }
    },
    Parallel {
      Flatten(path: "save.query.me") {
        Fetch(service: "b") {
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
      Flatten(path: "save.query") {
        Fetch(service: "b") {
          news
        }
      },
      Flatten(path: "save.all.@") {
        Fetch(service: "b") {
          news
        }
      },
    },
  }
}\
""")
