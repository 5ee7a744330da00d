"""Public replies: the first is the first response, each is news."""

from datetime import UTC, datetime
from typing import Any

from kit.ids import new_id
from kit.scalars import read_instant
from subgraphs.tickets.models import Via
from subgraphs.tickets.repository import writes
from subgraphs.tickets.service.act import DESK, Act
from subgraphs.tickets.service.sla.respond import note_reply
from subgraphs.tickets.service.sla.settle import settle
from tests.support.promises import GOALS, noted, promise, read

Desk = Any  # the fixture's class; test folders are not packages

NEWS = {"target": "UPDATE", "priority": "MODERATE", "within": "PT4H"}


async def reply(desk: Desk, key: str, author: str) -> bool:
    """Reply as a follower of comments would have it noted."""
    now = datetime.now(UTC)
    act = Act(DESK, now, author, Via.API, None, now)
    async with desk.service.database.unit_of_work() as session:
        ticket = await writes.lock_ticket(session, key)
        assert ticket is not None
        told = await note_reply(session, ticket, act)
        await settle(session)
    return told


async def test_the_first_public_reply_of_somebody_else_is_the_first_response(
    desk: Desk,
) -> None:
    await promise(desk)
    key, agent = (await desk.open())["id"], new_id("usr")
    assert await reply(desk, key, desk.ada) is False  # the requester's own
    assert (await read(desk, key))["firstRespondedAt"] is None
    assert await reply(desk, key, agent) is True
    ticket = await read(desk, key)
    response, resolution = ticket["slaClocks"]
    assert (response["state"], resolution["state"]) == ("MET", "RUNNING")
    assert response["stoppedAt"] == ticket["firstRespondedAt"] is not None
    assert [kind for kind, *_ in noted(ticket, "RESPONDED")][2:] == ["RESPONDED"]
    assert await reply(desk, key, agent) is False  # nobody is promised news
    assert (await read(desk, key))["firstRespondedAt"] == ticket["firstRespondedAt"]


async def test_each_reply_is_news_where_news_are_promised(desk: Desk) -> None:
    await promise(desk, goals=[*GOALS, NEWS])
    key, agent = (await desk.open())["id"], new_id("usr")
    dues: list[datetime] = []
    for _ in range(3):
        news = (await read(desk, key))["slaClocks"][2]
        assert (news["target"], news["state"]) == ("UPDATE", "RUNNING")
        dues.append(read_instant(news["dueAt"]))
        assert await reply(desk, key, agent) is True
    assert dues[0] < dues[1] < dues[2]
