from inline_snapshot import snapshot

from router.plan.nodes import Guard
from tests.support.planning import drawn, plan_of, requests


def test_a_condition_that_all_of_a_fetch_shares_guards_the_fetch() -> None:
    text = "query($x: Boolean!) { ticket { title cost @include(if: $x) } }"
    plan = plan_of("conditions", text)

    assert plan.fetches[1].guards == (Guard("x"),)
    assert drawn("conditions", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      ticket {
        title
        id
      }
    },
    Include(if: $x) {
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
            }
          }
        }
      }
    },
  }
}\
""")


def test_conditions_of_part_of_a_fetch_stay_on_its_fields() -> None:
    text = """query($x: Boolean!, $y: Boolean!) {
      ticket { cost owner @skip(if: $x) @include(if: $y) { name } }
    }"""

    assert drawn("conditions", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      ticket {
        id
      }
    },
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
            owner @skip(if: $x) @include(if: $y) {
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
}\
""")


def test_a_field_with_alternative_conditions_is_always_fetched() -> None:
    text = """query($x: Boolean!, $y: Boolean!) {
      ticket { title @include(if: $x) ... @include(if: $y) { title } }
    }"""

    document = plan_of("conditions", text).fetches[0].document

    assert document == snapshot("{ticket{title}}")


def test_two_conditions_of_a_kind_are_nested() -> None:
    text = """query($x: Boolean!, $y: Boolean!) {
      ticket { id ... @include(if: $x) { title @include(if: $y) } }
    }"""

    document = plan_of("conditions", text).fetches[0].document

    assert document == snapshot(
        "query($x:Boolean!,$y:Boolean!)"
        "{ticket{id ... @include(if: $y){title @include(if: $x)}}}"
    )


def test_a_key_is_fetched_even_where_the_client_s_field_is_conditional() -> None:
    text = "query($x: Boolean!) { ticket { id @include(if: $x) cost } }"

    document = plan_of("conditions", text).fetches[0].document

    assert document == snapshot(
        "query($x:Boolean!){ticket{id @include(if: $x) _id_0:id}}"
    )


def test_variables_and_their_defaults_go_where_they_are_used() -> None:
    text = """query($c: String = "USD", $x: Boolean!) {
      ticket { title @skip(if: $x) cost(currency: $c) }
    }"""
    plan = plan_of("conditions", text)

    assert [one.variables for one in plan.fetches] == [("x",), ("c",)]
    assert plan.fetches[1].document == snapshot(
        'query($r0:[_Any!]!,$c:String="USD"){_entities(representations:$r0)'
        "{...on Ticket{cost(currency:$c)}}}"
    )


def test_a_fetch_waits_for_what_it_reads_and_nothing_else() -> None:
    text = "{ ticket { cost } tickets { owner { name } } }"
    plan = plan_of("conditions", text)

    assert [(one.id, one.service, one.after) for one in plan.fetches] == snapshot(
        [(0, "a", ()), (1, "b", (0,)), (2, "c", (1,))]
    )


def test_a_fetch_is_put_off_to_share_a_later_request_of_its_subgraph() -> None:
    text = "{ latest { id } ticket { assignee { email } } items { __typename } }"

    assert requests(plan_of("provides", text)) == ["1 tickets", "2 users"]
