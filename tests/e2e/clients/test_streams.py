"""Apollo Client 4, graphql-ws and graphql-sse, in Node, follow what happens."""

import asyncio
from typing import Any

import pytest

from router.settings import read_settings
from tests.support.following import FORWARD, SDL, Following, following
from tests.support.node_clients import listening, run_script
from tests.support.tokens import sign

Json = dict[str, Any]


def event(title: str, **more: Any) -> Json:
    assignee = {"id": "u-1", "name": "name of u-1"}
    ticket = {"id": "1", "title": title, "assignee": assignee}
    if more:
        ticket = {**ticket, **more, "assignee": {**assignee, "__typename": "User"}}
    return {"data": {"ticketChanged": ticket}}


async def followed(graph: Following, scenario: str, *titles: str) -> list[Json]:
    """Let a client follow, and what it follows happen when it is there."""
    async with listening(graph.app) as url:
        client = asyncio.create_task(
            run_script("streams.mjs", scenario, url, sign("usr_7"))
        )
        if titles:
            await graph.heard()
        for title in titles:
            graph.happenings.happen(title)
        found: list[Json] = await client
        await graph.heard(0)
    return found


@pytest.mark.parametrize("scenario", ["webSocket", "serverSentEvents"])
async def test_clients_of_each_protocol_follow_and_leave(scenario: str) -> None:
    async with following() as graph:
        found = await followed(graph, scenario, "first", "second")
    assert found == [event("first"), event("second")]


async def test_apollo_client_follows_by_multipart() -> None:
    async with following() as graph:
        found = await followed(graph, "apollo", "first", "second")
    assert found == [
        event("first", __typename="Ticket"),
        event("second", __typename="Ticket"),
    ]


async def test_apollo_client_is_told_why_a_stream_ends() -> None:
    async with following() as graph, listening(graph.app) as url:
        client = asyncio.create_task(
            run_script("streams.mjs", "apolloUntilTheEnd", url, sign("usr_7"))
        )
        await graph.heard()
        graph.happenings.happen("first")
        await asyncio.sleep(0.2)
        graph.app.leave()
        first, last = await client
    assert first == event("first", __typename="Ticket")
    assert last["error"] == {
        "kind": "CombinedProtocolErrors",
        "codes": ["SUBSCRIPTION_SERVER_STOPPED"],
    }


async def test_apollo_client_reads_what_is_deferred() -> None:
    async with following() as graph:
        found = await followed(graph, "apolloDefer")
    assert [each["state"] for each in found] == [
        *["streaming"] * (len(found) - 1),
        "complete",
    ]
    ticket = {"__typename": "Ticket", "id": "1", "title": "ticket 1"}
    assert found[0]["data"] == {"ticket": ticket}
    boss = {"__typename": "User", "id": "boss-u-1", "name": "name of boss-u-1"}
    assignee = {"__typename": "User", "id": "u-1", "name": "name of u-1", "boss": boss}
    assert found[-1]["data"] == {"ticket": {**ticket, "assignee": assignee}}
    assert len(found) == 3


async def test_graphql_ws_comes_again_after_a_reload() -> None:
    async with following() as graph, listening(graph.app) as url:
        client = asyncio.create_task(
            run_script("streams.mjs", "webSocketThroughAReload", url, sign("usr_7"))
        )
        await graph.heard()
        graph.happenings.happen("before")
        await asyncio.sleep(0.2)
        opened = graph.happenings.opened
        settings = read_settings(FORWARD + "limits: {max_depth: 14}", {})
        await graph.app.succession.change(settings, SDL)
        async with asyncio.timeout(20):
            while graph.happenings.opened == opened:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        await graph.heard()
        graph.happenings.happen("after")
        assert await client == [event("before"), event("after")]


async def test_graphql_ws_is_told_what_a_stranger_may_not() -> None:
    async with following() as graph:
        assert await followed(graph, "webSocketStranger") == [
            {"codes": ["UNAUTHENTICATED"]}
        ]
