"""Comments in the whole graph: what tickets says decides, and costs no request more."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from tests.support.house import House, settled
from tests.support.stack import Graph, running_graph, trusting_verifier

LIST = """
{ tickets(first: 5) { nodes {
    number lastPublicComment { body }
    comments(first: 5) { totalCount nodes { body author { name } } }
} } }
"""
OPEN = """
mutation ($in: CreateTicketInput!) {
  createTicket(input: $in) { userErrors { code } ticket { id } }
}
"""
ADD = """
mutation ($in: AddCommentInput!) {
  addComment(input: $in) {
    userErrors { code path }
    commentEdge { node { id ticket { number comments { totalCount } } } }
    ticket { status { category } comments { nodes { body } } }
  }
}
"""
SAYS = ["users:read", "tickets:read", "tickets:write"]
WORKS = [*SAYS, "tickets:work", "tickets:read_all"]


@pytest.fixture(params=[False, True], ids=["open", "proven"])
async def nest(
    request: pytest.FixtureRequest, database_url: Callable[[str], str]
) -> AsyncGenerator[Graph]:
    """The whole stack, without and with the router's proof.

    Values that the router brings along are believed with it only.
    """
    trust = trusting_verifier()
    async with running_graph(
        database_url, trust=trust, proven=request.param
    ) as running:
        yield running


@pytest.fixture
async def house(nest: Graph) -> House:
    return await settled(nest.stack.services["users"].database)


def requester(house: House) -> dict[str, Any]:
    return {"subject": house.people["dot"], "scopes": SAYS}


def agent(house: House) -> dict[str, Any]:
    return {"subject": house.people["ben"], "scopes": WORKS}


async def opened(nest: Graph, house: House) -> str:
    given = {"type": "INCIDENT", "title": "Printer on fire"}
    data = await nest.data(OPEN, {"in": given}, **requester(house))
    assert data["createTicket"]["userErrors"] == []
    key: str = data["createTicket"]["ticket"]["id"]
    return key


async def say(nest: Graph, who: Any, **given: Any) -> dict[str, Any]:
    data = await nest.data(ADD, {"in": given}, **who)
    payload: dict[str, Any] = data["addComment"]
    return payload


async def test_what_is_said_is_read_by_whom_tickets_lets(
    nest: Graph, house: House
) -> None:
    key = await opened(nest, house)
    me, desk = requester(house), agent(house)
    said = await say(nest, me, ticketId=key, visibility="PUBLIC", body="Help")
    assert said["userErrors"] == []
    assert said["commentEdge"]["node"]["ticket"] == {
        "number": "INC0000001",
        "comments": {"totalCount": 1},
    }
    names = [house.people["ada"]]
    note = await say(
        nest, desk, ticketId=key, visibility="INTERNAL", body="Hm", mentionIds=names
    )
    assert note["ticket"] == {
        "status": {"category": "NEW"},
        "comments": {"nodes": [{"body": "Help"}, {"body": "Hm"}]},
    }
    for who, bodies in ((me, ["Help"]), (desk, ["Help", "Hm"])):
        (ticket,) = (await nest.data(LIST, **who))["tickets"]["nodes"]
        assert [each["body"] for each in ticket["comments"]["nodes"]] == bodies
        assert ticket["comments"]["totalCount"] == len(bodies)
        assert ticket["lastPublicComment"] == {"body": "Help"}


async def test_a_requester_writes_no_note_and_a_closed_ticket_takes_no_reply(
    nest: Graph, house: House
) -> None:
    key = await opened(nest, house)
    me, desk = requester(house), agent(house)
    note = await say(nest, me, ticketId=key, visibility="INTERNAL", body="Hm")
    assert note["userErrors"] == [
        {"code": "FORBIDDEN", "path": ["input", "visibility"]}
    ]
    cancel = """mutation ($id: ID!) {
      transitionTicket(input: {id: $id, toStatusKey: "cancelled"}) {
        userErrors { code } ticket { viewerPermissions { canComment cannotReasons } }
      } }"""
    done = (await nest.data(cancel, {"id": key}, **me))["transitionTicket"]
    assert done["ticket"]["viewerPermissions"]["canComment"] is False
    assert (
        "The ticket is over: nobody replies on it."
        in done["ticket"]["viewerPermissions"]["cannotReasons"]
    )
    late = await say(nest, me, ticketId=key, visibility="PUBLIC", body="Wait")
    assert late["userErrors"] == [{"code": "TICKET_CLOSED", "path": None}]
    kept = await say(nest, desk, ticketId=key, visibility="INTERNAL", body="Hm")
    assert kept["userErrors"] == []


async def test_a_list_asks_tickets_and_comments_once_where_the_router_is_proven(
    nest: Graph, house: House
) -> None:
    for _ in range(3):
        key = await opened(nest, house)
        await say(nest, agent(house), ticketId=key, visibility="INTERNAL", body="Hm")
    await nest.data(LIST, **agent(house))
    with nest.counted():
        await nest.data(LIST, **agent(house))
    proven = nest.stack.services["comments"].graphql.proof is not None
    assert nest.requests["tickets"] == (1 if proven else 2)
    assert (nest.requests["comments"], nest.requests["users"]) == (1, 1)
    assert len(nest.statements["comments"]) == 3
    assert len(nest.statements["tickets"]) == (1 if proven else 2)


async def test_comments_that_are_down_cost_their_field_and_no_more(
    nest: Graph, house: House
) -> None:
    await opened(nest, house)
    with nest.without("comments"):
        answer = await nest.ask(LIST, **agent(house))
    (ticket,) = answer["data"]["tickets"]["nodes"]
    assert ticket["number"] == "INC0000001"
    assert (ticket["comments"], ticket["lastPublicComment"]) == (None, None)
    assert {tuple(each["path"][:3]) for each in answer["errors"]} == {
        ("tickets", "nodes", 0)
    }
