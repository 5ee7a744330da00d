from inline_snapshot import snapshot

from router.plan.nodes import (
    EntityInput,
    Fetch,
    Guard,
    QueryPlan,
    Rename,
    Representation,
    Taken,
    TypeCondition,
)
from router.plan.render import render, render_path

KEY = Taken("id", "id", required=True)


def entity(path: tuple[str, ...], *also: tuple[str, ...]) -> EntityInput:
    shown = Representation((), "User", (KEY,))
    return EntityInput("r0", "_entities", path, (shown,), also=also)


def test_an_empty_plan_is_empty() -> None:
    assert render(QueryPlan("query", ())) == snapshot("""\
QueryPlan {
}\
""")


def test_fetches_that_wait_for_the_same_are_drawn_side_by_side() -> None:
    plan = QueryPlan(
        "query",
        (
            Fetch(0, "a", "query", "{me{id}}"),
            Fetch(
                1,
                "b",
                "query",
                "query($r0:[_Any!]!){_entities(representations:$r0){...on User{x}}}",
                after=(0,),
                inputs=(entity(("me",)),),
            ),
            Fetch(2, "c", "query", "{y}", after=(0,)),
        ),
    )

    assert render(plan) == snapshot("""\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      me {
        id
      }
    },
    Parallel {
      Flatten(path: "me") {
        Fetch(service: "b") {
          {
            ... on User {
              __typename
              id
            }
          } =>
          {
            ... on User {
              x
            }
          }
        }
      },
      Fetch(service: "c") {
        y
      },
    },
  }
}\
""")


def test_several_places_of_one_question_are_listed() -> None:
    document = "query($r0:[_Any!]!){_entities(representations:$r0){...on User{x}}}"
    fetch = Fetch(0, "b", "query", document, inputs=(entity(("me",), ("users", "@")),))

    assert render(QueryPlan("query", (fetch,))) == snapshot("""\
QueryPlan {
  Flatten(paths: ["me", "users.@"]) {
    Fetch(service: "b") {
      {
        ... on User {
          __typename
          id
        }
      } =>
      {
        ... on User {
          x
        }
      }
    }
  }
}\
""")


def test_guards_renames_and_types_are_drawn() -> None:
    shown = Representation(
        ("Cat", "Dog"), "Pet", (KEY, Taken("o", "_o", (Taken("n", "n"),), ("Dog",)))
    )
    inputs = EntityInput(
        "r0",
        "_entities",
        ("pets", "@", TypeCondition(("Cat",)), "kin"),
        (shown,),
        (Rename(("a",), "x_1", "x"),),
        (Guard("yes"), Guard("no", negated=True)),
    )
    document = "query($r0:[_Any!]!){_entities(representations:$r0){...on Pet{x}}}"
    fetch = Fetch(0, "b", "query", document, inputs=(inputs,))

    assert render(QueryPlan("query", (fetch,))) == snapshot("""\
QueryPlan {
  Include(if: $yes) {
    Skip(if: $no) {
      Flatten(path: "pets.@|[Cat].kin") {
        Fetch(service: "b") {
          {
            ... on Cat,Dog as Pet {
              __typename
              id
              ... on Dog o: _o {
                n
              }
            }
          } =>
          {
            ... on Pet {
              x
            }
          }
          rename a.x_1 to x
        }
      }
    }
  }
}\
""")


def test_fragments_are_drawn_where_they_are_spread() -> None:
    document = "{a{...F0} b{...F0}} fragment F0 on T{x y{z}}"

    plan = QueryPlan("query", (Fetch(0, "s", "query", document),))

    assert render(plan) == snapshot("""\
QueryPlan {
  Fetch(service: "s") {
    a {
      x
      y {
        z
      }
    }
    b {
      x
      y {
        z
      }
    }
  }
}\
""")


def test_a_path_is_written_as_federation_writes_it() -> None:
    path = ("users", "@", "pet", TypeCondition(("Cat", "Dog")), "name")

    assert render_path(path) == "users.@.pet|[Cat,Dog].name"
