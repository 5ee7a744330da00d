"""Being told what is said as it is said, and no more than one reads at that moment."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from kit.identity import ANONYMOUS
from kit.ids import new_id
from tests.support.streams import Parts, streaming, until
from tests.support.tokens import bearer

pytestmark = pytest.mark.usefixtures("looks_often")

Talk = Any  # the fixture's class; test folders are not packages

ADDED = """
subscription ($id: ID!) {
  commentAdded(ticketId: $id) { body visibility viewerCanEdit }
}
"""


@asynccontextmanager
async def opened(talk: Talk, who: Any, ticket: str) -> AsyncGenerator[Parts]:
    headers = [(k.encode(), v.encode()) for k, v in bearer(**who).items()]
    request = {"query": ADDED, "variables": {"id": ticket}}
    async with streaming(talk.service, request, headers) as parts:
        yield parts


@asynccontextmanager
async def told(talk: Talk, who: Any) -> AsyncGenerator[Parts]:
    """Subscribe, and wait until it is certain that nothing more is missed."""
    make: Any = talk.service.graphql.make_context
    watching = make(ANONYMOUS, talk.service.database, None).watch
    before = watching._readers

    async def begun() -> bool:
        return watching._readers > before and watching._place is not None

    async with opened(talk, who, talk.ticket) as parts:
        await until(begun)
        yield parts


async def next_of(parts: Parts) -> Any:
    payload = (await parts.payload())["payload"]
    assert "errors" not in payload, payload
    return payload["data"]["commentAdded"]


async def test_what_is_said_is_told_and_a_note_never_reaches_the_requester(
    talk: Talk,
) -> None:
    async with told(talk, talk.requester) as mine, told(talk, talk.agent) as desk:
        await talk.note("Between us")
        await talk.say("Elsewhere", ticketId=talk.know(new_id("tkt")))
        await talk.say("Out loud")
        await talk.note("Between us again")
        await talk.say("The end")
        found = [await next_of(desk) for _ in range(4)]
        assert [each["body"] for each in found] == [
            "Between us",
            "Out loud",
            "Between us again",
            "The end",
        ]
        assert await next_of(mine) == {
            "body": "Out loud",
            "visibility": "PUBLIC",
            "viewerCanEdit": True,
        }
        assert (await next_of(mine))["body"] == "The end"


async def test_who_no_longer_works_on_the_ticket_is_told_no_more_notes(
    talk: Talk,
) -> None:
    async with told(talk, talk.agent) as desk:
        await talk.note("Before")
        assert (await next_of(desk))["body"] == "Before"
        other = talk.tickets.person("tickets:work")
        talk.tickets.seen[other, talk.ticket] = (True, True)
        talk.tickets.seen[talk.bob, talk.ticket] = (True, False)
        works = {**talk.agent, "subject": other}
        await talk.say("After", by=works, visibility="INTERNAL")
        await talk.say("Out loud")
        assert (await next_of(desk))["body"] == "Out loud"


async def test_who_loses_sight_of_the_ticket_is_told_null_and_no_more(
    talk: Talk,
) -> None:
    async with told(talk, talk.agent) as desk:
        del talk.tickets.seen[talk.bob, talk.ticket]
        await talk.say("Out loud")
        assert await next_of(desk) is None
        assert await desk.payload() is None


@pytest.mark.parametrize("unknown", [False, True])
async def test_a_ticket_that_is_not_to_be_seen_is_null_and_no_more(
    talk: Talk, unknown: bool
) -> None:
    ticket = new_id("tkt") if unknown else talk.ticket
    async with opened(talk, talk.stranger, ticket) as parts:
        assert await next_of(parts) is None
        assert await parts.payload() is None


async def test_who_may_read_no_ticket_is_refused(talk: Talk) -> None:
    who = {"subject": talk.ada, "scopes": ["users:read"]}
    async with opened(talk, who, talk.ticket) as parts:
        found = await parts.payload()
    assert found["errors"][0]["extensions"]["code"] == "FORBIDDEN"
