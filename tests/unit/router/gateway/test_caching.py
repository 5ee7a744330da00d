"""For how long an answer of several parts may be kept."""

from itertools import permutations

import pytest

from router.gateway.caching import said_of, strictest
from tests.support.routers import running_router
from tests.support.tokens import bearer, verifier

NAME = b"cache-control"


@pytest.mark.parametrize(
    ("said", "merged"),
    [
        (["max-age=60, public", "max-age=30, public"], "max-age=30, public"),
        (["max-age=60, public", "max-age=90, private"], "max-age=60, private"),
        (["max-age=60", "max-age=60, public"], "max-age=60, private"),
        (["max-age=60, public", "no-store"], "no-store"),
        (["max-age=60, public", "no-cache"], "no-store"),
        (["max-age=60, public", ""], "no-store"),
        (["max-age=60, public", "public"], "no-store"),
        (["max-age=60, public", "max-age=0, public"], "no-store"),
        (["max-age=60, public", "max-age=x, public"], "no-store"),
        (["max-age=60, public", "max-age=-1, public"], "no-store"),
        (["MAX-AGE=60 , Public"], "max-age=60, public"),
        (['max-age="60", public'], "max-age=60, public"),
        (["max-age=60, public, private"], "max-age=60, private"),
        (["max-age=60, public, s-maxage=600"], "max-age=60, s-maxage=600, public"),
        (
            ["max-age=60, public, s-maxage=600", "max-age=90, public"],
            "max-age=60, s-maxage=90, public",
        ),
        (["max-age=60, private, s-maxage=600"], "max-age=60, private"),
        (["max-age=60, public, must-revalidate", "max-age=9, public"], None),
        (["max-age=" + "9" * 5_000 + ", public"], "max-age=2147483648, public"),
        ([], "no-store"),
    ],
)
def test_the_strictest_counts_in_whatever_order(
    said: list[str], merged: str | None
) -> None:
    wanted = merged or "max-age=9, public, must-revalidate"
    for order in permutations(each.encode() for each in said):
        assert strictest(tuple(order), private=False) == wanted.encode()


def test_what_somebody_known_gets_is_nobody_elses() -> None:
    replies = [((NAME, b"max-age=60"), (NAME, b"public")), ((NAME, b"max-age=9"),)]
    assert said_of(replies[:1], private=False) == (NAME, b"max-age=60, public")
    assert said_of(replies[:1], private=True) == (NAME, b"max-age=60, private")
    assert said_of(replies, private=False) == (NAME, b"max-age=9, private")


BOTH = "{ tickets { assignee { name } } }"


async def test_every_fetch_of_an_operation_counts() -> None:
    async with running_router(verifier=verifier()) as client:
        tickets, users = client.subgraphs["tickets"], client.subgraphs["users"]

        async def said(query: str = BOTH, **who: str) -> str:
            answer = await client.post({"query": query}, who)
            found: str = answer.headers["cache-control"]
            return found

        assert await said() == "no-store"
        tickets.sends = [(NAME, b"max-age=60, public")]
        assert await said() == "no-store"
        users.sends = [(NAME, b"max-age=20, public")]
        assert await said() == "max-age=20, public"
        assert await said("{ tickets { id } }") == "max-age=60, public"
        assert await said(**bearer()) == "max-age=20, private"
        assert await said("{ __typename }") == "no-store"


async def test_nothing_is_kept_that_failed_or_is_hidden_or_changed_something() -> None:
    async with running_router(verifier=verifier()) as client:
        for each in client.subgraphs.values():
            each.sends = [(NAME, b"max-age=60, public")]
        users = client.subgraphs["users"]
        hidden = await client.post({"query": "{ tickets { title notes } }"})
        change = await client.post({"query": 'mutation { close(id: "1") { id } }'})
        bad = await client.post({"query": "{ nothing }"})
        users.answer = b'{"errors":[{"message":"no"}]}'
        failed = await client.post({"query": BOTH})
    for answer in (hidden, change, bad, failed):
        assert answer.headers.get_list("cache-control") == ["no-store"]


@pytest.mark.parametrize(
    "wish",
    [
        {"x-expose-cost": "true"},
        {"apollo-expose-query-plan": "true"},
        {"apollo-expose-query-plan": "dry-run"},
    ],
)
async def test_what_is_told_to_one_alone_is_not_kept(wish: dict[str, str]) -> None:
    yaml = "demand_control: {enabled: true}\nhelpnest: {expose_query_plan: everyone}"
    async with running_router(yaml) as client:
        client.subgraphs["tickets"].sends = [(NAME, b"max-age=60, public")]
        answer = await client.post({"query": "{ tickets { id } }"}, wish)
        usual = await client.post({"query": "{ tickets { id } }"})
    assert answer.json()["extensions"]["cost"]
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert usual.headers["cache-control"] == "max-age=60, public"


async def test_it_is_not_said_where_that_is_off() -> None:
    async with running_router("helpnest: {cache_control: false}") as client:
        client.subgraphs["tickets"].sends = [(NAME, b"max-age=60, public")]
        for query in ("{ tickets { id } }", "{ nothing }"):
            answer = await client.post({"query": query})
            assert "cache-control" not in answer.headers
