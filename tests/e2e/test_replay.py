"""Real logs through the public graph come out as their publishers' figures say.

The logs are not part of the project: where their folder is absent, these tests say so
and are skipped. A part of each log is fed by default; ``HELPNEST_WHOLE_LOGS=1`` feeds
all of it.
"""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress

from helpnest.replay import xes
from helpnest.replay.client import SCOPES, Credentials, Reply
from helpnest.replay.run import Format, Options, replay
from helpnest.replay.summary import Summary
from kit.ids import new_id
from kit.scalars import write_duration, write_instant
from kit.settings import environment
from tests.support.promises import promise
from tests.support.tokens import sign
from tests.support.told_clocks import GOALS, resolution_of

DATA = Path(__file__).parents[3] / "shared" / "data"
INCIDENTS = DATA / "uci-incident-log" / "incident_event_log_5998.csv"
PROBLEMS = DATA / "volvo-bpi2013" / "06_bpic2013_closed.xes.gz"
WHOLE = environment().get("HELPNEST_WHOLE_LOGS") == "1"
PART = 400

pytestmark = [
    pytest.mark.skipif(
        not INCIDENTS.exists(), reason=f"the real logs are not at {DATA}"
    ),
    pytest.mark.timeout(900),
]

TICKETS = """
query Replayed($after: String) {
  tickets(first: 8, after: $after, orderBy: [{field: NUMBER}]) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      tags priority impact urgency priorityOverridden reassignmentCount reopenCount
      holdReason status { key } version
      history(first: 100) { totalCount nodes { seq kind at field before after } }
      slaClocks { target state breachedAt elapsedBusinessTime stoppedAt }
    }
  }
}
"""
STATES = {
    "New": "new",
    "Active": "in_progress",
    "Awaiting User Info": "on_hold REQUESTER",
    "Awaiting Vendor": "on_hold VENDOR",
    "Awaiting Problem": "on_hold PROBLEM",
    "Awaiting Evidence": "on_hold EVIDENCE",
    "Resolved": "resolved",
    "Closed": "closed",
}
LEVELS = ("impact", "urgency", "priority")


@pytest.fixture
def feed(graph: Any) -> Any:
    """Feed a file to the whole stack, with a service account's token."""
    account = new_id("sva")

    async def post(url: str, body: bytes, headers: Mapping[str, str], /) -> Reply:
        if url.endswith("/auth/token"):
            token = sign(account, scopes=list(SCOPES), session=None)
            return Reply(200, json.dumps({"access_token": token}).encode())
        answer = await graph.http.post(url, content=body, headers=headers)
        return Reply(answer.status_code, answer.content)

    async def fed(file: Path, kind: Format, limit: int | None) -> Summary:
        options = Options(
            file=file,
            format=kind,
            url=str(graph.http.base_url),
            credentials=Credentials(account, "secret"),
            limit=limit,
        )
        quiet = Progress(console=Console(quiet=True))
        return await replay(options, post, quiet)

    return fed


async def replayed(graph: Any) -> list[dict[str, Any]]:
    """Read every ticket with its history, as an analyst would."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        data = await graph.data(
            TICKETS,
            {"after": after},
            subject=new_id("usr"),
            scopes=["tickets:read", "tickets:read_all"],
        )
        page = data["tickets"]
        found.extend(page["nodes"])
        if not page["pageInfo"]["hasNextPage"]:
            assert len(found) == page["totalCount"]
            return found
        after = page["pageInfo"]["endCursor"]


def told(status: Mapping[str, Any]) -> str:
    """Name a status with its hold reason, as the history has it."""
    reason = status["holdReason"]
    return f"{status['status']} {reason}" if reason else status["status"]


def moves(ticket: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List the moves of a ticket off its history."""
    events = ticket["history"]["nodes"]
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    assert ticket["history"]["totalCount"] == len(events)
    return [
        (told(event["before"]), told(event["after"]))
        for event in events
        if event["field"] == "status"
    ]


def groups(ticket: Mapping[str, Any]) -> list[str | None]:
    """List the groups that had a ticket, off its history."""
    events = ticket["history"]["nodes"]
    later = [e["after"] for e in events if e["kind"] == "GROUP_CHANGED"]
    return [events[0]["after"]["groupId"], *later]


def ping_pong(having: list[str | None]) -> bool:
    """Say whether a ticket went back to the group it had come from."""
    real = [group for group in having if group is not None]
    turns = [g for n, g in enumerate(real) if n == 0 or real[n - 1] != g]
    return any(a == c for a, c in zip(turns, turns[2:], strict=False))


def key_of(ticket: Mapping[str, Any]) -> str:
    return ticket["tags"][1].split(" ", 1)[1]


