"""Many at once: no update is lost, none takes effect twice, no history has a gap.

A few clients by default; ``HELPNEST_WHOLE_CROWD=1`` sends sixty-four.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from kit.ids import new_id
from kit.settings import environment

Desk = Any  # the fixture's class; test folders are not packages

WHOLE = environment().get("HELPNEST_WHOLE_CROWD") == "1"
CLIENTS = 64 if WHOLE else 12
TICKETS = 20 if WHOLE else 8
"""At most as many as the tags that one ticket may have: each brings its own."""

pytestmark = pytest.mark.timeout(600)

ASSIGN = """mutation Give($in: AssignTicketInput!) { assignTicket(input: $in) {
  event { id } userErrors { code } } }"""
MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  event { id } userErrors { code } } }"""
WATCH = """mutation Watch($in: WatchTicketInput!) { watchTicket(input: $in) {
  userErrors { code } } }"""
MERGE = """mutation Merge($in: MergeTicketsInput!) { mergeTickets(input: $in) {
  ticket { id } userErrors { code } } }"""
BULK = """mutation Bulk($in: BulkUpdateTicketsInput!) { bulkUpdateTickets(input: $in) {
  updated { id } failures { errors { code } } userErrors { code } } }"""
STATE = """query State($id: ID!) { ticket(id: $id) {
  id tags version reassignmentCount group { id } status { key category }
  mergedInto { id } watchers(first: 100) { totalCount nodes { id } }
  history(first: 100) { totalCount nodes { id seq kind field before after } } } }"""
MORE = """query More($id: ID!, $after: String) { ticket(id: $id) {
  history(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
    nodes { id seq kind field before after } } } }"""
STEPS: list[dict[str, Any]] = [
    {"toStatusKey": "in_progress"},
    {"toStatusKey": "on_hold", "holdReason": "VENDOR"},
    {"toStatusKey": "on_hold", "holdReason": "EVIDENCE"},
    {"toStatusKey": "resolved", "resolutionCode": "fixed"},
]
EXPECTED = {"INVALID_TRANSITION", "ALREADY_MERGED", "CYCLE"}


@dataclass
class Told:
    """What the clients were told took place."""

    events: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """A ticket, and an event of it."""
    assigned: Counter[str] = field(default_factory=Counter[str])
    merged: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    watching: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Client:
    """Somebody who works, merges and watches, in an order of their own."""

    desk: Desk
    keys: list[str]
    told: Told
    luck: random.Random

    async def work(self) -> None:
        """Do a dozen things, one after the other."""
        things: list[Callable[[], Awaitable[None]]] = [
            *[self.assign] * 4,
            *[self.move] * 4,
            *[self.watch] * 2,
            self.bulk,
            self.merge,
        ]
        self.luck.shuffle(things)
        for thing in things:
            await thing()

    async def send(self, mutation: str, given: dict[str, Any]) -> dict[str, Any] | None:
        """Send a mutation; what it refused is one of the refusals expected."""
        payload: dict[str, Any] = await self.desk.mutate(
            mutation, given, by=self.desk.agent
        )
        codes = {error["code"] for error in payload["userErrors"]}
        assert codes <= EXPECTED
        return None if codes else payload

    async def assign(self) -> None:
        key = self.luck.choice(self.keys)
        done = await self.send(ASSIGN, {"id": key, "groupId": new_id("grp")})
        if done:
            self.told.assigned[key] += 1
            self.told.events.append((key, done["event"]["id"]))

    async def move(self) -> None:
        key = self.luck.choice(self.keys)
        done = await self.send(MOVE, {"id": key, **self.luck.choice(STEPS)})
        if done:
            self.told.events.append((key, done["event"]["id"]))

    async def watch(self) -> None:
        key, who = self.luck.choice(self.keys), self.desk.people.person()
        if await self.send(WATCH, {"id": key, "userId": who, "watch": True}):
            self.told.watching[key].add(who)

    async def bulk(self) -> None:
        ids = self.luck.sample(self.keys, 4)
        done = await self.send(BULK, {"ids": ids, "set": {"groupId": new_id("grp")}})
        assert done is not None
        self.told.assigned.update(each["id"] for each in done["updated"])
        codes = {each["errors"][0]["code"] for each in done["failures"]}
        assert codes <= {"ALREADY_MERGED"}

    async def merge(self) -> None:
        into, *sources = self.luck.sample(self.keys, self.luck.choice([2, 3]))
        if await self.send(MERGE, {"intoId": into, "fromIds": sources}):
            for source in sources:
                self.told.merged[source].append(into)


