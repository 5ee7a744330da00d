"""The demo company grows: people through the graph, tickets straight into tables."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from helpnest.demo.company import DESK_AGENT, PEOPLE, PERSONS
from helpnest.demo.graph import Graph as Client
from helpnest.demo.large.follower import lead_past, place_of
from helpnest.demo.large.move_in import connected, grow
from helpnest.demo.large.organisation import SITES, organise
from helpnest.demo.move_in import move_in
from helpnest.demo.stories import STORIES
from helpnest.supergraph import domains
from kit.database import Database
from subgraphs.tickets.models import TicketRow
from subgraphs.tickets.repository.relations import lock_tickets
from subgraphs.tickets.service.follow_comments import NAME
from subgraphs.tickets.service.sla.rounds import read_tickets
from tests.support.stack import Graph

SALES = {f"Sales {city}" for _, city, _, _ in SITES}
SMALL = sum(len(story.by) for story in STORIES)
COUNTS = "{ users { totalCount } groups { totalCount } tickets { totalCount } }"
LAST = """
{
  tickets(first: 10, orderBy: [{field: OPENED_AT, direction: DESC}]) { nodes {
    number version status { category } requester { name email department { code } }
    requesterDepartment { code } group { name } assignee { name }
    history(first: 20) { nodes { seq kind at actor { name } } }
  } }
}
"""
TALK = """
{
  tickets(first: 20, orderBy: [{field: OPENED_AT}]) { nodes {
    comments(first: 15) { nodes { visibility bodyHtml author { name } } }
  } }
}
"""
MINE = """
{
  viewer { groups { name } }
  tickets(first: 100) { nodes { group { name } requesterDepartment { name } } }
}
"""
ENDED = "status_category IN ('RESOLVED', 'CLOSED', 'CANCELLED')"
CLOCKS = """
SELECT sla_clocks.* FROM sla_clocks JOIN tickets ON id = ticket_id
WHERE status_category IN ('RESOLVED', 'CLOSED', 'CANCELLED')
ORDER BY ticket_id, target
"""
NOTED = """
SELECT events.id FROM events JOIN tickets ON tickets.id = ticket_id
WHERE status_category IN ('RESOLVED', 'CLOSED', 'CANCELLED') AND kind LIKE 'SLA%'
"""
CURSOR = "SELECT cursor FROM feed_cursors WHERE follower = $1"
OPEN = """
mutation { createTicket(input: {type: INCIDENT, title: "After the growth"}) {
  ticket { number } userErrors { message } } }
"""


async def test_the_company_grows_and_everything_hangs_together(
    own_graph: Graph, database_url: Callable[[str], str], tmp_path: Path
) -> None:
    urls = {domain: database_url(domain) for domain in domains()}
    known = await move_in(own_graph.http, urls, tmp_path, lambda _: None)
    assert known is not None
    client = Client(own_graph.http)
    await client.sign_in(*next(iter(known.passwords.items())))
    before = await client.ask(COUNTS, {})
    async with (
        connected(urls["tickets"]) as tickets,
        connected(urls["comments"]) as comments,
    ):  # a follower that has read what the small company says
        assert await lead_past(tickets, comments, None, 1)
    steps: list[str] = []
    company = organise(40, 4)
    await grow(
        client,
        known,
        company,
        steps.append,
        urls=urls,
        count=100,
    )
    after = await client.ask(COUNTS, {})
    assert after["users"]["totalCount"] == len(PEOPLE) + 40
    assert after["groups"]["totalCount"] == before["groups"]["totalCount"] + 4
    assert after["tickets"]["totalCount"] == SMALL + 100
    assert "100 of 100 tickets" in steps
    await those_who_sign_in_see_their_part(client, known.passwords)
    await client.sign_in(*next(iter(known.passwords.items())))
    seen = await client.ask(LAST, {})
    for ticket in seen["tickets"]["nodes"]:
        check(ticket)
    await comments_hang_together(client, urls)
    await the_desk_finds_the_clocks_as_they_are(urls["tickets"])
    opened = await client.ask(OPEN, {})
    highest = max(int(each["number"][3:]) for each in seen["tickets"]["nodes"])
    number: str = opened["createTicket"]["ticket"]["number"]
    assert int(number[3:]) > highest


async def those_who_sign_in_see_their_part(
    client: Client, passwords: Mapping[str, str]
) -> None:
    """See that the agent and the head have work and tickets of the large company."""
    for person, sees in ((DESK_AGENT, "groups"), ("hanna", "departments")):
        email = PERSONS[person].email
        await client.sign_in(email, passwords[email])
        seen = await client.ask(MINE, {})
        large = {group["name"] for group in seen["viewer"]["groups"]} - {"Service Desk"}
        groups = {name_in(ticket["group"]) for ticket in seen["tickets"]["nodes"]}
        units = {
            name_in(ticket["requesterDepartment"])
            for ticket in seen["tickets"]["nodes"]
        }
        found = groups & large if sees == "groups" else units & SALES
        assert found, person


def name_in(found: dict[str, str] | None) -> str:
    return found["name"] if found else ""


def check(ticket: dict[str, Any]) -> None:
    """See that links lead somewhere and the history is whole."""
    if ticket["group"] is None or ticket["requesterDepartment"] is None:
        return  # one of the small company's
    assert ticket["requester"]["name"]
    events = ticket["history"]["nodes"]
    assert [each["seq"] for each in events] == list(range(1, len(events) + 1))
    assert events[0]["kind"] == "CREATED"
    people = [each["actor"] for each in events if each["actor"]]
    assert all(each["name"] for each in people)


async def comments_hang_together(client: Client, urls: Mapping[str, str]) -> None:
    """See that what was said is there, is told, and is not told to tickets again."""
    seen = await client.ask(TALK, {})
    said = [
        comment
        for ticket in seen["tickets"]["nodes"]
        for comment in ticket["comments"]["nodes"]
    ]
    assert {each["visibility"] for each in said} == {"PUBLIC", "INTERNAL"}
    assert all(each["author"]["name"] and each["bodyHtml"] for each in said)
    async with Database(urls["comments"]) as comments:
        events = await all_of(comments, "SELECT * FROM events")
        assert len(events) == len(await all_of(comments, "SELECT id FROM comments"))
        assert {each["seq"] for each in events} == {1}
    async with connected(urls["tickets"]) as tickets:
        cursor = await tickets.fetchval(CURSOR, NAME)
    async with connected(urls["comments"]) as connection:
        assert cursor == await place_of(connection)


async def the_desk_finds_the_clocks_as_they_are(url: str) -> None:
    """Have the desk read the clocks of what has ended: it changes and notes nothing."""
    async with Database(url) as database:
        before = await all_of(database, CLOCKS), await all_of(database, NOTED)
        async with database.unit_of_work() as session:
            keys = await session.scalars(
                select(TicketRow.id).where(text(ENDED)).order_by(TicketRow.id)
            )
            found = await lock_tickets(session, [*keys])
            await read_tickets(session, list(found.values()), datetime.now(UTC))
        after = await all_of(database, CLOCKS), await all_of(database, NOTED)
    assert after[0] == before[0]
    assert len(after[1]) == len(before[1]) > 100


async def all_of(database: Database, sql: str) -> list[dict[str, Any]]:
    async with database.unit_of_work() as session:
        return [dict(row) for row in (await session.execute(text(sql))).mappings()]
