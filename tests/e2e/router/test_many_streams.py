"""Hundreds of clients follow, and hang up in the middle: nothing is left of them."""

import asyncio
from contextlib import AsyncExitStack

from tests.support.followers import asking, closed, token_of
from tests.support.following import following
from tests.support.streams import connected, streaming

CLIENTS = 200


async def test_clients_that_drop_leave_nothing_behind() -> None:
    before = asyncio.all_tasks()
    async with following("traffic_shaping: {all: {timeout: 30s}}") as graph:
        async with AsyncExitStack() as stack:
            answers = [
                await stack.enter_async_context(
                    streaming(graph.app, asking(), [token_of(f"usr_{number}")])
                )
                for number in range(CLIENTS)
            ]
            await graph.heard(CLIENTS)
            assert len(graph.app.gateway.upstreams) == CLIENTS
            graph.happenings.happen("now")
            for answer in answers:
                part = await answer.payload()
                assert part["payload"]["data"]["ticketChanged"]["title"] == "now"
            graph.happenings.happen("while they leave")
            for answer in answers:
                answer.leave()
        await closed(graph)
        assert graph.app.serving.under_way == 0
    assert asyncio.all_tasks() == before


async def test_sockets_that_drop_leave_nothing_behind() -> None:
    before = asyncio.all_tasks()
    async with following("traffic_shaping: {all: {timeout: 30s}}") as graph:
        async with AsyncExitStack() as stack:
            for number in range(CLIENTS // 10):
                socket = await stack.enter_async_context(connected(graph.app))
                token = token_of(f"usr_{number}")[1].decode()
                await socket.begin(authorization=token)
                for name in range(5):
                    query = asking()["query"]
                    socket.subscribe(str(name), query, id=str(name))
            await graph.heard(CLIENTS // 2)
            graph.happenings.happen("while they leave")
        await closed(graph)
        assert graph.app.serving.under_way == 0
    assert asyncio.all_tasks() == before
