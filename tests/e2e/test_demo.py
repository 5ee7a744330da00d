from collections.abc import Callable
from pathlib import Path

from helpnest.demo.company import PEOPLE, SIGN_INS, UNITS
from helpnest.demo.credentials import FILE, kept
from helpnest.demo.graph import Graph as Client
from helpnest.demo.move_in import move_in
from helpnest.demo.stories import STORIES
from helpnest.supergraph import domains
from tests.support.stack import Graph

COUNTS = """
{
  users { totalCount } departments { totalCount }
  tickets(first: 100) {
    totalCount
    nodes { number openedAt status { category } assignee { name }
            requesterDepartment { code } }
  }
  viewer { name permissions }
}
"""


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
    await client.sign_in(
        "callum.reyes@marlow.example", known.passwords["callum.reyes@marlow.example"]
    )
    seen = await client.ask(COUNTS, {})
    assert seen["viewer"]["name"] == "Callum Reyes"
    assert seen["users"]["totalCount"] == len(PEOPLE)
    assert seen["departments"]["totalCount"] == len(UNITS)
    assert seen["tickets"]["totalCount"] == sum(len(story.by) for story in STORIES)
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

    again = await move_in(own_graph.http, urls, tmp_path, steps.append)
    assert again == known
    assert len(steps) == 3
    elsewhere = tmp_path / "another"  # as if the file had been lost: nobody moves in
    assert await move_in(own_graph.http, urls, elsewhere, steps.append) is None
    assert not elsewhere.exists()


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
    email = "callum.reyes@marlow.example"
    await client.sign_in(email, second.passwords[email])
    seen = await client.ask(COUNTS, {})
    assert seen["users"]["totalCount"] == len(PEOPLE)
    assert seen["tickets"]["totalCount"] == sum(len(story.by) for story in STORIES)
