"""Resolved tickets close by themselves: in time, once, and only those."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from kit.database import Database
from subgraphs.tickets.service.close_resolved import NOTE, close_resolved

Desk = Any  # the fixture's class; test folders are not packages

MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  ticket { id } userErrors { code } } }"""
READ = """query Read($id: ID) { ticket(id: $id) {
  version closedAt status { key } resolution { code }
  history(last: 1) { nodes { seq kind via note actor { id } before after } } } }"""


async def resolved(desk: Desk, **when: Any) -> str:
    key = (await desk.open())["id"]
    step = {"id": key, "toStatusKey": "resolved", "resolutionCode": "fixed"}
    by = desk.importer if when else desk.agent
    payload = await desk.mutate(MOVE, {**step, **when}, by=by)
    assert payload["userErrors"] == []
    return key


async def read(desk: Desk, key: str) -> dict[str, Any]:
    data = await desk.data(READ, {"id": key}, **desk.agent)
    return data["ticket"]


def later(days: float = 5.001) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def test_a_ticket_closes_five_days_after_it_was_resolved(desk: Desk) -> None:
    key = await resolved(desk)
    assert await close_resolved(desk.service.database, later(4.999)) == 0
    assert (await read(desk, key))["status"]["key"] == "resolved"
    assert await close_resolved(desk.service.database, later()) == 1
    ticket = await read(desk, key)
    assert ticket["closedAt"] is not None
    assert (ticket["status"]["key"], ticket["version"]) == ("closed", 3)
    assert ticket["resolution"] == {"code": "fixed"}
    (event,) = ticket["history"]["nodes"]
    assert event == {
        "seq": 3,
        "kind": "CLOSED",
        "via": "AUTOMATION",
        "note": NOTE,
        "actor": None,
        "before": {"status": "resolved", "holdReason": None},
        "after": {"status": "closed", "holdReason": None},
    }


async def test_two_processes_close_each_ticket_once(desk: Desk) -> None:
    keys = [await resolved(desk) for _ in range(6)]
    now, mine = later(), desk.service.database
    async with Database(mine.url.render_as_string(hide_password=False)) as other:
        closed = await asyncio.gather(
            *(close_resolved(each, now) for each in (mine, other) * 3)
        )
    assert sum(closed) == 6
    assert [(await read(desk, key))["version"] for key in keys] == [3] * 6


async def test_what_was_reopened_or_is_worked_on_stays_open(desk: Desk) -> None:
    reopened, worked_on = await resolved(desk), (await desk.open())["id"]
    back = {"id": reopened, "toStatusKey": "in_progress"}
    await desk.mutate(MOVE, back, by=desk.agent)
    assert await close_resolved(desk.service.database, later()) == 0
    found = [(await read(desk, key))["status"]["key"] for key in (reopened, worked_on)]
    assert found == ["in_progress", "new"]


async def test_an_imported_resolution_has_its_whole_time_from_when_it_was_told(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]
    step = {
        "id": key,
        "toStatusKey": "resolved",
        "resolutionCode": "fixed",
        "occurredAt": "2016-03-01T00:00:00Z",
    }
    await desk.mutate(MOVE, step, by=desk.importer)
    assert await close_resolved(desk.service.database, later(4.999)) == 0
    assert await close_resolved(desk.service.database, later()) == 1


async def test_where_no_time_is_configured_nothing_closes_by_itself(
    desk: Desk,
) -> None:
    await resolved(desk)
    async with desk.service.database.unit_of_work() as session:
        await session.execute(text("UPDATE lifecycle SET close_after = NULL"))
    assert await close_resolved(desk.service.database, later(400)) == 0


@pytest.mark.parametrize("demanded", ["{note}", "{resolutionCode}"])
async def test_a_step_that_demands_something_is_not_taken_by_itself(
    desk: Desk, demanded: str
) -> None:
    key = await resolved(desk)
    async with desk.service.database.unit_of_work() as session:
        await session.execute(
            text(
                "UPDATE transitions SET required_fields = :demanded FROM statuses "
                "WHERE statuses.id = to_id AND key = 'closed'"
            ).bindparams(demanded=[demanded.strip("{}")])
        )
    assert await close_resolved(desk.service.database, later()) == 0
    assert (await read(desk, key))["version"] == 2