def life_of(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """Say what became of a ticket, off the graph."""
    stands = {"status": ticket["status"]["key"], "holdReason": ticket["holdReason"]}
    return {
        "moves": moves(ticket),
        "stands": told(stands),
        "reassigned": ticket["reassignmentCount"],
        "reopened": ticket["reopenCount"],
        "levels": [ticket[name] for name in LEVELS],
        "overridden": ticket["priorityOverridden"],
    }


def life_in_log(case: list[dict[str, str]]) -> dict[str, Any]:
    """Say the same off the log; a ticket begins as new."""
    states = ["new", *(STATES[row["incident_state"]] for row in case)]
    having = [row["assignment_group"] for row in case]
    return {
        "moves": [(a, b) for a, b in pairwise(states) if a != b],
        "stands": states[-1],
        "reassigned": sum(a != b for a, b in pairwise(having)),
        "reopened": int(case[-1]["reopen_count"]),
        "levels": [case[-1][name].split(" - ")[1].upper() for name in LEVELS],
        "overridden": False,
    }


async def test_incidents_come_out_as_the_log_says(graph: Any, feed: Any) -> None:
    limit = None if WHOLE else PART
    with INCIDENTS.open(newline="") as file:
        rows = list(csv.DictReader(file))[:limit]
    cases: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        cases.setdefault(row["number"], []).append(row)

    summary: Summary = await feed(INCIDENTS, "servicenow", limit)

    assert summary.rejected == []
    assert (summary.read, summary.cases) == (len(rows), len(cases))
    assert summary.applied + summary.unchanged == len(rows)
    tickets = {key_of(ticket): ticket for ticket in await replayed(graph)}
    assert tickets.keys() == cases.keys()

    for number, case in cases.items():
        assert life_of(tickets[number]) == life_in_log(case)
    if WHOLE:
        assert_equal_to_oracles(list(tickets.values()))

    again: Summary = await feed(INCIDENTS, "servicenow", limit)
    assert (again.applied, again.rejected) == (0, [])
    assert again.skipped == summary.applied
    assert {key_of(each): each for each in await replayed(graph)} == tickets


def assert_equal_to_oracles(tickets: list[dict[str, Any]]) -> None:
    """Compare with the figures that were computed from the log by somebody else."""
    oracle = json.loads((DATA / "oracles.json").read_text())["uci_5998"]
    published: Counter[tuple[str, str]] = Counter()
    for name, count in oracle["transitions"].items():
        before, after = name.split(" > ")
        pair = (STATES.get(before, "new"), STATES[after])
        if pair[0] != pair[1]:
            published[pair] += count
    assert Counter(step for each in tickets for step in moves(each)) == published
    assert len(tickets) == oracle["incidents"]
    assert sum(each["reassignmentCount"] for each in tickets) == oracle["group_changes"]
    assert sum(each["reopenCount"] for each in tickets) == oracle["reopen_events"]
    reopened = sum(each["reopenCount"] > 0 for each in tickets)
    assert reopened == oracle["incidents_reopened"]
    bounced = sum(ping_pong(groups(each)) for each in tickets)
    assert bounced == oracle["incidents_pingpong_ABA"]
    alone = sum(
        event["kind"] == "ASSIGNEE_CHANGED"
        for each in tickets
        for event in each["history"]["nodes"]
    )
    assert alone >= oracle["assignee_only_changes"]


async def test_problems_come_out_as_the_log_says(graph: Any, feed: Any) -> None:
    limit = None if WHOLE else PART
    summary: Summary = await feed(PROBLEMS, "xes", limit)
    read = list(xes.cases(PROBLEMS, limit))
    good = sum(hasattr(event, "state") for case in read for event in case.events)
    assert summary.read == sum(len(case.events) for case in read)
    assert summary.applied + summary.unchanged == good
    unmatched = {"the state 'Unmatched/Unmatched'"}
    assert summary.reasons.keys() <= unmatched
    tickets = {key_of(ticket): ticket for ticket in await replayed(graph)}
    assert tickets.keys() == {case.key for case in read}
    if WHOLE:
        oracle = json.loads((DATA / "oracles.json").read_text())
        figures = oracle["bpi2013_bpic2013_closed"]
        assert summary.read == figures["events"]
        assert len(tickets) == figures["cases"]
        assert len(summary.rejected) == figures["statuses"]["Unmatched/Unmatched"]
        held = [set(groups(each)) for each in tickets.values()]
        assert len(set.union(*held)) == figures["groups"]
        several = sum(len(each) > 1 for each in held)
        assert several == figures["cases_multi_group"]
        bounced = sum(ping_pong(groups(each)) for each in tickets.values())
        assert bounced == figures["cases_pingpong_ABA"]
    again: Summary = await feed(PROBLEMS, "xes", limit)
    assert (again.applied, len(again.rejected)) == (0, len(summary.rejected))


async def test_clocks_of_a_replay_go_by_its_instants_and_no_breach_is_undone(
    graph: Any, feed: Any
) -> None:
    admin = {"subject": new_id("usr"), "scopes": [*SCOPES, "tickets:manage"]}
    await promise(graph, by=admin, goals=GOALS)
    await feed(INCIDENTS, "servicenow", PART // 2)
    early = breaches(await replayed(graph))
    await feed(INCIDENTS, "servicenow", None if WHOLE else PART)
    tickets = await replayed(graph)
    late = breaches(tickets)
    assert {key: late.get(key) for key in early} == early
    for ticket in tickets:
        passed, breached = resolution_of(ticket)
        (clock,) = ticket["slaClocks"]
        assert clock["breachedAt"] == (breached and write_instant(breached))
        if clock["stoppedAt"]:
            assert clock["elapsedBusinessTime"] == write_duration(passed)
        kinds = [event["kind"] for event in ticket["history"]["nodes"]]
        assert kinds.count("SLA_BREACHED") == (breached is not None)
    assert len(late) > len(early) > 0


def breaches(tickets: list[dict[str, Any]]) -> dict[str, str]:
    """Say when the breached clocks were breached, by ticket."""
    return {
        key_of(ticket): clock["breachedAt"]
        for ticket in tickets
        for clock in ticket["slaClocks"]
        if clock["state"] == "BREACHED"
    }
