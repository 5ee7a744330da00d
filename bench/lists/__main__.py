"""``make bench-lists``: what each list of the app takes on the large demo company.

Needs a home folder in which `helpnest demo --size large` has been run
(``HELPNEST_HOME``). The whole stack runs in this process; one client asks each query
again and again, with other values each time, and the 95th percentile of its wall time
is printed, with the pages far behind the first. Python looks for garbage as seldom as
it does where a server starts.
"""

import argparse
import asyncio
import random
import statistics
import time
from dataclasses import replace
from typing import Any

import httpx
from rich.console import Console

from bench.lists.case import Case
from bench.lists.cases import CASES, LINE
from helpnest.databases import databases
from helpnest.demo.credentials import kept
from helpnest.demo.graph import Graph
from helpnest.kept_secrets import kept_secrets
from helpnest.progress import steps
from helpnest.settings import StackSettings
from helpnest.stack import running_stack
from helpnest.supergraph import domains
from kit.garbage import look_seldom, settle
from kit.settings import environment

WHO = {
    "admin": "nadia.ferrand@marlow.example",
    "agent": "callum.reyes@marlow.example",
    "requester": "clara.nyman@marlow.example",
    "head": "hanna.virtanen@marlow.example",
    "analyst": "owen.tadesse@marlow.example",
}
GOAL_MS = 50.0
OPEN = ["NEW", "IN_PROGRESS", "ON_HOLD"]
QUEUES: dict[str, dict[str, object]] = {
    "Open": {"statusCategory": OPEN},
    "Nobody's yet": {"statusCategory": OPEN, "assignee": {"isNull": True}},
    "Urgent": {"statusCategory": OPEN, "priority": ["CRITICAL", "HIGH"]},
    "Waiting for a vendor": {"holdReason": ["VENDOR"]},
    "Waiting for an answer": {"holdReason": ["REQUESTER"]},
    "Overdue": {"statusCategory": OPEN, "slaDueAt": {"lte": "P0D"}},
    "This week's": {"openedAt": {"gte": "-P7D"}},
    "Often passed on": {"statusCategory": OPEN, "reassignmentCount": {"gte": 2}},
    "Changes": {"type": ["CHANGE"], "statusCategory": OPEN},
    "By chat": {"channel": ["CHAT"], "statusCategory": OPEN},
}
"""What a desk has, seen by everyone; made where they are not there yet."""

MAKE_QUEUE = """
mutation ($input: CreateQueueInput!) {
  createQueue(input: $input) { userErrors { message } }
}
"""
TALKED_ABOUT = """
{ tickets(first: 100, orderBy: [{field: NUMBER}]) {
  nodes { id comments(first: 1) { totalCount } }
} }
"""


async def values_of(graph: Graph, agent: Graph) -> dict[str, list[str]]:
    """Read ids and words to vary queries with; tickets are such as an agent sees."""
    found = await graph.ask(
        "{ groups(first: 70) { nodes { id } } users(first: 100) { nodes { id name } }"
        " departments(first: 80) { nodes { id } } }",
        {},
    )
    number = random.Random(7)
    asked = await agent.ask(
        "{ tickets(first: 100) { nodes { id number } } queues(mine: false) { id } }", {}
    )
    tickets = asked["tickets"]["nodes"]
    talk = (await graph.ask(TALKED_ABOUT, {}))["tickets"]["nodes"]
    return {
        "ticket": [each["id"] for each in tickets],
        "number": [each["number"] for each in tickets],
        "queue": [each["id"] for each in asked["queues"]],
        "commented": [t["id"] for t in talk if t["comments"]["totalCount"]],
        "group": [each["id"] for each in found["groups"]["nodes"]],
        "person": [each["id"] for each in found["users"]["nodes"]],
        "department": [each["id"] for each in found["departments"]["nodes"]],
        "word": [f"{number.randrange(100_000):05d}" for _ in range(60)],
    }


async def have_queues(graph: Graph) -> None:
    """Make the queues, once."""
    for name, wanted in QUEUES.items():
        given = {"name": name, "visibility": "EVERYONE", "filter": wanted}
        key = {"idempotencyKey": f"bench:{name}"}
        await graph.ask(MAKE_QUEUE, {"input": given | key})


async def measure(
    graph: Graph, case: Case, values: dict[str, list[str]], times: int
) -> list[float]:
    """Ask that often; give the milliseconds of each."""
    took: list[float] = []
    for n in range(times):
        variables = case.variables(values, n)
        began = time.perf_counter()
        await graph.ask(case.query, variables)
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took[times // 10 :])


async def deep_pages(graph: Graph, pages: int) -> tuple[float, float]:
    """Turn pages; give the medians of the first fifty and of the last fifty, in ms."""
    page = f"tickets(first: 50, after: $after) {{ {LINE} }}"
    query = f"query Page($after: String) {{ {page} }}"
    after: str | None = None
    took: list[float] = []
    for _ in range(pages):
        began = time.perf_counter()
        data = await graph.ask(query, {"after": after})
        took.append((time.perf_counter() - began) * 1000)
        after = data["tickets"]["pageInfo"]["endCursor"]
    return statistics.median(took[1:50]), statistics.median(took[-50:])


async def run(
    url: str, app: Any, passwords: dict[str, str], given: argparse.Namespace
) -> None:
    """Measure everything, and print a line for each."""
    inside = httpx.ASGITransport(app)
    async with httpx.AsyncClient(base_url=url, transport=inside, timeout=60) as http:
        graphs: dict[str, Graph] = {}
        for who, email in WHO.items():
            graphs[who] = Graph(http)
            await graphs[who].sign_in(email, passwords[email])
        await have_queues(graphs["admin"])
        values = await values_of(graphs["admin"], graphs["agent"])
        missed = 0
        for name, case in CASES.items():
            if given.only and given.only not in name:
                continue
            took = await measure(graphs[case.who], case, values, given.times)
            p95 = took[int(len(took) * 0.95)]
            missed += p95 > GOAL_MS
            mark = "" if p95 <= GOAL_MS else f"  over {GOAL_MS:.0f}"
            middle = statistics.median(took)
            print(f"{name:<40} p50 {middle:7.1f} ms  p95 {p95:7.1f} ms{mark}")
        if not given.only:
            first, last = await deep_pages(graphs["admin"], given.pages)
            print(f"{'page 1 to 50':<40} p50 {first:7.1f} ms")
            print(
                f"{f'page {given.pages - 50} to {given.pages}':<40} p50 {last:7.1f} ms"
                f"  {last / first:.2f} times the first"
            )
        print(f"{missed} of {len(CASES)} over {GOAL_MS:.0f} ms")


def main() -> None:
    """Start the stack on the large company, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    look_seldom()
    settings = StackSettings.from_environment(domains())
    known = kept(settings.home)
    if known is None or not known.large:
        raise SystemExit("Run `helpnest demo --size large` first (HELPNEST_HOME).")
    with (
        steps(Console(stderr=True)) as announce,
        databases(domains(), settings, announce) as (urls, _),
    ):
        settings = replace(settings, secrets=kept_secrets(settings.home, environment()))

        async def work() -> None:
            async with running_stack(urls, settings) as running:
                announce.end(done=True)
                settle()
                await run(settings.url, running.app, known.passwords, given)

        asyncio.run(work())


if __name__ == "__main__":
    main()
