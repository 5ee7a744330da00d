"""Router and subgraphs on real sockets, with a client that is not ours: aiohttp."""

import asyncio
from typing import Any

import aiohttp
import orjson
import pytest

from tests.support.following import SCHEMAS, following, subgraph
from tests.support.served import served
from tests.support.tokens import bearer, verifier

CHANGED = 'subscription { ticketChanged(id: "1") { title who assignee { name } } }'
EVENT = {"title": "now", "who": "usr_7", "assignee": {"name": "name of u-1"}}
SECRET = "only the router and its subgraphs know this"
ACCEPT = "multipart/mixed;subscriptionSpec=1.0, application/json"
WEBSOCKET = "subscription: {mode: {passthrough: {all: {}}}}\n"


@pytest.mark.parametrize("yaml", ["", WEBSOCKET])
async def test_events_travel_from_subgraphs_to_clients_over_sockets(yaml: str) -> None:
    trust = verifier()
    apps = {name: subgraph(name, trust, SECRET.encode()) for name in SCHEMAS}
    async with (
        served(apps["tickets"]) as tickets,
        served(apps["users"]) as users,
        following(
            yaml + f"helpnest: {{router_secret: {SECRET}}}",
            tickets=tickets,
            users=users,
        ) as graph,
        served(graph.app) as url,
        aiohttp.ClientSession() as http,
    ):
        headers = {"accept": ACCEPT, **bearer("usr_7")}
        async with http.post(url, json={"query": CHANGED}, headers=headers) as answer:
            assert answer.status == 200
            reader = aiohttp.MultipartReader.from_response(answer)
            await graph.heard()
            graph.happenings.happen("now")
            assert await next_of(reader) == {
                "payload": {"data": {"ticketChanged": EVENT}}
            }
            answer.close()
        await graph.heard(0)

        async with http.ws_connect(url, protocols=["graphql-transport-ws"]) as socket:
            await socket.send_json(
                {"type": "connection_init", "payload": bearer("usr_7")}
            )
            assert await socket.receive_json() == {"type": "connection_ack"}
            start = {"id": "1", "type": "subscribe", "payload": {"query": CHANGED}}
            await socket.send_json(start)
            await graph.heard()
            graph.happenings.happen("now")
            assert (await socket.receive_json())["payload"]["data"] == {
                "ticketChanged": EVENT
            }
        await graph.heard(0)
        assert len(graph.app.gateway.upstreams) == 0


@pytest.mark.parametrize("yaml", ["", WEBSOCKET])
async def test_a_subgraph_that_stops_or_refuses_says_so_to_the_client(
    yaml: str,
) -> None:
    trust = verifier()
    tickets = subgraph("tickets", trust)
    async with (
        served(tickets) as url,
        following(yaml, tickets=url) as graph,
        served(graph.app) as front,
        aiohttp.ClientSession() as http,
    ):
        headers = {"accept": ACCEPT, **bearer("usr_7")}
        refused = {"query": "subscription { refused { id } }"}
        async with http.post(front, json=refused, headers=headers) as answer:
            last = await next_of(aiohttp.MultipartReader.from_response(answer))
            assert last["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        async with http.post(front, json={"query": CHANGED}, headers=headers) as answer:
            reader = aiohttp.MultipartReader.from_response(answer)
            await graph.heard()
            tickets.endpoint.subscriptions.end()
            last = await next_of(reader)
            assert last["errors"][0]["extensions"]["code"] == (
                "SUBSCRIPTION_SERVER_STOPPED"
            )


@pytest.mark.parametrize("yaml", ["", WEBSOCKET])
async def test_a_subgraph_that_is_not_there_is_one_answer(yaml: str) -> None:
    async with following(yaml, tickets="http://127.0.0.1:9/graphql") as graph:
        async with served(graph.app) as url, aiohttp.ClientSession() as http:
            headers = {"accept": ACCEPT, **bearer("usr_7")}
            async with http.post(url, json={"query": CHANGED}, headers=headers) as got:
                body = await got.json()
        assert body["data"] == {"ticketChanged": None}
        assert body["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"


async def next_of(reader: Any) -> Any:
    """Give the next part that is no heartbeat."""
    async with asyncio.timeout(10):
        while True:
            part = await reader.next()
            body = orjson.loads(await part.read())
            if body != {}:
                return body