async def state_of(desk: Desk, key: str) -> dict[str, Any]:
    """Read a ticket with its history to the end."""
    ticket: dict[str, Any] = (await desk.data(STATE, {"id": key}, **desk.agent))[
        "ticket"
    ]
    events: list[dict[str, Any]] = []
    after = None
    while True:
        data = await desk.data(MORE, {"id": key, "after": after}, **desk.agent)
        page = data["ticket"]["history"]
        events += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert ticket["history"]["totalCount"] == len(events)
    return {**ticket, "events": events}


def check_history(ticket: dict[str, Any]) -> None:
    """Hold a history against itself: no gap, and each change begins at the last."""
    events = ticket["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    groups = [event for event in events if event["kind"] == "GROUP_CHANGED"]
    assert all(one["after"] == other["before"] for one, other in pairwise(groups))
    last = ticket["group"] and ticket["group"]["id"]
    assert (groups[-1]["after"] if groups else None) == last
    moves = [event for event in events if event["field"] == "status"]
    for one, other in pairwise(moves):
        assert one["after"]["status"] == other["before"]["status"]
    if moves:
        assert moves[-1]["after"]["status"] == ticket["status"]["key"]


def check_merge(key: str, told: Told, tickets: dict[str, dict[str, Any]]) -> None:
    """Hold both sides of a merge against what its client was told."""
    ticket, targets = tickets[key], told.merged.get(key, [])
    assert len(targets) <= 1, "merged twice"
    into = ticket["mergedInto"] and ticket["mergedInto"]["id"]
    assert [into] if into else targets == []
    out = [e["after"] for e in ticket["events"] if e["field"] == "mergedInto"]
    assert out == [{"ticketId": target} for target in targets]
    for target in targets:
        taken = [e["after"] for e in tickets[target]["events"]]
        assert taken.count({"ticketId": key}) == 1
        assert ticket["status"]["category"] == "CLOSED"
        ends = [event["kind"] for event in ticket["events"]][-2:]
        assert ends in (["MERGED", "CLOSED"], [ends[0], "MERGED"])


def root_of(key: str, tickets: dict[str, dict[str, Any]]) -> str:
    """Follow a ticket to where it is now."""
    while tickets[key]["mergedInto"]:
        key = tickets[key]["mergedInto"]["id"]
    return key


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_crowd_loses_nothing_and_does_nothing_twice(
    desk: Desk, seed: int
) -> None:
    keys: list[str] = [
        (await desk.open(f"T{n}", by=desk.agent, tags=[f"t{n}"]))["id"]
        for n in range(TICKETS)
    ]
    told = Told()
    crowd = [
        Client(desk, keys, told, random.Random(seed * 1000 + n)) for n in range(CLIENTS)
    ]
    await asyncio.gather(*(client.work() for client in crowd))
    tickets = {key: await state_of(desk, key) for key in keys}
    for key, ticket in tickets.items():
        check_history(ticket)
        check_merge(key, told, tickets)
        assert ticket["reassignmentCount"] == told.assigned[key]
        kinds = Counter(event["kind"] for event in ticket["events"])
        assert kinds["GROUP_CHANGED"] == told.assigned[key]
    events = {key: [e["id"] for e in tickets[key]["events"]] for key in keys}
    assert all(events[key].count(event) == 1 for key, event in told.events)
    assert told.merged, "the crowd merged nothing: a weak run"
    roots = {key: root_of(key, tickets) for key in keys}
    for n, key in enumerate(keys):
        remaining = {
            root for root in roots.values() if f"t{n}" in tickets[root]["tags"]
        }
        assert remaining == {roots[key]}
        assert told.watching[key] <= watchers(tickets[roots[key]])


def watchers(ticket: dict[str, Any]) -> set[str]:
    """Name who watches a ticket."""
    found = ticket["watchers"]
    assert found["totalCount"] == len(found["nodes"])
    return {node["id"] for node in found["nodes"]}


async def test_a_crowd_that_merges_the_same_tickets_merges_them_once(
    desk: Desk,
) -> None:
    keys: list[str] = [
        (await desk.open(f"T{n}", by=desk.agent, tags=[f"t{n}"]))["id"]
        for n in range(3)
    ]
    into, *sources = keys
    given = {"intoId": into, "fromIds": sources}
    tries = await asyncio.gather(
        *(desk.mutate(MERGE, given, by=desk.agent) for _ in range(CLIENTS))
    )
    codes = Counter(
        tuple(error["code"] for error in each["userErrors"]) for each in tries
    )
    assert codes == {(): 1, ("ALREADY_MERGED",): CLIENTS - 1}
    state = await state_of(desk, into)
    fields = [event["field"] for event in state["events"]]
    assert fields == [None, "tags", "mergedFrom", "mergedFrom"]
    assert state["tags"] == ["t0", "t1", "t2"]
