"""What streams tell their readers is counted, as what requests tell theirs is."""

import asyncio
from typing import Any

import pytest

from kit.streams import over_socket
from router.app.streams import SCHEMA_RELOAD
from tests.support.asgi import TOKEN
from tests.support.followers import asking, closed, code
from tests.support.following import Following, following
from tests.support.streams import connected, streaming, until

MUST = 'subscription { ticketChanged(id: "1") { title assignee { must } } }'
CHANGED = 'subscription { ticketChanged(id: "1") { title } }'


def errors(graph: Following) -> dict[tuple[str, ...], int]:
    return graph.app.observer.metrics.errors.values


def stages(graph: Following) -> dict[str, int]:
    series = graph.app.observer.metrics.stages.series
    return {name: sum(each.counts) for (name,), each in series.items()}


async def kept(graph: Following) -> None:
    async def open_() -> bool:
        return graph.app.observer.metrics.subscriptions.value == 1

    await until(open_)


async def test_an_events_errors_and_stages_are_counted() -> None:
    async with following() as graph:
        async with streaming(graph.app, asking(MUST), [TOKEN]) as answer:
            await graph.heard()
            before = stages(graph)
            graph.happenings.happen("first")
            told = await answer.payload()
        await closed(graph)
        assert code(told["payload"]) == "FORBIDDEN"
        assert errors(graph) == {("FORBIDDEN",): 1}
        assert "execute" not in before
        assert (stages(graph)["execute"], stages(graph)["project"]) == (1, 1)


@pytest.mark.parametrize("way", ["multipart", "socket"])
async def test_why_a_stream_ended_is_counted_and_leaving_is_no_error(way: str) -> None:
    async with following() as graph:
        if way == "multipart":
            async with streaming(graph.app, asking(CHANGED), [TOKEN]):
                await graph.heard()
            async with streaming(graph.app, asking(CHANGED), [TOKEN]) as answer:
                await graph.heard()
                graph.app.serving.endpoint.streams.end(SCHEMA_RELOAD)
                assert code(await answer.payload()) == "SUBSCRIPTION_SCHEMA_RELOAD"
        else:
            async with connected(graph.app, [TOKEN]) as client:
                await client.begin()
                client.subscribe("1", CHANGED)
                await kept(graph)
            await closed(graph)
            async with connected(graph.app, [TOKEN]) as client:
                await client.begin()
                client.subscribe("1", CHANGED)
                await kept(graph)
                graph.app.serving.endpoint.streams.end(SCHEMA_RELOAD)
                assert await client.hear() == 1012
        await closed(graph)
        assert errors(graph) == {("SUBSCRIPTION_SCHEMA_RELOAD",): 1}


async def test_opening_a_stream_is_a_request_to_the_subgraph() -> None:
    async with following() as graph:
        async with streaming(graph.app, asking(CHANGED), [TOKEN]):
            await graph.heard()
        graph.subgraphs["tickets"].down = True
        async with streaming(graph.app, asking(CHANGED), [TOKEN]) as answer:
            await answer.body()
        await asyncio.sleep(0)
        series = graph.app.observer.metrics.subgraphs.series
        assert {labels: sum(each.counts) for labels, each in series.items()} == {
            ("tickets", "ok"): 1,
            ("tickets", "failed"): 1,
        }


async def test_a_socket_that_reads_nothing_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(over_socket, "SLOW_SECONDS", 0.02)
    async with following() as graph:

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            async def stuck(message: Any) -> None:
                if "next" in message.get("text", ""):
                    await asyncio.Event().wait()
                await send(message)

            await graph.app(scope, receive, stuck)

        async with connected(slow, [TOKEN]) as client:
            await client.begin()
            client.subscribe("1", CHANGED)
            await kept(graph)
            graph.happenings.happen("first")
            assert await client.hear() == 1013
        await closed(graph)
        assert errors(graph) == {("TOO_SLOW",): 1}
