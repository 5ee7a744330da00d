"""Solutions, the window of reopening, priorities: as they are set, and set anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.ids import new_id
from subgraphs.tickets.models import LinkKind, LinkRow
from tests.support.ticket_settings import (
    CREATE_CODE,
    LIFECYCLE,
    MINE,
    MOVE,
    PRIORITY,
    SET,
    UPDATE_CODE,
    move,
    settings,
)

Desk = Any  # the fixture's class; test folders are not packages


async def test_configured_codes_are_the_only_solutions_of_their_types(
    desk: Desk,
) -> None:
    made = await desk.mutate(
        CREATE_CODE,
        {"code": "replaced", "name": "Part replaced", "appliesTo": ["INCIDENT"]},
        by=desk.manager,
    )
    taken = await desk.mutate(
        CREATE_CODE, {"code": "replaced", "name": "Else"}, by=desk.manager
    )
    assert taken["userErrors"] == [{"code": "TAKEN", "path": ["input", "code"]}]
    assert taken["resolutionCode"] == made["resolutionCode"]
    key, change = (await desk.open())["id"], (await desk.open(type="CHANGE"))["id"]
    refused = await move(desk, key, "resolved", resolutionCode="magic")
    assert refused["userErrors"] == [
        {
            "code": "INVALID",
            "path": ["input", "resolutionCode"],
            "message": "It is one of: replaced.",
        }
    ]
    free = await move(desk, change, "resolved", resolutionCode="magic")
    assert free["userErrors"] == []
    done = await move(desk, key, "resolved", resolutionCode="replaced")
    assert done["userErrors"] == []
    retire = {"id": made["resolutionCode"]["id"], "retired": True}
    await desk.mutate(UPDATE_CODE, retire, by=desk.manager)
    codes = await desk.data("{ resolutionCodes { code } }", **desk.agent)
    assert codes == {"resolutionCodes": []}
    other = (await desk.open())["id"]
    done = await move(desk, other, "resolved", resolutionCode="magic")
    assert done["userErrors"] == []


async def test_notes_on_a_solution_are_never_dropped_but_refused(desk: Desk) -> None:
    key = (await desk.open())["id"]
    before = await desk.data(MINE, {"id": key}, **desk.agent)
    notes = {"resolutionNotes": "New toner."}
    for target, code, name in (
        ("in_progress", "INVALID", "resolutionNotes"),
        ("cancelled", "INVALID", "resolutionNotes"),
        ("closed", "REQUIRED", "resolutionCode"),
        ("resolved", "REQUIRED", "resolutionCode"),
    ):
        (error,) = (await move(desk, key, target, **notes))["userErrors"]
        assert (error["code"], error["path"]) == (code, ["input", name]), target
    assert await desk.data(MINE, {"id": key}, **desk.agent) == before
    done = await move(desk, key, "closed", resolutionCode="fixed", **notes)
    assert done["userErrors"] == []
    query = "query Q($id: ID) { ticket(id: $id) { resolution { code notes } } }"
    seen = await desk.data(query, {"id": key}, **desk.agent)
    assert seen["ticket"]["resolution"] == {"code": "fixed", "notes": "New toner."}


async def ended(desk: Desk, days: float) -> str:
    """A resolved ticket whose end lies so many days back."""
    key = (await desk.open())["id"]
    then = datetime.now(UTC) - timedelta(days=days)
    step = {"id": key, "toStatusKey": "resolved", "resolutionCode": "fixed"}
    step["occurredAt"] = then.isoformat().replace("+00:00", "Z")
    done = await desk.mutate(MOVE, step, by=desk.importer)
    assert done["userErrors"] == []
    return key


async def test_a_ticket_is_reopened_within_fourteen_days_of_its_end(
    desk: Desk,
) -> None:
    key = await ended(desk, 13.9)
    back = {"id": key, "toStatusKey": "in_progress"}
    done = await desk.mutate(MOVE, back)
    assert done["userErrors"] == []
    assert done["ticket"]["reopenCount"] == 1


async def test_later_it_is_not_but_by_who_manages_tickets(desk: Desk) -> None:
    key = await ended(desk, 14.1)
    why = "It ended more than 14 days ago: open a new ticket."
    for caller in (desk.requester, desk.agent):
        seen = (await desk.data(MINE, {"id": key}, **caller))["ticket"]
        may = seen["viewerPermissions"]
        assert may["canReopen"] is False
        assert why in may["cannotReasons"]
        steps = {
            s["toStatus"]["key"]: s["blockedBy"] for s in seen["availableTransitions"]
        }
        assert steps["in_progress"] == [why]
        assert steps.get("closed", []) == []
        back = {"id": key, "toStatusKey": "in_progress"}
        refused = await desk.mutate(MOVE, back, by=caller)
        assert refused["userErrors"] == [
            {
                "code": "REOPEN_WINDOW_OVER",
                "path": ["input", "toStatusKey"],
                "message": why,
            }
        ]
    seen = (await desk.data(MINE, {"id": key}, **desk.manager))["ticket"]
    assert seen["viewerPermissions"]["canReopen"] is True
    done = await desk.mutate(
        MOVE, {"id": key, "toStatusKey": "in_progress"}, by=desk.manager
    )
    assert done["userErrors"] == []


async def test_the_window_is_what_is_configured(desk: Desk) -> None:
    key = await ended(desk, 1.1)
    done = await desk.mutate(LIFECYCLE, {"reopenWithin": "P1D"}, by=desk.manager)
    assert done["lifecycle"] == {"reopenWithin": "PT24H", "closeAfter": "PT120H"}
    refused = await move(desk, key, "in_progress")
    assert [e["code"] for e in refused["userErrors"]] == ["REOPEN_WINDOW_OVER"]
    await desk.mutate(LIFECYCLE, {"reopenWithin": None}, by=desk.manager)
    assert (await move(desk, key, "in_progress"))["userErrors"] == []


@pytest.mark.parametrize("time", ["-P1D", "P5000D"])
async def test_an_absurd_time_is_refused(desk: Desk, time: str) -> None:
    before = await settings(desk)
    for name in ("reopenWithin", "closeAfter"):
        refused = await desk.mutate(LIFECYCLE, {name: time}, by=desk.manager)
        assert refused["userErrors"] == [{"code": "INVALID", "path": ["input", name]}]
    assert await settings(desk) == before


async def test_a_changed_matrix_holds_for_new_calculations_alone(desk: Desk) -> None:
    old = await desk.open()
    cell = {"impact": "MEDIUM", "urgency": "MEDIUM", "priority": "CRITICAL"}
    done = await desk.mutate(PRIORITY, cell, by=desk.manager)
    found = [each["priority"] for each in done["matrix"]]
    assert found == [
        *("CRITICAL", "HIGH", "MODERATE"),
        *("HIGH", "CRITICAL", "LOW"),
        *("MODERATE", "LOW", "LOW"),
    ]
    assert (await desk.open())["priority"] == "CRITICAL"
    read = "query R($id: ID) { ticket(id: $id) { priority } }"
    kept = await desk.data(read, {"id": old["id"]}, **desk.agent)
    assert kept["ticket"]["priority"] == "MODERATE"


async def test_steps_of_a_list_cost_one_statement_for_each_thing_they_look_at(
    desk: Desk,
) -> None:
    wanted: dict[str, Any] = {
        "type": "INCIDENT",
        "fromStatusKey": "new",
        "toStatusKey": "closed",
    }
    wanted["checks"] = ["MISSING_GROUP", "MISSING_CATEGORY"]
    await desk.mutate(SET, wanted, by=desk.manager)
    for _ in range(3):
        await desk.open()
    await ended(desk, 1)
    query = """{ tickets { nodes { availableTransitions { blockedBy }
      viewerPermissions { canReopen } } } }"""
    with desk.counted() as statements:
        data = await desk.data(query, **desk.agent)
    assert len(data["tickets"]["nodes"]) == 4
    # the page, the steps, the calendar, the checks
    assert len(statements) == 4
    with desk.counted() as statements:
        await settings(desk)
    # statuses twice (listed, looked up), calendar, matrix, codes, workflow twice
    assert len(statements) == 7


async def test_a_parent_waits_for_its_children_where_the_workflow_says_so(
    desk: Desk,
) -> None:
    wanted = {
        "type": "INCIDENT",
        "fromStatusKey": "new",
        "toStatusKey": "closed",
        "checks": ["OPEN_CHILDREN"],
    }
    await desk.mutate(SET, wanted, by=desk.manager)
    parent, child = (await desk.open())["id"], (await desk.open())["id"]
    async with desk.service.database.unit_of_work() as session:
        session.add(
            LinkRow(
                id=new_id("tln"),
                from_id=parent,
                to_id=child,
                kind=LinkKind.PARENT_OF,
                linked_at=datetime.now(UTC),
            )
        )
    refused = await move(desk, parent, "closed")
    assert refused["userErrors"] == [
        {
            "code": "OPEN_CHILDREN",
            "path": ["input", "toStatusKey"],
            "message": "Tickets that are part of it are open.",
        }
    ]
    assert (await move(desk, child, "cancelled"))["userErrors"] == []
    assert (await move(desk, parent, "closed"))["userErrors"] == []
