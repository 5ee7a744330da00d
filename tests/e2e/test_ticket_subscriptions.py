"""Tickets' events through the router, with what other domains know of them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.support.house import House, settled
from tests.support.stack import Graph
from tests.support.streams import connected, streaming, until
from tests.support.tokens import bearer

pytestmark = pytest.mark.usefixtures("looks_often")

EVENTS = """
subscription ($after: ID) {
  ticketEvents(afterEventId: $after) {
    id kind actor { name } ticket { title requester { name department { name } } }
  }
}
"""
UPDATED = "subscription ($id: ID!) { ticketUpdated(id: $id) { title } }"
OPEN = """
mutation ($in: CreateTicketInput!) {
  createTicket(input: $in) { userErrors { code } ticket { id } }
}
"""
RENAME = """
mutation ($in: UpdateTicketInput!) { updateTicket(input: $in) { userErrors { code } } }
"""
WRITER = ["users:read", "tickets:read", "tickets:write"]

Open = Callable[[str], Awaitable[str]]


@pytest.fixture
async def house(graph: Graph) -> House:
    return await settled(graph.stack.services["users"].database)


@pytest.fixture
def dot(house: House) -> dict[str, Any]:
    return {"subject": house.people["dot"], "scopes": WRITER}


@pytest.fixture
def open_ticket(graph: Graph, dot: dict[str, Any]) -> Open:
    async def send(title: str) -> str:
        given = {"type": "INCIDENT", "title": title}
        data = await graph.data(OPEN, {"in": given}, **dot)
        return data["createTicket"]["ticket"]["id"]

    return send


def headers_of(who: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    return [(k.encode(), v.encode()) for k, v in bearer(**who).items()]


async def listening(graph: Graph) -> None:
    """Wait until a subscription has begun where tickets are."""
    service: Any = graph.stack.services["tickets"]
    watching = service.graphql.make_context(None, service.database, None).watch

    async def begun() -> bool:
        return watching._readers > 0 and watching._place is not None

    await until(begun)


async def test_an_event_comes_with_what_other_domains_know(
    graph: Graph, dot: dict[str, Any], open_ticket: Open
) -> None:
    request = {"query": EVENTS}
    async with streaming(graph.stack.app, request, headers_of(dot)) as parts:
        await listening(graph)
        await open_ticket("Printer on fire")
        first = (await parts.payload())["payload"]["data"]["ticketEvents"]
    requester = {"name": "Dot Example", "department": {"name": "It"}}
    assert {**first, "id": None} == {
        "id": None,
        "kind": "CREATED",
        "actor": {"name": "Dot Example"},
        "ticket": {"title": "Printer on fire", "requester": requester},
    }
    await open_ticket("Missed")
    again = {"query": EVENTS, "variables": {"after": first["id"]}}
    async with streaming(graph.stack.app, again, headers_of(dot)) as parts:
        missed = (await parts.payload())["payload"]["data"]["ticketEvents"]
    assert missed["ticket"]["title"] == "Missed"


async def test_a_browser_follows_one_ticket_over_a_websocket(
    graph: Graph, dot: dict[str, Any], open_ticket: Open
) -> None:
    key = await open_ticket("Printer on fire")
    async with connected(graph.stack.app) as client:
        await client.begin(**bearer(**dot))
        client.subscribe("1", UPDATED, id=key)
        told = await client.hear()
        assert told["payload"]["data"] == {
            "ticketUpdated": {"title": "Printer on fire"}
        }
        given = {"id": key, "title": "Printer burnt down"}
        await listening(graph)
        await graph.data(RENAME, {"in": given}, **dot)
        told = await client.hear()
        renamed = {"ticketUpdated": {"title": "Printer burnt down"}}
        assert told == {"id": "1", "type": "next", "payload": {"data": renamed}}


async def test_nobody_is_told_of_others_tickets(
    graph: Graph, house: House, open_ticket: Open
) -> None:
    eve = {"subject": house.people["eve"], "scopes": WRITER}
    async with streaming(graph.stack.app, {"query": EVENTS}, headers_of(eve)) as parts:
        await listening(graph)
        await open_ticket("Dot's")
        given = {"type": "INCIDENT", "title": "Eve's"}
        await graph.data(OPEN, {"in": given}, **eve)
        told = (await parts.payload())["payload"]["data"]["ticketEvents"]
    assert told["ticket"]["title"] == "Eve's"


async def test_without_the_permission_the_router_opens_nothing(
    graph: Graph, house: House
) -> None:
    who = {"subject": house.people["dot"], "scopes": ["users:read"]}
    with graph.counted():
        async with streaming(
            graph.stack.app, {"query": EVENTS}, headers_of(who)
        ) as parts:
            answer = await parts.body()
        assert graph.requests["tickets"] == 0
    codes = {error["extensions"]["code"] for error in answer["errors"]}
    assert codes == {"UNAUTHORIZED_FIELD_OR_TYPE"}
