"""What is decided once for all requests of a plan."""

from dataclasses import replace

import orjson

from router.executor.compile import (
    body_start,
    compile_plan,
    nested_keys,
    number_places,
)
from router.plan.nodes import Fetch, QueryPlan, Representation, Taken
from tests.support.fetch_plans import entities, root

FIRST = root(0, "a", "{users{id}}")
AT = ("users", "@")


def numbers(*fetches: Fetch) -> dict[int, int]:
    found, _ = number_places(QueryPlan("query", fetches))
    return {fetch: number for (fetch, _), number in found.items()}


def kinds(*fetches: Fetch) -> dict[int, int]:
    _, found = number_places(QueryPlan("query", fetches))
    return {fetch: number for (fetch, _), number in found.items()}


def test_inputs_at_one_place_share_what_they_find() -> None:
    found = numbers(
        FIRST, entities(1, "b", AT, "name", 0), entities(2, "c", AT, "age", 0, 1)
    )
    assert found[1] == found[2]


def test_but_not_if_something_between_them_adds_objects() -> None:
    for fields in ("name boss{id}", "__typename"):
        found = numbers(
            FIRST, entities(1, "b", AT, fields, 0), entities(2, "c", AT, "age", 0, 1)
        )
        assert found[1] != found[2]


def test_nor_if_they_are_at_other_places() -> None:
    found = numbers(
        FIRST,
        entities(1, "b", AT, "name", 0),
        entities(2, "c", ("users", "@", "boss"), "name", 0),
    )
    assert found[1] != found[2]


def test_inputs_that_show_the_same_after_the_same_fetches_share_that_too() -> None:
    found = kinds(
        FIRST, entities(1, "b", AT, "name", 0), entities(2, "c", AT, "age", 0)
    )
    assert found[1] == found[2]


def test_but_not_if_one_of_them_waits_for_more_or_shows_something_else() -> None:
    key = Taken("id", "id", required=True)
    more = Representation((), "User", (key, Taken("name", "name")))
    other = entities(3, "d", AT, "size", 0)
    shown = replace(other.inputs[0], representations=(more,))
    found = kinds(
        FIRST,
        entities(1, "b", AT, "name", 0),
        entities(2, "c", AT, "age", 0, 1),
        replace(other, inputs=(shown,)),
    )
    assert len({found[1], found[2], found[3]}) == 3


def test_a_body_is_written_as_json_up_to_its_variables() -> None:
    document = 'query Q{a(x:"\\"")}'
    fetch = Fetch(0, "a", "query", document, operation_name="Q")
    whole = orjson.loads(body_start(fetch) + b"{}}")
    assert whole == {"query": document, "operationName": "Q", "variables": {}}


def test_keys_with_objects_are_found_through_every_fragment() -> None:
    document = """query($r:[_Any!]!){_e:_entities(representations:$r){
      ...on User{id a:boss{id} ...F}}} fragment F on User{b:team{id} name}"""
    assert nested_keys(document) == {"_e": frozenset({"a", "b"})}


def test_what_never_varies_is_written_once() -> None:
    plan = compile_plan(
        QueryPlan("query", (FIRST, root(1, "a", "query($n:Int){x}", variables=("n",))))
    )
    assert [fetch.whole for fetch in plan.fetches] == [
        b'{"query":"{users{id}}","variables":{}}',
        None,
    ]


def test_each_fetch_knows_who_waits_for_it_and_how_many_it_waits_for() -> None:
    plan = compile_plan(
        QueryPlan(
            "query",
            (
                root(5, "a", "{users{id}}"),
                root(7, "b", "{x}"),
                entities(9, "c", AT, "name", 5, 7),
            ),
        )
    )
    assert plan.first == (0, 1)
    assert [(fetch.followers, fetch.waits) for fetch in plan.fetches] == [
        ((2,), 0),
        ((2,), 0),
        ((), 2),
    ]
