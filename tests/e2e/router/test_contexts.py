"""Arguments from contexts: each object has its own ancestor's value, end to end."""

from typing import Any

from tests.support.contexts import Json, running_shop

NULL = (
    "The argument 'currency' must not be null, and what it is read from is null here."
)


async def answered(query: str, **variables: Any) -> Any:
    """Ask what must be answered without an error, and give the data."""
    async with running_shop() as shop:
        found = await shop.ask(query, **variables)
        assert "errors" not in found, found["errors"]
        return found["data"]


async def test_one_ancestor_gives_its_value_and_the_client_s_arguments_stay() -> None:
    text = (
        "query Q($id: ID!, $n: Int) "
        "{ ticket(id: $id) { item { price(count: $n) name one: price } } }"
    )

    assert await answered(text, id="t1", n=4) == {
        "ticket": {
            "item": {
                "price": "i1.price(count=4,currency=EUR)",
                "name": "I1",
                "one": "i1.price(count=1,currency=EUR)",
            }
        }
    }


async def test_one_item_below_several_tickets_has_the_value_of_each() -> None:
    async with running_shop() as shop:
        found = await shop.ask("{ tickets { items { price } } }")

        assert found["data"] == {
            "tickets": [
                {
                    "items": [
                        {"price": "i1.price(count=1,currency=EUR)"},
                        {"price": "i2.price(count=1,currency=EUR)"},
                    ]
                },
                {"items": [{"price": "i1.price(count=1,currency=USD)"}]},
            ]
        }
        given = shop.a.asked[1]["variables"]
        assert len(shop.a.asked) == 2
        assert [given["contextualArgument_0_0"], given["contextualArgument_0_0_1"]] == [
            "EUR",
            "USD",
        ]


async def test_two_contexts_on_one_field_come_from_two_ancestors() -> None:
    text = """{ tickets { seller {
      ... on Shop { good { offer } } ... on Person { good { offer } }
    } } }"""

    assert await answered(text) == {
        "tickets": [
            {"seller": {"good": {"offer": "g1.offer(currency=EUR,share=7)"}}},
            {"seller": {"good": {"offer": "g1.offer(currency=USD,share=3)"}}},
        ]
    }


async def test_each_type_gives_what_its_own_selection_says() -> None:
    text = "{ tickets { party { id good { fee } } } }"

    # A stall has no such context: the ticket above it has.
    assert await answered(text) == {
        "tickets": [
            {"party": {"id": "p1", "good": {"fee": "g1.fee(share=3)"}}},
            {"party": {"id": "o1", "good": {"fee": "g1.fee(share=2)"}}},
        ]
    }


async def test_a_value_from_another_subgraph_and_null_where_null_may_be() -> None:
    text = "{ tickets { item { label left } part { item { label zones } } } }"

    assert await answered(text) == {
        "tickets": [
            {
                "item": {
                    "label": "i1.label(locale=de)",
                    "left": "i1.left(currency=EUR,stock=5)",
                },
                "part": {
                    "item": {
                        "label": "i1.label(locale=en)",
                        "zones": "i1.zones(names=None)",
                    }
                },
            },
            {
                "item": {
                    "label": "i1.label(locale=None)",
                    "left": "i1.left(currency=USD,stock=5)",
                },
                "part": None,
            },
        ]
    }


async def test_a_list_of_values() -> None:
    assert await answered('{ ticket(id: "t1") { item { zones } } }') == {
        "ticket": {"item": {"zones": "i1.zones(names=['north', 'south'])"}}
    }


async def test_one_field_under_two_ancestors_in_one_operation() -> None:
    text = """{
      a: ticket(id: "t1") { currency: id item { price } part { item { price } } }
      b: ticket(id: "t2") { item { price } }
    }"""

    assert await answered(text) == {
        "a": {
            "currency": "t1",
            "item": {"price": "i1.price(count=1,currency=EUR)"},
            "part": {"item": {"price": "i1.price(count=1,currency=None)"}},
        },
        "b": {"item": {"price": "i1.price(count=1,currency=USD)"}},
    }


async def test_an_answer_for_two_places_is_not_shared_below_them() -> None:
    # Both tickets' item is the same entity, and so is what the other subgraph says
    # of it; but the ancestors of that are not.
    assert await answered("{ tickets { item { box { item { price } } } } }") == {
        "tickets": [
            {"item": {"box": {"item": {"price": f"i2.price(count=1,currency={each})"}}}}
            for each in ("EUR", "USD")
        ]
    }


async def test_an_object_that_was_made_of_a_context_leads_on() -> None:
    text = "{ tickets { item { maker { name country item { price } } } } }"

    assert await answered(text) == {
        "tickets": [
            {
                "item": {
                    "maker": {
                        "name": "i1",
                        "country": f"country of m-{each}",
                        "item": {"price": f"i2.price(count=1,currency={each})"},
                    }
                }
            }
            for each in ("EUR", "USD")
        ]
    }


async def test_conditions_hold_for_what_reads_a_context_too() -> None:
    text = (
        "query ($yes: Boolean!) "
        "{ tickets { item { price @include(if: $yes) left @skip(if: $yes) } } }"
    )

    assert await answered(text, yes=True) == {
        "tickets": [
            {"item": {"price": f"i1.price(count=1,currency={each})"}}
            for each in ("EUR", "USD")
        ]
    }


async def test_null_for_an_argument_that_takes_none_nulls_the_field() -> None:
    text = '{ ticket(id: "t1") { item { wish name } part { item { wish name } } } }'
    async with running_shop() as shop:
        found = await shop.ask(text)

    assert found["data"] == {
        "ticket": {
            "item": {"wish": "i1.wish(currency=EUR)", "name": "I1"},
            "part": {"item": {"wish": None, "name": "I1"}},
        }
    }
    assert told(found) == [
        (NULL, ["ticket", "part", "item", "wish"], "CONTEXTUAL_ARGUMENT_NULL", "a")
    ]


async def test_and_its_object_where_the_field_is_never_null() -> None:
    async with running_shop() as shop:
        found = await shop.ask('{ ticket(id: "t3") { id item { sure name } } }')

        assert found["data"] == {"ticket": {"id": "t3", "item": None}}
        assert told(found) == [
            (NULL, ["ticket", "item", "sure"], "CONTEXTUAL_ARGUMENT_NULL", "a")
        ]
        assert len(shop.a.asked) == 1


async def test_what_may_not_be_seen_is_not_read_either() -> None:
    async with running_shop() as shop:
        found = await shop.ask("{ tickets { item { margin name } } }")

        assert found["data"] == {
            "tickets": [{"item": {"margin": None, "name": "I1"}}] * 2
        }
        assert [one["extensions"]["code"] for one in found["errors"]] == [
            "UNAUTHORIZED_FIELD_OR_TYPE"
        ]
        assert all("cost" not in one["query"] for one in shop.a.asked)


def told(found: Json) -> list[tuple[str, list[Any], str, str]]:
    """List the errors of an answer."""
    return [
        (
            one["message"],
            one["path"],
            one["extensions"]["code"],
            one["extensions"]["service"],
        )
        for one in found["errors"]
    ]
