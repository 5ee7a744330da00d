"""Answers of streams take places among requests, wait for them, and are not refused."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from router.app.crowd import Crowd
from router.settings.traffic import RouterTraffic
from tests.support.asgi import TOKEN
from tests.support.followers import asking, of, token_of
from tests.support.following import following
from tests.support.streams import streaming
from tests.unit.router.app.streams.test_defer import parts

NAMED = 'subscription { ticketChanged(id: "1") { title assignee { name } } }'
DEFERRED = '{ ticket(id: "1") { title ... @defer { assignee { name } } } }'
FEW = "traffic_shaping: {router: {concurrency_limit: 4}}"
CALLERS = 12


async def test_every_event_comes_however_few_are_worked_on_at_once() -> None:
    async with following(FEW) as graph, AsyncExitStack() as stack:
        readers = [
            await stack.enter_async_context(
                streaming(graph.app, asking(NAMED), [token_of(f"usr_{number}")])
            )
            for number in range(CALLERS)
        ]
        await graph.heard(CALLERS)
        graph.happenings.happen("now")
        for reader in readers:
            assert of(await reader.payload()) == {
                "title": "now",
                "assignee": {"name": "name of u-1"},
            }
        users = graph.subgraphs["users"]
        assert (users.calls, users.at_once) == (CALLERS, 2)
        assert graph.app.serving.endpoint.crowd.inside == 0


async def test_what_is_deferred_comes_however_few_are_worked_on_at_once() -> None:
    async with following(FEW) as graph:
        found = await asyncio.gather(*[parts(graph, DEFERRED) for _ in range(3)])
        assert [each[-1]["hasNext"] for each in found] == [False] * 3
        assert graph.subgraphs["users"].at_once <= 2
        assert graph.app.serving.endpoint.crowd.inside == 0


async def test_streams_leave_half_of_the_places_to_requests() -> None:
    crowd = Crowd(RouterTraffic(concurrency_limit=4))
    done = asyncio.Event()
    most = 0

    async def work() -> None:
        nonlocal most
        async with crowd.at_work():
            most = max(most, crowd.inside)
            await done.wait()

    working = [asyncio.create_task(work()) for _ in range(5)]
    await asyncio.sleep(0)
    crowd.enter()
    crowd.enter()
    assert (most, crowd.inside) == (2, 4)
    working.pop().cancel()
    done.set()
    await asyncio.gather(*working)
    assert crowd.inside == 2


@pytest.mark.parametrize("limit", [None, 1])
async def test_there_is_always_a_place_for_one(limit: int | None) -> None:
    crowd = Crowd(RouterTraffic(concurrency_limit=limit))
    async with crowd.at_work():
        assert crowd.inside == 1
    assert crowd.inside == 0


async def test_a_request_that_streams_is_refused_when_all_places_are_taken() -> None:
    async with following(FEW) as graph:
        crowd = graph.app.serving.endpoint.crowd
        crowd.inside = 4
        async with streaming(graph.app, asking(NAMED), [TOKEN]) as answer:
            assert answer.status == 503
            assert answer.headers[b"retry-after"] == b"1"
        crowd.inside = 0
