"""The demo company grows: people through the graph, tickets straight into tables."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpnest.demo.company import PEOPLE
from helpnest.demo.graph import Graph as Client
from helpnest.demo.large.move_in import grow
from helpnest.demo.large.organisation import organise
from helpnest.demo.move_in import move_in
from helpnest.demo.stories import STORIES
from helpnest.supergraph import domains
from tests.support.stack import Graph

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
    steps: list[str] = []
    company = organise(40, 4)
    await grow(
        client,
        known,
        company,
        steps.append,
        tickets_url=urls["tickets"],
        count=100,
    )
    after = await client.ask(COUNTS, {})
    assert after["users"]["totalCount"] == len(PEOPLE) + 40
    assert after["groups"]["totalCount"] == before["groups"]["totalCount"] + 4
    assert after["tickets"]["totalCount"] == SMALL + 100
    assert "100 of 100 tickets" in steps
    seen = await client.ask(LAST, {})
    for ticket in seen["tickets"]["nodes"]:
        check(ticket)
    opened = await client.ask(OPEN, {})
    highest = max(int(each["number"][3:]) for each in seen["tickets"]["nodes"])
    number: str = opened["createTicket"]["ticket"]["number"]
    assert int(number[3:]) > highest


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
