from inline_snapshot import snapshot

from tests.support.planning import drawn, plan_of, requests


def test_a_required_field_is_fetched_with_its_arguments_and_shown() -> None:
    assert drawn("requires", "{ ticket { hourly } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      ticket {
        effort(unit: HOURS)
        impact
        id
      }
    },
    Flatten(path: "ticket") {
      Fetch(service: "billing") {
        {
          ... on Ticket {
            __typename
            id
            effort
            impact
          }
        } =>
        {
          ... on Ticket {
            hourly
          }
        }
      }
    },
  }
}\
""")


def test_one_field_required_under_two_arguments_is_shown_twice() -> None:
    assert drawn("requires", "{ ticket { hourly daily } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      ticket {
        effort(unit: HOURS)
        impact
        _effort_0: effort(unit: DAYS)
        id
      }
    },
    Batch(service: "billing") {
      Flatten(path: "ticket") {
        Fetch(service: "billing") {
          {
            ... on Ticket {
              __typename
              id
              effort
              impact
            }
          } =>
          {
            ... on Ticket {
              hourly
            }
          }
        }
      },
      Flatten(path: "ticket") {
        Fetch(service: "billing") {
          {
            ... on Ticket {
              __typename
              id
              effort: _effort_0
            }
          } =>
          {
            ... on Ticket {
              daily
            }
          }
        }
      },
    },
  }
}\
""")


def test_a_client_s_own_arguments_do_not_disturb_what_is_required() -> None:
    text = "query($u: Unit!) { ticket { effort(unit: $u) hourly } }"

    assert drawn("requires", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      ticket {
        effort(unit: $u)
        _effort_0: effort(unit: HOURS)
        impact
        id
      }
    },
    Flatten(path: "ticket") {
      Fetch(service: "billing") {
        {
          ... on Ticket {
            __typename
            id
            effort: _effort_0
            impact
          }
        } =>
        {
          ... on Ticket {
            hourly
          }
        }
      }
    },
  }
}\
""")


def test_a_client_s_field_with_the_same_arguments_is_not_fetched_twice() -> None:
    plan = plan_of("requires", "{ ticket { mine: effort(unit: HOURS) hourly } }")

    assert plan.fetches[0].document.count("effort") == 1


def test_required_fields_of_an_interface_are_shown_by_type() -> None:
    assert drawn("requires", "{ ticket { route } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      ticket {
        place {
          __typename
          name
          ... on Room {
            floor
          }
          ... on Street {
            city
          }
        }
        id
      }
    },
    Flatten(path: "ticket") {
      Fetch(service: "billing") {
        {
          ... on Ticket {
            __typename
            id
            place {
              __typename
              name
              ... on Room floor
              ... on Street city
            }
          }
        } =>
        {
          ... on Ticket {
            route
          }
        }
      }
    },
  }
}\
""")


def test_a_requirement_may_itself_lead_through_another_subgraph() -> None:
    assert drawn("requires", "{ tickets { discount } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      tickets {
        requester {
          id
        }
        id
      }
    },
    Flatten(path: "tickets.@.requester") {
      Fetch(service: "users") {
        {
          ... on User {
            __typename
            id
          }
        } =>
        {
          ... on User {
            grade
          }
        }
      }
    },
    Flatten(path: "tickets.@") {
      Fetch(service: "billing") {
        {
          ... on Ticket {
            __typename
            id
            requester {
              grade
            }
          }
        } =>
        {
          ... on Ticket {
            discount
          }
        }
      }
    },
  }
}\
""")


def test_a_chain_of_requirements_goes_back_and_forth() -> None:
    assert requests(plan_of("requires", "{ ticket { verdict } }")) == snapshot(
        ["1 tickets", "2 billing", "3 tickets"]
    )
