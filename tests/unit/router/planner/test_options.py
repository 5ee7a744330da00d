from inline_snapshot import snapshot

from tests.support.planning import drawn, plan_of, requests


def test_what_is_provided_on_a_path_is_not_fetched_again() -> None:
    text = "{ latest { assignee { name group { name } } } }"

    assert drawn("provides", text) == snapshot("""\
QueryPlan {
  Fetch(service: "tickets") {
    latest {
      assignee {
        name
        group {
          name
        }
      }
    }
  }
}\
""")


def test_what_is_provided_elsewhere_is_fetched_from_its_owner() -> None:
    text = "{ ticket { assignee { name } } }"

    assert requests(plan_of("provides", text)) == ["1 tickets", "2 users"]


def test_beyond_what_is_provided_the_owner_is_asked() -> None:
    text = "{ latest { assignee { name email } } }"

    assert drawn("provides", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      latest {
        assignee {
          name
          id
        }
      }
    },
    Flatten(path: "latest.assignee") {
      Fetch(service: "users") {
        {
          ... on User {
            __typename
            id
          }
        } =>
        {
          ... on User {
            email
          }
        }
      }
    },
  }
}\
""")


def test_what_is_provided_of_a_union_holds_for_its_type_only() -> None:
    text = "{ items { ... on Laptop { vendor } ... on Phone { vendor } } }"

    assert drawn("provides", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "tickets") {
      items {
        __typename
        ... on Phone {
          id
        }
        ... on Laptop {
          vendor
        }
      }
    },
    Flatten(path: "items.@") {
      Fetch(service: "users") {
        {
          ... on Phone {
            __typename
            id
          }
        } =>
        {
          ... on Phone {
            vendor
          }
        }
      }
    },
  }
}\
""")


def test_an_overridden_field_comes_from_the_subgraph_that_took_it() -> None:
    assert requests(plan_of("overrides", "{ users { name } }")) == ["1 old", "2 new"]


def test_a_labelled_override_counts_only_while_its_label_is_active() -> None:
    text = "{ users { phone email } }"

    assert requests(plan_of("overrides", text)) == ["1 old"]
    assert drawn("overrides", text, "beta") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "old") {
      users {
        phone
        id
      }
    },
    Flatten(path: "users.@") {
      Fetch(service: "new") {
        {
          ... on User {
            __typename
            id
          }
        } =>
        {
          ... on User {
            email
          }
        }
      }
    },
  }
}\
""")
    assert plan_of("overrides", text, "percent(25)").labels == ("percent(25)",)
