"""Tickets follow comments: a reply answers or wakes a ticket, a mention is watched."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from tests.support.house import House, settled
from tests.support.stack import Graph, running_graph, trusting_verifier
from tests.support.streams import until

OPEN = """
mutation { createTicket(input: {type: INCIDENT, title: "Printer on fire"}) {
  ticket { id } userErrors { code } } }
"""
ADD = """
mutation ($in: AddCommentInput!) {
  addComment(input: $in) {
    userErrors { code } commentEdge { node { createdAt } } } }
"""
READ = """
query ($id: ID!) { ticket(id: $id) { firstRespondedAt history { nodes { kind } } } }
"""
SAYS = ["users:read", "tickets:read", "tickets:write"]
WORKS = [*SAYS, "tickets:work", "tickets:read_all"]


@pytest.fixture
async def following(database_url: Callable[[str], str]) -> AsyncGenerator[Graph]:
    """The whole stack, its services doing what they do by themselves."""
    trust = trusting_verifier()
    async with running_graph(database_url, trust=trust, follows=True) as running:
        yield running


async def test_the_first_public_reply_of_who_works_on_it_is_the_first_response(
    following: Graph,
) -> None:
    house: House = await settled(following.stack.services["users"].database)
    me: Any = {"subject": house.people["dot"], "scopes": SAYS}
    desk: Any = {"subject": house.people["ada"], "scopes": WORKS}
    made = (await following.data(OPEN, {}, **me))["createTicket"]
    key = made["ticket"]["id"]

    async def say(who: Any, visibility: str) -> str:
        given = {"ticketId": key, "visibility": visibility, "body": "Hello"}
        payload = (await following.data(ADD, {"in": given}, **who))["addComment"]
        assert payload["userErrors"] == []
        at: str = payload["commentEdge"]["node"]["createdAt"]
        return at

    async def read() -> dict[str, Any]:
        found: dict[str, Any] = await following.data(READ, {"id": key}, **me)
        return found["ticket"]

    onlooker = {"subject": house.people["fay"], "scopes": [*SAYS, "tickets:read_all"]}
    await say(me, "PUBLIC")
    await say(onlooker, "PUBLIC")  # who does not work on it answers nothing
    await say(desk, "INTERNAL")
    answered = await say(desk, "PUBLIC")
    await say(desk, "PUBLIC")

    async def responded() -> bool:
        return (await read())["firstRespondedAt"] is not None

    await until(responded)
    ticket = await read()
    assert ticket["firstRespondedAt"] == answered
    kinds = [each["kind"] for each in ticket["history"]["nodes"]]
    assert kinds.count("RESPONDED") == 1


MOVE = """
mutation ($in: TransitionTicketInput!) {
  transitionTicket(input: $in) { userErrors { code } } }
"""
STANDS = """
query ($id: ID!) { ticket(id: $id) {
  status { key } watchers { edges { node { name } reason } } } }
"""


async def test_the_requesters_reply_wakes_a_ticket_and_who_is_mentioned_watches_it(
    following: Graph,
) -> None:
    house: House = await settled(following.stack.services["users"].database)
    me: Any = {"subject": house.people["dot"], "scopes": SAYS}
    desk: Any = {"subject": house.people["ada"], "scopes": WORKS}
    made = (await following.data(OPEN, {}, **me))["createTicket"]
    key = made["ticket"]["id"]
    held = {"id": key, "toStatusKey": "on_hold", "holdReason": "REQUESTER"}
    for step in ({"id": key, "toStatusKey": "in_progress"}, held):
        payload = (await following.data(MOVE, {"in": step}, **desk))["transitionTicket"]
        assert payload["userErrors"] == []
    note = {"ticketId": key, "visibility": "INTERNAL", "body": "Between us"}
    fay = {**note, "mentionIds": [house.people["fay"]]}  # she would not read it
    payload = (await following.data(ADD, {"in": fay}, **desk))["addComment"]
    assert [e["code"] for e in payload["userErrors"]] == ["MENTION_NOT_PERMITTED"]
    ada = {**note, "mentionIds": [house.people["ada"]]}
    reply = {"ticketId": key, "visibility": "PUBLIC", "body": "Here it is"}
    for who, given in ((desk, ada), (me, reply)):
        payload = (await following.data(ADD, {"in": given}, **who))["addComment"]
        assert payload["userErrors"] == []

    async def stands() -> dict[str, Any]:
        return (await following.data(STANDS, {"id": key}, **desk))["ticket"]

    async def awake() -> bool:
        return (await stands())["status"]["key"] == "in_progress"

    await until(awake)
    assert (await stands())["watchers"]["edges"] == [
        {"node": {"name": "Ada Example"}, "reason": "CC"}
    ]
