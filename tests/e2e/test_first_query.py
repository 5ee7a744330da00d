"""Ticket → assignee → department → head, through the router: the README's query."""

from typing import Any

import pytest

from tests.support.house import House, settled
from tests.support.stack import Graph

AGENT = ["users:read", "tickets:read", "tickets:write", "tickets:work"]
ALL = [*AGENT, "tickets:read_all"]

FIRST = """
query First($count: Int!) {
  tickets(first: $count) {
    nodes { number title assignee { name department { name head { name } } } }
  }
}
"""
OPEN = """
mutation Open($in: CreateTicketInput!) {
  createTicket(input: $in) { userErrors { message } ticket { id number } }
}
"""


@pytest.fixture
async def house(graph: Graph) -> House:
    return await settled(graph.stack.services["users"].database)


async def open_ticket(graph: Graph, house: House, assignee: str, **given: Any) -> str:
    data = await graph.data(
        OPEN,
        {
            "in": {
                "type": "INCIDENT",
                "title": "Printer on fire",
                "requesterId": house.people["dot"],
                "assigneeId": house.people[assignee],
                **given,
            }
        },
        subject=house.people["ben"],
        scopes=ALL,
    )
    assert data["createTicket"]["userErrors"] == []
    return data["createTicket"]["ticket"]["number"]


async def first(graph: Graph, house: House, count: int) -> dict[str, Any]:
    ben = house.people["ben"]
    return await graph.ask(FIRST, {"count": count}, subject=ben, scopes=ALL)


async def test_a_tickets_people_come_from_the_domain_that_owns_them(
    graph: Graph, house: House
) -> None:
    number = await open_ticket(graph, house, "cem")
    assert await first(graph, house, 1) == {
        "data": {
            "tickets": {
                "nodes": [
                    {
                        "number": number,
                        "title": "Printer on fire",
                        "assignee": {
                            "name": "Cem Example",
                            "department": {
                                "name": "It",
                                "head": {"name": "Ben Example"},
                            },
                        },
                    }
                ]
            }
        }
    }


@pytest.mark.parametrize("count", [1, 50])
async def test_fifty_tickets_cost_what_one_costs(
    graph: Graph, house: House, count: int
) -> None:
    for n in range(count):
        await open_ticket(graph, house, ("cem", "eve")[n % 2])
    with graph.counted():
        answer = await first(graph, house, count)
    assert "errors" not in answer
    assert len(answer["data"]["tickets"]["nodes"]) == count
    asked = {domain: sent for domain, sent in graph.requests.items() if sent}
    assert asked == {"tickets": 1, "users": 1}
    assert len(graph.statements["tickets"]) == 1
    # users, their departments, and the departments' heads
    assert len(graph.statements["users"]) == 3


async def test_the_domain_of_people_away_costs_its_fields_and_is_named(
    graph: Graph, house: House
) -> None:
    number = await open_ticket(graph, house, "cem")
    with graph.without("users"):
        answer = await first(graph, house, 1)
    assert answer["data"] == {
        "tickets": {
            "nodes": [{"number": number, "title": "Printer on fire", "assignee": None}]
        }
    }
    (error,) = answer["errors"]
    assert error["path"] == ["tickets", "nodes", 0, "assignee"]
    assert error["extensions"]["service"] == "users"
    assert error["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"

    back = await first(graph, house, 1)
    assert "errors" not in back
    assert back["data"]["tickets"]["nodes"][0]["assignee"]["name"] == "Cem Example"


async def test_the_domain_of_tickets_away_leaves_the_people(
    graph: Graph, house: House
) -> None:
    query = '{ viewer { name } ticket(number: "INC0000001") { id } }'
    ben = house.people["ben"]
    with graph.without("tickets"):
        answer = await graph.ask(query, subject=ben, scopes=ALL)
    assert answer["data"] == {"viewer": {"name": "Ben Example"}, "ticket": None}
    (error,) = answer["errors"]
    assert error["path"] == ["ticket"]
    assert error["extensions"]["service"] == "tickets"
