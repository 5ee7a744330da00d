"""From where arguments are read, and how what reads them is asked."""

import re
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from router.errors import UnsatisfiableError
from router.plan.nodes import Contextual, QueryPlan, Taken
from router.planner import make_plan
from tests.support.planning import (
    drawn,
    graph_of,
    operation_of,
    plan_of,
    requests,
)


def read(plan: QueryPlan) -> list[list[Contextual]]:
    """List what each input reads, where it reads anything."""
    inputs = [each for fetch in plan.fetches for each in fetch.inputs]
    return [list(each.contextual) for each in inputs if each.contextual]


def lines(case: str, text: str) -> list[str]:
    """List from where a plan reads values, with what is taken of those."""
    return re.findall(r'from ("[^{]*) \{\s*([^}]*?)\s*\}', drawn(case, text))


def test_a_field_that_reads_a_context_is_asked_again_by_key() -> None:
    assert drawn(
        "context", "{ tickets { item { price(count: 2) name } } }"
    ) == snapshot(
        """\
QueryPlan {
  Sequence {
    Fetch(service: "a") {
      tickets {
        item {
          name
          id
        }
        currency
      }
    },
    Flatten(path: "tickets.@.item") {
      Fetch(service: "a") {
        {
          ... on Item {
            __typename
            id
          }
        } =>
        {
          ... on Item {
            price(count: 2, currency: $contextualArgument_0_0)
          }
        }
        read $contextualArgument_0_0 from "tickets.@" {
          currency
        }
      }
    },
  }
}\
"""
    )


def test_the_variables_are_defined_with_their_types() -> None:
    plan = plan_of(
        "context", "{ tickets { seller { ... on Shop { good { offer } } } } }"
    )

    assert plan.fetches[1].document == (
        "query($r0:[_Any!]!,$contextualArgument_0_0:String,$contextualArgument_0_1:Int)"
        "{_entities(representations:$r0){...on Good{offer("
        "currency:$contextualArgument_0_0,share:$contextualArgument_0_1)}}}"
    )


def test_a_variable_of_the_client_s_keeps_its_name() -> None:
    text = (
        "query ($contextualArgument_0_0: Int) "
        "{ tickets { item { price(count: $contextualArgument_0_0) } } }"
    )
    plan = plan_of("context", text)

    assert plan.fetches[1].variables == ("contextualArgument_0_0",)
    assert [one.variable for one in read(plan)[0]] == ["_contextualArgument_0_0"]


def test_two_contexts_are_read_from_two_ancestors() -> None:
    text = "{ tickets { seller { ... on Person { good { offer } } } } }"

    assert lines("context", text) == [
        ('"tickets.@"', "currency"),
        ('"tickets.@.seller"', "share"),
    ]


def test_the_nearest_ancestor_counts_and_never_the_object_itself() -> None:
    text = "{ tickets { part { part { item { price } } } } }"

    assert lines("context", text) == [('"tickets.@.part.part"', "currency")]


def test_each_type_is_read_by_its_own_selection() -> None:
    text = """{ tickets { seller {
      ... on Shop { good { fee } } ... on Person { good { fee } }
    } } }"""

    assert lines("context", text) == [
        ('"tickets.@.seller"', "tax"),
        ('"tickets.@.seller"', "share"),
    ]


def test_a_type_without_the_context_leaves_it_to_what_is_above() -> None:
    text = "{ tickets { party { good { fee } } } }"
    plan = plan_of("context", text)

    assert requests(plan) == ["1 a", "2 a"]
    assert lines("context", text) == [
        ('"tickets.@.party"', "tax"),
        ('"tickets.@.party"', "share"),
        ('"tickets.@"', "rate"),
    ]


def test_a_value_is_fetched_from_another_subgraph_first() -> None:
    plan = plan_of("context", "{ tickets { item { label } } }")

    assert requests(plan) == ["1 a", "2 b", "3 a"]
    assert plan.fetches[2].after == (0, 1)


def test_what_is_required_is_shown_beside_what_is_read() -> None:
    plan = plan_of("context", "{ tickets { item { left } } }")

    assert requests(plan) == ["1 a", "2 b", "3 a"]
    (shown,) = plan.fetches[2].inputs[0].representations
    assert [one.name for one in shown.fields] == ["id", "stock"]
    assert len(read(plan)[0]) == 1


def test_a_value_is_read_through_lists() -> None:
    plan = plan_of("context", "{ tickets { item { zones } } }")
    ((value,),) = read(plan)

    zones = Taken("zones", "zones", (Taken("name", "name"),))
    assert value.taken == (Taken("settings", "settings", (zones,)),)
    assert (value.type, value.up) == ("[String]", 1)


def test_what_a_client_asks_under_the_same_name_is_not_confused_with_a_value() -> None:
    text = "{ tickets { currency: id item { price } } }"

    assert lines("context", text) == [('"tickets.@"', "currency: _currency_0")]


def test_places_that_read_alike_share_one_question() -> None:
    text = """{
      a: ticket(id: "1") { item { price } } b: ticket(id: "2") { item { price } }
    }"""
    plan = plan_of("context", text)
    (asked,) = plan.fetches[1].inputs

    assert asked.paths == (("a", "item"), ("b", "item"))
    assert lines("context", text) == [('"a", "b"', "currency")]


def test_nothing_else_rides_on_what_reads_a_context() -> None:
    text = "{ tickets { item { maker { name country item { name price } } } } }"
    plan = plan_of("context", text)

    assert requests(plan) == ["1 a", "2 a", "3 b", "3 a"]
    assert "name item{name id} id" in plan.fetches[1].document


def test_a_field_without_an_ancestor_that_has_the_context_has_no_way() -> None:
    graph = graph_of("context")
    types = dict(graph.types)
    items = types["a"]["Item"]
    price = items.fields["price"]
    nowhere = replace(price.context[0], holders=frozenset[str]())
    fields = {**items.fields, "price": replace(price, context=(nowhere,))}
    types["a"] = {**types["a"], "Item": replace(items, fields=fields)}

    with pytest.raises(UnsatisfiableError, match=r"No subgraph can resolve Item.price"):
        make_plan(
            replace(graph, types=types),
            operation_of("context", "{ tickets { item { price } } }"),
        )
