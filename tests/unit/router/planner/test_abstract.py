from inline_snapshot import snapshot

from tests.support.planning import drawn, plan_of, requests


def test_what_all_types_have_is_asked_of_the_interface() -> None:
    assert drawn("abstract", "{ inbox { id name } }") == snapshot("""\
QueryPlan {
  Fetch(service: "tickets") {
    inbox {
      id
      name
    }
  }
}\
""")


def test_an_interface_s_field_that_some_types_lack_is_asked_type_by_type() -> None:
    text = "{ search { ... on Node { id name } } }"

    assert drawn("abstract", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "search") {
      search {
        __typename
        ... on Ticket {
          id
        }
        ... on User {
          id
          name
        }
      }
    },
    Flatten(path: "search.@") {
      Fetch(service: "tickets") {
        {
          ... on Ticket {
            __typename
            id
          }
        } =>
        {
          ... on Ticket {
            name
          }
        }
      }
    },
  }
}\
""")


def test_types_that_not_all_subgraphs_of_a_shared_union_know_are_not_asked() -> None:
    text = """{ result {
      ... on Done { at } ... on Failed { reason } ... on Waiting { since }
    } }"""

    assert drawn("abstract", text) == snapshot("""\
QueryPlan {
  Fetch(service: "search") {
    result {
      __typename
      ... on Done {
        at
      }
    }
  }
}\
""")


def test_a_type_is_told_only_where_the_answer_depends_on_it() -> None:
    assert (
        "__typename" not in plan_of("abstract", "{ inbox { id } }").fetches[0].document
    )
    assert (
        "__typename"
        in plan_of("abstract", "{ result { __typename } }").fetches[0].document
    )


def test_an_interface_object_answers_for_every_implementation() -> None:
    assert drawn("interface_objects", "{ assets { label price } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "assets") {
      assets {
        label
        id
      }
    },
    Flatten(path: "assets.@") {
      Fetch(service: "costs") {
        {
          ... on Asset {
            __typename
            id
          }
        } =>
        {
          ... on Asset {
            price
          }
        }
      }
    },
  }
}\
""")


def test_the_concrete_type_of_an_interface_object_is_asked_of_the_interface() -> None:
    text = "{ dearest { price ... on Laptop { cores } __typename } }"

    assert drawn("interface_objects", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "costs") {
      dearest {
        price
        id
      }
    },
    Flatten(path: "dearest.@") {
      Fetch(service: "assets") {
        {
          ... on Asset {
            __typename
            id
          }
        } =>
        {
          ... on Asset {
            __typename
            ... on Laptop {
              cores
            }
          }
        }
      }
    },
  }
}\
""")


def test_an_interface_object_answers_before_the_concrete_type_is_known() -> None:
    text = "{ dearest { ... on Printer { price } } }"

    assert drawn("interface_objects", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "costs") {
      dearest {
        id
        price
      }
    },
    Flatten(path: "dearest.@") {
      Fetch(service: "assets") {
        {
          ... on Asset {
            __typename
            id
          }
        } =>
        {
          ... on Asset {
            __typename
          }
        }
      }
    },
  }
}\
""")


def test_an_interface_object_shows_what_it_requires() -> None:
    assert drawn("interface_objects", "{ dearest { tag } }") == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "costs") {
      dearest {
        id
      }
    },
    Flatten(path: "dearest.@") {
      Fetch(service: "assets") {
        {
          ... on Asset {
            __typename
            id
          }
        } =>
        {
          ... on Asset {
            label
          }
        }
      }
    },
    Flatten(path: "dearest.@") {
      Fetch(service: "costs") {
        {
          ... on Asset {
            __typename
            id
            label
          }
        } =>
        {
          ... on Asset {
            tag
          }
        }
      }
    },
  }
}\
""")


def test_a_non_resolvable_interface_object_can_be_left() -> None:
    text = "{ claim { asset { id price ... on Printer { colour } } } }"

    assert requests(plan_of("interface_objects", text)) == snapshot(
        ["1 claims", "2 costs", "2 assets"]
    )


def test_no_type_is_told_by_an_interface_object() -> None:
    plan = plan_of("interface_objects", "{ dearest { id price } }")

    assert requests(plan) == ["1 costs"]
    assert "__typename" not in plan.fetches[0].document


def test_an_interface_s_field_is_asked_type_by_type_where_its_parts_need_it() -> None:
    text = "{ nodes { owner { name phone } } }"

    assert drawn("expand", text) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      nodes {
        __typename
        id
      }
    },
    Flatten(path: "nodes.@") {
      Fetch(service: "b") {
        {
          ... on Ticket {
            __typename
            id
          }
          ... on Task {
            __typename
            id
          }
        } =>
        {
          ... on Ticket {
            owner {
              name
              phone
            }
          }
          ... on Task {
            owner {
              name
              phone
            }
          }
        }
      }
    },
  }
}\
""")
