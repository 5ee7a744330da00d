from inline_snapshot import snapshot

from tests.support.planning import drawn, plan_of, requests


def test_a_chain_of_keys_leads_to_a_subgraph_that_shares_none_with_the_first() -> None:
    assert drawn("keys", "{ tickets { title shelf } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      tickets {
        title
        number
      }
    },
    Flatten(path: "tickets.@") {
      Fetch(service: "registry") {
        {
          ... on Ticket {
            __typename
            number
          }
        } =>
        {
          ... on Ticket {
            id
            site {
              building
              room
            }
          }
        }
      }
    },
    Flatten(path: "tickets.@") {
      Fetch(service: "archive") {
        {
          ... on Ticket {
            __typename
            id
            site {
              building
              room
            }
          }
        } =>
        {
          ... on Ticket {
            shelf
          }
        }
      }
    },
  }
}\
""")


def test_a_nested_key_is_gathered_field_by_field() -> None:
    plan = plan_of("keys", "{ tickets { shelf } }")
    (entities,) = plan.fetches[-1].inputs

    (shown,) = entities.representations
    assert [one.name for one in shown.fields] == ["id", "site"]
    assert [one.name for one in shown.fields[1].fields] == ["building", "room"]
    assert all(one.required for one in shown.fields)


def test_a_subgraph_that_only_refers_to_an_entity_is_left_by_its_key() -> None:
    assert requests(plan_of("keys", "{ events { at ticket { title } } }")) == snapshot(
        ["1 audit", "2 registry", "3 tickets"]
    )


def test_a_non_resolvable_key_is_never_jumped_to() -> None:
    plan = plan_of("keys", "{ tickets { number shelf site { room } } }")

    assert "audit" not in {fetch.service for fetch in plan.fetches}


def test_a_client_s_alias_serves_as_the_key() -> None:
    assert drawn("conditions", "{ ticket { name: id cost } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      ticket {
        name: id
      }
    },
    Flatten(path: "ticket") {
      Fetch(service: "b") {
        {
          ... on Ticket {
            __typename
            id: name
          }
        } =>
        {
          ... on Ticket {
            cost
          }
        }
      }
    },
  }
}\
""")


def test_a_key_field_whose_name_a_client_took_is_gathered_under_another() -> None:
    assert drawn("conditions", "{ ticket { id: title cost } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      ticket {
        id: title
        _id_0: id
      }
    },
    Flatten(path: "ticket") {
      Fetch(service: "b") {
        {
          ... on Ticket {
            __typename
            id: _id_0
          }
        } =>
        {
          ... on Ticket {
            cost
          }
        }
      }
    },
  }
}\
""")


def test_one_subgraph_is_asked_once_for_several_places_of_a_wave() -> None:
    text = "{ ticket { cost parent { cost } } tickets { owner { name } cost } }"

    assert drawn("conditions", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      ticket {
        parent {
          id
        }
        id
      }
      tickets {
        id
      }
    },
    Batch(service: "b") {
      Flatten(path: "tickets.@") {
        Fetch(service: "b") {
          {
            ... on Ticket {
              __typename
              id
            }
          } =>
          {
            ... on Ticket {
              owner {
                id
              }
              cost
            }
          }
        }
      },
      Flatten(paths: ["ticket", "ticket.parent"]) {
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
      },
    },
    Flatten(path: "tickets.@.owner") {
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
