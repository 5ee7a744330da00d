"""Being told of tickets as they change, and of those alone that one may see."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from kit.identity import ANONYMOUS
from kit.ids import new_id
from tests.e2e.tickets.conftest import Desk
from tests.e2e.tickets.test_verbs import ASSIGN, MOVE, UPDATE
from tests.support.streams import Parts, streaming, until
from tests.support.tokens import bearer

pytestmark = pytest.mark.usefixtures("looks_often")

UPDATED = "subscription ($id: ID!) { ticketUpdated(id: $id) { title version } }"
EVENTS = """
subscription ($filter: TicketFilter, $after: ID) {
  ticketEvents(filter: $filter, afterEventId: $after) { id kind seq ticket { title } }
}
"""
UNKNOWN = "tev_01jd8x7m2pfa9s0v3k6t4wz1qe"
WORKER = ["tickets:read", "tickets:work"]


def watch_of(desk: Desk) -> Any:
    """Give what tells the service of all that happens."""
    make: Any = desk.service.graphql.make_context
    return make(ANONYMOUS, desk.service.database, None).watch


@asynccontextmanager
async def opened(
    desk: Desk, who: dict[str, Any], document: str, **variables: Any
) -> AsyncGenerator[Parts]:
    """Subscribe."""
    headers = [(k.encode(), v.encode()) for k, v in bearer(**who).items()]
    request = {"query": document, "variables": variables}
    async with streaming(desk.service, request, headers) as parts:
        yield parts


@asynccontextmanager
async def told(
    desk: Desk, who: dict[str, Any], document: str = EVENTS, **variables: Any
) -> AsyncGenerator[Parts]:
    """Subscribe, and wait until it is certain that nothing more is missed."""
    before = watch_of(desk)._readers

    async def begun() -> bool:
        return watch_of(desk)._readers > before and watch_of(desk)._place is not None

    async with opened(desk, who, document, **variables) as parts:
        await until(begun)
        yield parts


async def event(parts: Parts) -> Any:
    """Give the next event's data."""
    payload = (await parts.payload())["payload"]
    assert "errors" not in payload, payload
    (found,) = payload["data"].values()
    return found


async def titles(parts: Parts, count: int) -> list[tuple[str, int, str | None]]:
    """Give the next events, each as its kind, its seq and its ticket's title."""
    found = [await event(parts) for _ in range(count)]
    return [
        (each["kind"], each["seq"], each["ticket"] and each["ticket"]["title"])
        for each in found
    ]


async def test_a_ticket_is_told_at_once_and_each_time_it_changes(desk: Desk) -> None:
    ticket = await desk.open("Printer on fire")
    async with told(desk, desk.requester, UPDATED, id=ticket["id"]) as parts:
        assert await event(parts) == {"title": "Printer on fire", "version": 1}
        await desk.open("Something else")
        given = {"id": ticket["id"], "title": "Printer burnt down"}
        await desk.mutate(UPDATE, given)
        assert await event(parts) == {"title": "Printer burnt down", "version": 2}
        await desk.mutate(
            ASSIGN, {"id": ticket["id"], "assigneeId": desk.bob}, by=desk.agent
        )
        assert (await event(parts))["version"] == 3


@pytest.mark.parametrize("unknown", [False, True])
async def test_a_ticket_that_is_not_to_be_seen_is_null_and_no_more(
    desk: Desk, unknown: bool
) -> None:
    ticket = await desk.open()
    stranger = {**desk.requester, "subject": new_id("usr")}
    key = new_id("tkt") if unknown else ticket["id"]
    async with opened(desk, stranger, UPDATED, id=key) as parts:
        assert await event(parts) is None
        assert await parts.payload() is None


async def test_who_loses_sight_of_a_ticket_is_told_null_and_no_more(
    desk: Desk,
) -> None:
    ticket = await desk.open()
    key = ticket["id"]
    await desk.mutate(ASSIGN, {"id": key, "assigneeId": desk.bob}, by=desk.agent)
    worker = {"subject": desk.bob, "scopes": WORKER}
    async with (
        told(desk, worker, UPDATED, id=key) as one,
        told(desk, worker) as all_,
    ):
        assert (await event(one))["version"] == 2
        await desk.mutate(ASSIGN, {"id": key, "assigneeId": None}, by=desk.agent)
        assert await event(one) is None
        assert await one.payload() is None
        await desk.mutate(UPDATE, {"id": key, "title": "Hidden"}, by=desk.agent)
        mine = await desk.open("Seen")
        given = {"id": mine["id"], "assigneeId": desk.bob}
        await desk.mutate(ASSIGN, given, by=desk.agent)
        # Not a word of what happened to the other one since. That this one was made
        # is told, too, if it was theirs already when that was delivered.
        heard = await titles(all_, 1)
        if heard == [("CREATED", 1, "Seen")]:
            heard = await titles(all_, 1)
        assert heard == [("ASSIGNEE_CHANGED", 2, "Seen")]


