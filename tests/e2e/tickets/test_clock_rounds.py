"""Clocks fire by themselves: in time, once, after a restart as well."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from kit.database import Database
from kit.ids import new_id
from kit.scalars import read_instant, write_instant
from subgraphs.tickets.service import upkeep as upkeep_module
from subgraphs.tickets.service.sla import rounds
from subgraphs.tickets.service.sla.rounds import COURTESY, QUIET, fire, follow
from tests.support.promises import CHANGE, GOALS, promise

Desk = Any  # the fixture's class; test folders are not packages

READ = """query Read($id: ID) { ticket(id: $id) {
  openedAt slaState slaDueAt version updatedAt
  slaClocks { target state dueAt warnedAt breachedAt escalatedAt }
  history(first: 100) { nodes { seq kind at via field note actor { id } } } } }"""
MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  userErrors { code path } } }"""
HOUR = timedelta(hours=1)
PAST = datetime(2016, 3, 1, 9, tzinfo=UTC)


async def read(desk: Desk, key: str) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.data(READ, {"id": key}, **desk.agent))["ticket"]
    return found


def noted(ticket: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    return [
        (event["field"], event["at"])
        for event in ticket["history"]["nodes"]
        if event["kind"] == kind
    ]


async def due_in(desk: Desk, key: str, hours: float) -> datetime:
    return read_instant((await read(desk, key))["openedAt"]) + hours * HOUR


async def test_a_clock_warns_then_breaches_then_is_left_alone(desk: Desk) -> None:
    await promise(desk)
    key = (await desk.open(by=desk.agent, groupId=new_id("grp")))["id"]
    opened, database = await due_in(desk, key, 0), desk.service.database
    warned, due = opened + 0.75 * HOUR, opened + HOUR
    moment = timedelta(milliseconds=1)  # the graph says no less
    assert await fire(database, warned + COURTESY - moment) == 0
    assert await fire(database, warned + COURTESY + moment) == 1
    assert await fire(database, warned + COURTESY + moment) == 0
    ticket = await read(desk, key)
    said = ("FIRST_RESPONSE", write_instant(warned))
    assert noted(ticket, "SLA_WARNED") == [said]
    assert (ticket["slaState"], ticket["slaClocks"][0]["warnedAt"]) == (
        "RUNNING",
        write_instant(warned),
    )
    assert await fire(database, due + COURTESY - moment) == 0
    assert await fire(database, due + timedelta(minutes=7)) == 1
    ticket = await read(desk, key)
    said = ("FIRST_RESPONSE", write_instant(due))
    assert noted(ticket, "SLA_BREACHED") == noted(ticket, "SLA_ESCALATED") == [said]
    assert ticket["slaState"] == "BREACHED"
    clock = ticket["slaClocks"][0]
    assert (clock["state"], clock["breachedAt"]) == ("BREACHED", write_instant(due))
    # Nobody's work is made stale by it.
    assert (ticket["version"], ticket["updatedAt"]) == (1, ticket["openedAt"])
    event = ticket["history"]["nodes"][-1]
    assert (event["via"], event["actor"]) == ("AUTOMATION", None)
    assert await fire(database, opened + 5 * HOUR) == 0


async def test_a_history_with_notes_of_clocks_has_no_gap(desk: Desk) -> None:
    await promise(desk)
    key = (await desk.open(by=desk.agent, groupId=new_id("grp")))["id"]
    await fire(desk.service.database, await due_in(desk, key, 100))
    move = {"id": key, "toStatusKey": "in_progress", "expectedVersion": 1}
    assert (await desk.mutate(MOVE, move, by=desk.agent))["userErrors"] == []
    events = (await read(desk, key))["history"]["nodes"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    kinds = [event["kind"] for event in events]
    assert kinds.count("SLA_BREACHED") == kinds.count("SLA_ESCALATED") == 2


async def test_two_processes_fire_each_clock_once(desk: Desk) -> None:
    await promise(desk)
    keys = [(await desk.open())["id"] for _ in range(8)]
    mine, late = desk.service.database, await due_in(desk, keys[0], 1.1)
    async with Database(mine.url.render_as_string(hide_password=False)) as other:
        fired = await asyncio.gather(
            *(fire(each, late) for each in (mine, other, mine, other))
        )
    assert sum(fired) == 8
    for key in keys:
        assert len(noted(await read(desk, key), "SLA_BREACHED")) == 1


async def test_two_processes_follow_each_change_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "BATCH", 3)
    keys = [(await desk.open())["id"] for _ in range(10)]
    await promise(desk)
    mine = desk.service.database
    async with Database(mine.url.render_as_string(hide_password=False)) as other:
        read_anew = await asyncio.gather(
            *(follow(each) for each in (mine, other, mine, other))
        )
    assert sum(read_anew) == 10
    for key in keys:
        started = noted(await read(desk, key), "SLA_STARTED")
        assert [target for target, _ in started] == ["FIRST_RESPONSE", "RESOLUTION"]


async def test_what_was_due_while_nobody_ran_fires_at_the_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await promise(desk)
    key = await opened_before(desk, 2 * HOUR)
    due = write_instant(await due_in(desk, key, 1))
    monkeypatch.setattr(upkeep_module, "FIRE_EVERY", 0.05)
    url = desk.service.database.url.render_as_string(hide_password=False)
    for _ in range(2):  # a second start finds nothing to do
        async with upkeep_module.upkeep(url):
            await breached(desk, key)
            await asyncio.sleep(0.2)
        assert noted(await read(desk, key), "SLA_BREACHED") == [("FIRST_RESPONSE", due)]


async def opened_before(desk: Desk, age: timedelta) -> str:
    """Have a live ticket that was opened some time ago."""
    key = await retold(desk, datetime.now(UTC) - age)
    async with desk.service.database.unit_of_work() as session:
        await session.execute(text("UPDATE tickets SET sla_told_at = NULL"))
    return key


async def breached(desk: Desk, key: str) -> None:
    for _ in range(100):
        if (await read(desk, key))["slaState"] == "BREACHED":
            return
        await asyncio.sleep(0.05)
    raise AssertionError("It did not fire within five seconds.")


async def test_rounds_go_on_after_the_database_ended_every_connection(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await promise(desk)
    monkeypatch.setattr(upkeep_module, "FIRE_EVERY", 0.05)
    url = desk.service.database.url.render_as_string(hide_password=False)
    async with upkeep_module.upkeep(url):
        await asyncio.sleep(0.2)
        connection = await asyncpg.connect(url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
            "datname = current_database() AND pid <> pg_backend_pid() "
            "AND application_name = 'helpnest-write'"
        )
        await connection.close()
        key = await opened_before(desk, 2 * HOUR)
        await breached(desk, key)
    assert len(noted(await read(desk, key), "SLA_BREACHED")) == 1


async def test_a_change_that_holds_the_ticket_is_waited_for_by_nobody(
    desk: Desk,
) -> None:
    await promise(desk)
    held, free = (await desk.open())["id"], (await desk.open())["id"]
    late = await due_in(desk, free, 1.1)
    async with desk.service.database.unit_of_work() as session:
        await session.execute(
            text("SELECT id FROM tickets WHERE id = :id FOR UPDATE"), {"id": held}
        )
        assert await fire(desk.service.database, late) == 1
    assert (await read(desk, free))["slaState"] == "BREACHED"
    assert await fire(desk.service.database, late) == 1


async def test_one_ticket_that_cannot_be_read_stops_no_other(
    desk: Desk,
) -> None:
    await promise(desk)
    keys = [(await desk.open())["id"] for _ in range(3)]
    async with desk.service.database.unit_of_work() as session:
        await session.execute(
            text(
                "INSERT INTO events (id, ticket_id, seq, kind, at, via, field, before) "
                "VALUES (:event, :id, 99, 'FIELD_CHANGED', now(), 'API', 'priority', "
                "'\"NONSENSE\"')"
            ),
            {"event": new_id("tev"), "id": keys[0]},
        )
    assert await fire(desk.service.database, await due_in(desk, keys[2], 1.1)) == 2
    states = [(await read(desk, key))["slaState"] for key in keys]
    assert states == ["RUNNING", "BREACHED", "BREACHED"]


async def retold(desk: Desk, at: datetime = PAST) -> str:
    given = {"requesterId": desk.ada, "occurredAt": write_instant(at)}
    key: str = (await desk.open(by=desk.importer, **given))["id"]
    return key


async def test_what_an_import_tells_of_waits_until_it_is_over(desk: Desk) -> None:
    await promise(desk)
    key, other = await retold(desk), await retold(desk)
    now, database = datetime.now(UTC), desk.service.database
    assert await fire(database, now) == 0
    assert await fire(database, now + QUIET / 2) == 0
    step = {"id": key, "toStatusKey": "resolved", "resolutionCode": "fixed"}
    step["occurredAt"] = write_instant(PAST + 0.5 * HOUR)
    assert (await desk.mutate(MOVE, step, by=desk.importer))["userErrors"] == []
    assert await fire(database, now + QUIET + timedelta(minutes=1)) == 1
    states = [c["state"] for c in (await read(desk, key))["slaClocks"]]
    assert states == ["MET", "MET"]
    ticket = await read(desk, other)
    assert [c["breachedAt"] for c in ticket["slaClocks"]] == [
        write_instant(PAST + HOUR),
        write_instant(PAST + 8 * HOUR),
    ]


async def test_policies_that_change_during_an_import_breach_nothing_early(
    desk: Desk,
) -> None:
    policy = await promise(desk)
    key = await retold(desk)
    goals = [{**GOALS[1], "within": "PT5H"}]
    await desk.mutate(CHANGE, {"id": policy, "goals": goals}, by=desk.admin)
    assert await follow(desk.service.database) == 1
    ticket = await read(desk, key)
    clock = ticket["slaClocks"][1]
    assert (clock["state"], clock["dueAt"]) == (
        "RUNNING",
        write_instant(PAST + 5 * HOUR),
    )


async def test_a_change_here_makes_a_retold_ticket_live(desk: Desk) -> None:
    await promise(desk)
    key = await retold(desk)
    move = {"id": key, "toStatusKey": "in_progress"}
    assert (await desk.mutate(MOVE, move, by=desk.agent))["userErrors"] == []
    ticket = await read(desk, key)
    assert noted(ticket, "SLA_BREACHED") == [
        ("FIRST_RESPONSE", write_instant(PAST + HOUR)),
        ("RESOLUTION", write_instant(PAST + 8 * HOUR)),
    ]
