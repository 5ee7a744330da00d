"""A router takes on what it can, and tells the others when to come back."""

import asyncio
from dataclasses import dataclass

import pytest

from router.app.crowd import Crowd
from router.gateway.refusals import RefusedError
from router.settings.traffic import RateLimit, RouterTraffic
from tests.support.routers import running_router

TITLES = {"query": "{ tickets { title } }"}
MUTATION = {"query": 'mutation { close(id: "1") { title } }'}


async def test_beyond_the_limit_requests_are_refused_and_the_others_answered() -> None:
    yaml = (
        "traffic_shaping: {router: {concurrency_limit: 2}, "
        "all: {deduplicate_query: false}}"
    )
    async with running_router(yaml) as client:
        answers = await asyncio.gather(*[client.post(TITLES) for _ in range(5)])
        after = await client.post(TITLES)
        asked = len(client.subgraphs["tickets"].asked)
    assert sorted(each.status_code for each in answers) == [200, 200, 503, 503, 503]
    refused = next(each for each in answers if each.status_code == 503)
    assert refused.headers["retry-after"] == "1"
    error = refused.json()["errors"][0]
    assert error["extensions"]["code"] == "REQUEST_CONCURRENCY_LIMITED"
    assert (after.status_code, asked) == (200, 3)


async def test_a_refused_mutation_has_no_effect() -> None:
    yaml = "traffic_shaping: {router: {concurrency_limit: 1}}"
    async with running_router(yaml) as client:
        first, second = await asyncio.gather(
            client.post(MUTATION), client.post(MUTATION)
        )
        asked = len(client.subgraphs["tickets"].asked)
    assert sorted([first.status_code, second.status_code]) == [200, 503]
    assert asked == 1


async def test_without_a_limit_everybody_is_let_in() -> None:
    yaml = "traffic_shaping: {router: {concurrency_limit: null}}"
    async with running_router(yaml) as client:
        answers = await asyncio.gather(*[client.post(TITLES) for _ in range(50)])
    assert {each.status_code for each in answers} == {200}


async def test_who_fails_leaves_too() -> None:
    async with running_router("traffic_shaping: {router: {concurrency_limit: 1}}") as c:
        for query in ("{ nothing }", "{ tickets", "{ tickets { title } }"):
            await c.post({"query": query})
        assert c.app.serving.endpoint.crowd.inside == 0
        assert (await c.post(TITLES)).status_code == 200


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_is_so_many_in_so_much_time() -> None:
    clock = Clock()
    limit = RateLimit(capacity=2, interval=10)
    crowd = Crowd(RouterTraffic(global_rate_limit=limit), clock=clock)
    crowd.enter()
    crowd.enter()
    clock.now = 3.5
    with pytest.raises(RefusedError) as caught:
        crowd.enter()
    assert caught.value.status == 429
    assert list(caught.value.headers) == [(b"retry-after", b"7")]
    assert crowd.inside == 2
    clock.now = 10
    crowd.enter()
    assert crowd.inside == 3