async def test_everybody_is_told_of_what_they_may_see(desk: Desk) -> None:
    cem = {**desk.requester, "subject": desk.people.person()}
    async with (
        told(desk, desk.requester) as adas,
        told(desk, cem) as cems,
        told(desk, desk.agent) as agents,
    ):
        await desk.open("Ada's")
        await desk.open("Cem's", by=cem)
        await desk.open("Ada's second")
        created = [
            ("CREATED", 1, title) for title in ("Ada's", "Cem's", "Ada's second")
        ]
        assert await titles(agents, 3) == created
        assert await titles(adas, 2) == [created[0], created[2]]
        assert await titles(cems, 1) == [created[1]]


async def test_a_filter_holds_as_it_does_for_lists(desk: Desk) -> None:
    wanted = {"statusCategory": ["IN_PROGRESS"], "title": {"contains": "fire"}}
    async with told(desk, desk.agent, filter=wanted) as parts:
        fire, other = await desk.open("On fire"), await desk.open("Other")
        for ticket in (other, fire):
            given = {"id": ticket["id"], "toStatusKey": "in_progress"}
            await desk.mutate(MOVE, given, by=desk.agent)
        kind, seq, title = (await titles(parts, 1))[0]
        # What began it matched no more once the ticket moved, or matched with it.
        assert title == "On fire"
        if kind == "CREATED":
            ((kind, seq, _),) = await titles(parts, 1)
        assert (kind, seq) == ("STATUS_CHANGED", 2)


async def test_who_comes_back_is_told_first_what_was_missed(desk: Desk) -> None:
    async with told(desk, desk.requester) as parts:
        await desk.open("seen")
        last = (await event(parts))["id"]
    for title in ("missed", "missed too"):
        await desk.open(title)
    async with told(desk, desk.requester, after=last) as parts:
        missed = [("CREATED", 1, "missed"), ("CREATED", 1, "missed too")]
        assert await titles(parts, 2) == missed
        await desk.open("live")
        assert await titles(parts, 1) == [("CREATED", 1, "live")]


async def test_one_who_is_slow_is_told_everything(desk: Desk) -> None:
    watch_of(desk)._kept = 3
    async with told(desk, desk.agent) as slow, told(desk, desk.agent) as quick:
        for n in range(30):
            await desk.open(str(n))
        everything = [("CREATED", 1, str(n)) for n in range(30)]
        assert await titles(quick, 30) == everything
        assert await titles(slow, 30) == everything
    assert len(watch_of(desk)) == 0


async def test_what_commits_late_is_told_late_and_not_left_out(desk: Desk) -> None:
    async with told(desk, desk.agent) as parts:
        async with desk.service.database.unit_of_work() as late:
            await late.execute(text("SELECT pg_current_xact_id()"))
            await desk.open("meanwhile")
            await asyncio.sleep(0.1)  # some looks that must see nothing yet
            assert len(watch_of(desk)) == 0
        assert await titles(parts, 1) == [("CREATED", 1, "meanwhile")]


async def test_many_who_may_see_the_same_cost_as_much_as_one(desk: Desk) -> None:
    async def statements(subscribers: int) -> int:
        async with AsyncExitStack() as stack:
            parts = [
                await stack.enter_async_context(
                    told(desk, desk.agent, EVENTS.replace("ticket { title }", ""))
                )
                for _ in range(subscribers)
            ]
            await desk.open("before")  # so that all are waiting again
            for each in parts:
                await event(each)
            with desk.counted() as sent:
                await desk.open("counted")
                for each in parts:
                    await event(each)
            return sum("stamp" not in each and "tickets" in each for each in sent)

    assert await statements(20) == await statements(1)


async def test_nobody_looks_when_nobody_listens(desk: Desk) -> None:
    async with told(desk, desk.agent), told(desk, desk.requester):
        assert watch_of(desk)._poller is not None
    assert watch_of(desk)._poller is None
    with desk.counted() as sent:
        await asyncio.sleep(0.1)
    assert sent == []


@pytest.mark.parametrize("after", [UNKNOWN, "", "x", "\x00"])
async def test_an_event_to_go_on_from_must_be_one(desk: Desk, after: str) -> None:
    async with opened(desk, desk.agent, EVENTS, after=after) as parts:
        payload = await parts.payload()
        errors = payload.get("errors") or payload["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert watch_of(desk)._readers == 0


async def test_who_may_see_no_ticket_is_refused(desk: Desk) -> None:
    stranger = {"subject": desk.ada, "scopes": ["users:read"]}
    for document, given in ((UPDATED, {"id": new_id("tkt")}), (EVENTS, {})):
        async with opened(desk, stranger, document, **given) as parts:
            payload = await parts.payload()
            errors = payload.get("errors") or payload["payload"]["errors"]
            assert errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_an_event_knows_its_ticket_in_one_statement_for_all(desk: Desk) -> None:
    ticket = await desk.open("Printer on fire")
    for n in range(3):
        await desk.mutate(UPDATE, {"id": ticket["id"], "title": f"Printer {n}"})
    query = """query ($id: ID!) { ticket(id: $id) { history { nodes {
      ticket { number title } } } } }"""
    with desk.counted() as sent:
        data = await desk.data(query, {"id": ticket["id"]}, **desk.requester)
    now = {"number": ticket["number"], "title": "Printer 2"}
    assert data["ticket"]["history"]["nodes"] == [{"ticket": now}] * 4
    assert len(sent) == 3
