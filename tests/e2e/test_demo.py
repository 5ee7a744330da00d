from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpnest.demo.company import PEOPLE, PERSONS, SIGN_INS, TEAMS, UNITS
from helpnest.demo.credentials import FILE, Credentials, kept
from helpnest.demo.graph import Graph as Client
from helpnest.demo.move_in import move_in
from helpnest.demo.promises import POLICIES
from helpnest.demo.stories import STORIES
from helpnest.supergraph import domains
from tests.support.demo_desk import check_all_that_a_desk_does
from tests.support.stack import Graph

COUNTS = """
{
  users { totalCount } departments { totalCount }
  tickets(first: 100) {
    totalCount
    nodes { number openedAt status { category } assignee { name }
            requesterDepartment { code }
            group { name } }
  }
  groups(first: 10) { nodes { name lead { name } parent { name } department { code } } }
  viewer { name permissions }
}
"""
CLOCKS = """
{ slaPolicies { name } tickets(first: 100) { nodes { type
  slaClocks { target state remaining policy { name } } } } }
"""
SPOKEN = "{ tickets(first: 100) { nodes { comments(first: 0) { totalCount } } } }"


async def check_clocks_and_talk(client: Client, known: Credentials) -> None:
    """See that clocks run, that people talked, and all that a desk does beside."""
    await check_clocks(client)
    spoken = await client.ask(SPOKEN, {})
    counts = [node["comments"]["totalCount"] for node in spoken["tickets"]["nodes"]]
    assert sum(counts) > len(counts) / 2
    await check_all_that_a_desk_does(client, known)


def check_teams(seen: dict[str, Any]) -> None:
    """See that all teams are there, and that tickets are with their agent's."""
    assert {node["name"] for node in seen["groups"]["nodes"]} == {
        team.name for team in TEAMS
    }
    assert {
        (team["name"], team["lead"]["name"], team["department"]["code"])
        for team in seen["groups"]["nodes"]
    } == {(team.name, PERSONS[team.lead].name, team.unit) for team in TEAMS}
    works_in = {
        PERSONS[key].name: team.name
        for team in TEAMS
        for key in team.members
        if team.kind == "ASSIGNMENT"
    }
    assigned = [node for node in seen["tickets"]["nodes"] if node["assignee"]]
    assert assigned
    for node in assigned:
        assert node["group"]["name"] == works_in[node["assignee"]["name"]]


async def test_the_demo_company_moves_in_once_where_nobody_lives_and_signs_in(
    own_graph: Graph, database_url: Callable[[str], str], tmp_path: Path
) -> None:
    urls = {domain: database_url(domain) for domain in domains()}
    steps: list[str] = []
    known = await move_in(own_graph.http, urls, tmp_path, steps.append)
    assert known is not None
    assert known.complete
    assert len(known.passwords) == len(SIGN_INS) == len(set(known.passwords.values()))
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert len(steps) == 3

    client = Client(own_graph.http)
    for email, password in known.passwords.items():
        await client.sign_in(email, password)
    numbers = {
        key: await tickets_seen(client, key, known) for key in ("callum", "hanna")
    }
    email = PERSONS["owen"].email
    await client.sign_in(email, known.passwords[email])
    seen = await client.ask(COUNTS, {})
    assert seen["viewer"]["name"] == "Owen Tadesse"
    assert 0 < numbers["hanna"] < numbers["callum"] < seen["tickets"]["totalCount"]
    assert seen["users"]["totalCount"] == len(PEOPLE)
    assert seen["departments"]["totalCount"] == len(UNITS)
    assert seen["tickets"]["totalCount"] == sum(len(story.by) for story in STORIES)
    check_teams(seen)
    categories = {node["status"]["category"] for node in seen["tickets"]["nodes"]}
    assert categories == {
        "NEW",
        "IN_PROGRESS",
        "ON_HOLD",
        "RESOLVED",
        "CLOSED",
        "CANCELLED",
    }
    assert all(node["requesterDepartment"] for node in seen["tickets"]["nodes"])
    await check_clocks_and_talk(client, known)

    again = await move_in(own_graph.http, urls, tmp_path, steps.append)
    assert again == known
    assert len(steps) == 3
    elsewhere = tmp_path / "another"  # as if the file had been lost: nobody moves in
    assert await move_in(own_graph.http, urls, elsewhere, steps.append) is None
    assert not elsewhere.exists()


async def check_clocks(client: Client) -> None:
    """See that incidents and requests have clocks, of every state there is."""
    seen = await client.ask(CLOCKS, {})
    assert [policy["name"] for policy in seen["slaPolicies"]] == list(POLICIES)
    tickets = seen["tickets"]["nodes"]
    promised = {"INCIDENT", "SERVICE_REQUEST"}
    for ticket in tickets:
        targets = [clock["target"] for clock in ticket["slaClocks"]]
        assert targets[:2] == (
            ["FIRST_RESPONSE", "RESOLUTION"] if ticket["type"] in promised else []
        )
    clocks = [clock for ticket in tickets for clock in ticket["slaClocks"]]
    found = {clock["state"] for clock in clocks}
    assert found == {"RUNNING", "PAUSED", "MET", "BREACHED", "CANCELLED"}
    late = [clock for clock in clocks if (clock["remaining"] or "P").startswith("-")]
    assert {clock["state"] for clock in late} == {"BREACHED"}  # though nobody waited


async def tickets_seen(client: Client, key: str, known: Credentials) -> int:
    """Count the tickets that somebody of the company sees."""
    email = PERSONS[key].email
    await client.sign_in(email, known.passwords[email])
    return (await client.ask(COUNTS, {}))["tickets"]["totalCount"]


async def test_a_first_start_that_was_cut_short_goes_on(
    own_graph: Graph, database_url: Callable[[str], str], tmp_path: Path
) -> None:
    urls = {domain: database_url(domain) for domain in domains()}
    first = await move_in(own_graph.http, urls, tmp_path, lambda _: None)
    assert first is not None
    first.complete = False
    first.passwords.clear()
    first.keep(tmp_path)  # as if it had been killed before the passwords were written
    second = await move_in(own_graph.http, urls, tmp_path, lambda _: None)
    assert second == kept(tmp_path)
    assert second is not None
    client = Client(own_graph.http)
    email = PERSONS["owen"].email
    await client.sign_in(email, second.passwords[email])
    seen = await client.ask(COUNTS, {})
    assert seen["users"]["totalCount"] == len(PEOPLE)
    assert seen["tickets"]["totalCount"] == sum(len(story.by) for story in STORIES)
