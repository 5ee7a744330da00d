import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from helpnest.replay.client import (
    Credentials,
    PublicGraphClient,
    RefusedError,
    Reply,
    UnreachableError,
)
from helpnest.replay.feed import Feeder
from helpnest.replay.story import Case, Event, Opening, Person, Rejected, State
from helpnest.replay.summary import Summary

AT = datetime(2016, 3, 1, tzinfo=UTC)


class Graph(PublicGraphClient):
    """Answers mutations from what a test says of them."""

    def __init__(self, refused: str = "", *, seen: set[str] | None = None) -> None:
        async def post(*_: object) -> Reply:
            raise AssertionError("nothing goes over a network here")

        super().__init__(post, "http://h/graphql", Credentials("sva_1", ""), (0.0,))
        self.refused = refused
        self.keys: set[str] = set() if seen is None else seen
        self.sent: list[dict[str, Any]] = []

    async def send(self, query: str, variables: Any) -> dict[str, Any]:
        given = variables["input"]
        verb = query.split("{")[1].split("(", maxsplit=1)[0].strip()
        self.sent.append({"verb": verb, **given})
        if verb == "createUser":
            user = {"id": f"usr_{given['email'].split('@')[0]}"}
            return {verb: {"user": user, "userErrors": []}}
        if verb == self.refused:
            error = {"code": "INVALID", "message": "No.", "path": None}
            return {verb: {"ticket": None, "userErrors": [error], "repeated": False}}
        key = given["idempotencyKey"]
        repeated = key in self.keys
        self.keys.add(key)
        ticket = {"id": "tkt_1"}
        return {verb: {"ticket": ticket, "userErrors": [], "repeated": repeated}}


def case(key: str = "INC1") -> Case:
    opening = Opening(
        type="INCIDENT",
        title="x",
        channel="API",
        opened_at=AT,
        requester=Person("Caller", "Caller 1"),
    )
    events: list[Event | Rejected] = [
        Event(row=1, at=AT, state=State(status="new", group="Group 1")),
        Rejected(2, "the state '-100'"),
        Event(row=3, at=AT, state=State(status="new", group="Group 1")),
        Event(row=4, at=AT, state=State(status="closed", group="Group 1")),
    ]
    return Case("servicenow", key, opening, events)


async def feed(graph: Graph, *cases: Case) -> Summary:
    summary = Summary()
    feeder = Feeder(graph, "servicenow", summary, lambda _: None)
    await feeder.feed(cases, 3)
    return summary


async def test_events_are_counted_as_what_came_of_them() -> None:
    graph = Graph()
    first = await feed(graph, case())
    counts = (first.read, first.applied, first.unchanged, first.skipped)
    assert counts == (4, 2, 1, 0)
    assert first.reasons == {"the state '-100'": 1}
    assert first.complete
    second = await feed(Graph(seen=graph.keys), case())
    assert (second.applied, second.skipped) == (0, 2)


async def test_a_person_is_made_once_for_all_cases() -> None:
    graph = Graph()
    await feed(graph, *(case(f"INC{n}") for n in range(10)))
    made = [each for each in graph.sent if each["verb"] == "createUser"]
    assert [each["email"] for each in made] == ["caller.caller-1@servicenow.example"]


async def test_ids_stand_for_names_in_what_is_sent() -> None:
    graph = Graph()
    await feed(graph, case())
    opened = next(each for each in graph.sent if each["verb"] == "createTicket")
    assert opened["requesterId"] == "usr_caller.caller-1"
    assert opened["groupId"].startswith("grp_")
    assert opened["occurredAt"] == "2016-03-01T00:00:00+00:00"


async def test_a_case_that_cannot_be_opened_is_rejected_whole() -> None:
    summary = await feed(Graph("createTicket"), case())
    assert summary.applied == 0
    assert summary.reasons == {
        "its ticket could not be opened": 2,
        "INVALID at input: No.": 1,
        "the state '-100'": 1,
    }
    assert not summary.complete


async def test_a_refused_step_is_told_with_its_row() -> None:
    summary = await feed(Graph("transitionTicket"), case())
    assert [(each.row, each.ours) for each in summary.rejected] == [
        (2, False),
        (4, True),
    ]
    assert summary.as_json()["rejectedEvents"][1] == {
        "case": "INC1",
        "row": 4,
        "reason": "INVALID at input: No.",
    }


async def test_a_person_the_graph_refuses_costs_their_events_alone() -> None:
    class Choosy(Graph):
        async def send(self, query: str, variables: Any) -> dict[str, Any]:
            if "caller-1@" in variables["input"].get("email", ""):
                raise RefusedError("no such people")
            return await super().send(query, variables)

    other = case("INC2")
    assert other.opening is not None
    other.opening = Opening(
        type="INCIDENT",
        title="x",
        channel="API",
        opened_at=AT,
        requester=Person("Caller", "Caller 2"),
    )
    summary = await feed(Choosy(), case(), other)
    assert summary.applied == 2
    assert summary.reasons["no such people"] == 1


async def test_a_graph_that_goes_away_ends_the_replay_and_leaves_no_task() -> None:
    class Gone(Graph):
        async def send(self, query: str, variables: Any) -> dict[str, Any]:
            await asyncio.sleep(0)
            raise UnreachableError(f"nobody there: {query} {variables}")

    with pytest.raises(ExceptionGroup) as ended:
        await feed(Gone(), *(case(f"INC{n}") for n in range(20)))
    assert ended.group_contains(UnreachableError)
    assert asyncio.all_tasks() == {asyncio.current_task()}
