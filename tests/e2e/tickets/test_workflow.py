"""Setting up the workflow: statuses, steps, checks, refusals."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kit.ids import new_id
from tests.support.ticket_settings import (
    CREATE_CODE,
    CREATE_STATUS,
    LIFECYCLE,
    LOG,
    MINE,
    PRIORITY,
    REMOVE,
    SET,
    UPDATE_CODE,
    UPDATE_STATUS,
    move,
    settings,
)

Desk = Any  # the fixture's class; test folders are not packages


async def pending(desk: Desk) -> str:
    """A status of incidents, between new and resolved."""
    made = await desk.mutate(
        CREATE_STATUS,
        {"key": "triage", "name": "Triage", "category": "IN_PROGRESS"},
        by=desk.manager,
    )
    assert made["userErrors"] == []
    for source, target in (("triage", "resolved"), ("new", "triage")):
        await step(desk, source, target)
    return made["status"]["id"]


async def step(desk: Desk, source: str, target: str, **given: Any) -> dict[str, Any]:
    wanted = {
        "type": "INCIDENT",
        "fromStatusKey": source,
        "toStatusKey": target,
        **given,
    }
    return await desk.mutate(SET, wanted, by=desk.manager)


async def test_a_new_status_is_reached_by_the_steps_that_are_set(desk: Desk) -> None:
    await pending(desk)
    key = (await desk.open())["id"]
    assert (await move(desk, key, "triage"))["ticket"]["status"] == {"key": "triage"}
    away = await move(desk, key, "closed")
    assert [e["code"] for e in away["userErrors"]] == ["INVALID_TRANSITION"]
    change = (await desk.open(type="CHANGE"))["id"]
    refused = await move(desk, change, "triage")
    assert [e["code"] for e in refused["userErrors"]] == ["INVALID_TRANSITION"]


async def test_a_step_into_a_status_that_cannot_be_left_is_refused(
    desk: Desk,
) -> None:
    given = {"key": "limbo", "name": "Limbo", "category": "ON_HOLD"}
    await desk.mutate(CREATE_STATUS, given, by=desk.manager)
    before = await settings(desk)
    refused = await step(desk, "new", "limbo")
    assert refused["userErrors"] == [
        {
            "code": "DEAD_END",
            "path": ["input", "toStatusKey"],
            "message": "From 'Limbo' no way would lead INCIDENT to an end.",
        }
    ]
    assert await settings(desk) == before


async def test_the_last_way_out_of_a_status_is_not_removed(desk: Desk) -> None:
    await pending(desk)
    before = await settings(desk)
    last = {"type": "INCIDENT", "fromStatusKey": "triage", "toStatusKey": "resolved"}
    refused = await desk.mutate(REMOVE, last, by=desk.manager)
    assert [e["code"] for e in refused["userErrors"]] == ["DEAD_END"]
    assert await settings(desk) == before
    unneeded = {"type": "INCIDENT", "fromStatusKey": "new", "toStatusKey": "closed"}
    done = await desk.mutate(REMOVE, unneeded, by=desk.manager)
    steps = [(s["fromStatus"]["key"], s["toStatus"]["key"]) for s in done["workflow"]]
    assert ("new", "closed") not in steps
    assert ("new", "resolved") in steps


async def test_a_status_in_which_tickets_stand_keeps_a_way_out_when_it_is_retired(
    desk: Desk,
) -> None:
    status = await pending(desk)
    key = (await desk.open())["id"]
    await move(desk, key, "triage")
    retire = {"id": status, "retired": True}
    done = await desk.mutate(UPDATE_STATUS, retire, by=desk.manager)
    assert done["status"]["retired"] is True
    listed = await desk.data("{ ticketStatuses { key } }", **desk.agent)
    assert "triage" not in [each["key"] for each in listed["ticketStatuses"]]
    before = await settings(desk)
    out = {"type": "INCIDENT", "fromStatusKey": "triage", "toStatusKey": "resolved"}
    refused = await desk.mutate(REMOVE, out, by=desk.manager)
    assert [e["code"] for e in refused["userErrors"]] == ["DEAD_END"]
    into = await step(desk, "new", "triage")
    assert [e["code"] for e in into["userErrors"]] == ["INVALID"]
    assert await settings(desk) == before
    moved = await move(desk, key, "resolved", resolutionCode="fixed")
    assert moved["userErrors"] == []
    removed = await desk.mutate(REMOVE, out, by=desk.manager)
    assert removed["userErrors"] == []


async def test_the_only_status_to_begin_with_is_not_retired(desk: Desk) -> None:
    statuses = await desk.data("{ ticketStatuses { id key } }", **desk.agent)
    new = next(s["id"] for s in statuses["ticketStatuses"] if s["key"] == "new")
    before = await settings(desk)
    for given in ({"retired": True}, {"appliesTo": ["CHANGE"]}):
        refused = await desk.mutate(
            UPDATE_STATUS, {"id": new, **given}, by=desk.manager
        )
        assert [e["code"] for e in refused["userErrors"]] == ["DEAD_END"]
    assert await settings(desk) == before


async def test_a_check_blocks_a_step_and_says_why_until_it_is_met(desk: Desk) -> None:
    demanded = {"requiredFields": ["resolutionNotes"], "checks": ["MISSING_ASSIGNEE"]}
    done = await step(desk, "new", "resolved", **demanded)
    (changed,) = (
        {"fields": s["requiredFields"], "checks": s["checks"]}
        for s in done["workflow"]
        if (s["fromStatus"]["key"], s["toStatus"]["key"]) == ("new", "resolved")
    )
    assert changed == {
        "fields": ["resolutionCode", "resolutionNotes"],
        "checks": ["MISSING_ASSIGNEE"],
    }
    key = (await desk.open())["id"]
    seen = (await desk.data(MINE, {"id": key}, **desk.agent))["ticket"]
    why = "Nobody is assigned to it."
    blocked = {
        s["toStatus"]["key"]: s["blockedBy"] for s in seen["availableTransitions"]
    }
    assert blocked == {
        "in_progress": [],
        "on_hold": [],
        "resolved": [why],
        "closed": [],
        "cancelled": [],
    }
    assert seen["viewerPermissions"]["canResolve"] is False
    assert why in seen["viewerPermissions"]["cannotReasons"]
    given = {"resolutionCode": "fixed", "resolutionNotes": "New toner."}
    refused = await move(desk, key, "resolved", **given)
    assert refused["userErrors"] == [
        {"code": "TRANSITION_BLOCKED", "path": ["input", "toStatusKey"], "message": why}
    ]
    assign = """mutation Give($in: AssignTicketInput!) { assignTicket(input: $in) {
      userErrors { code } } }"""
    await desk.mutate(assign, {"id": key, "assigneeId": desk.bob}, by=desk.agent)
    assert (await move(desk, key, "resolved", **given))["userErrors"] == []


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"fromStatusKey": "nowhere"}, "NOT_FOUND", ["fromStatusKey"]),
        ({"toStatusKey": "nowhere"}, "NOT_FOUND", ["toStatusKey"]),
        ({"toStatusKey": "new"}, "INVALID", ["toStatusKey"]),
        ({"requiredFields": ["note", "title"]}, "INVALID", ["requiredFields", "1"]),
        ({"requiredFields": ["holdReason"]}, "INVALID", ["requiredFields", "0"]),
        (
            {"toStatusKey": "on_hold", "requiredFields": ["resolutionCode"]},
            "INVALID",
            ["requiredFields", "0"],
        ),
    ],
)
async def test_a_step_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, given: dict[str, Any], code: str, path: list[str]
) -> None:
    before = await settings(desk)
    refused = await step(desk, "new", given.pop("toStatusKey", "closed"), **given)
    (error,) = refused["userErrors"]
    assert (error["code"], error["path"]) == (code, ["input", *path])
    assert await settings(desk) == before


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"key": "new"}, "TAKEN", "key"),
        ({"key": "Not a key"}, "INVALID", "key"),
        ({"key": "x" * 51}, "INVALID", "key"),
        ({"name": " "}, "REQUIRED", "name"),
        ({"name": "x" * 201}, "TOO_LONG", "name"),
        ({"name": "bell \x07"}, "INVALID", "name"),
        ({"appliesTo": []}, "REQUIRED", "appliesTo"),
    ],
)
async def test_a_status_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, given: dict[str, Any], code: str, path: str
) -> None:
    before = await settings(desk)
    wanted = {"key": "triage", "name": "Triage", "category": "IN_PROGRESS", **given}
    refused = await desk.mutate(CREATE_STATUS, wanted, by=desk.manager)
    assert refused["userErrors"] == [{"code": code, "path": ["input", path]}]
    assert await settings(desk) == before


async def test_only_who_manages_tickets_sets_anything(desk: Desk) -> None:
    """Of those that need an object, updateTicketStatus and updateResolutionCode too."""
    before = await settings(desk)
    statuses = await desk.data("{ ticketStatuses { id } }", **desk.agent)
    some = statuses["ticketStatuses"][0]["id"]
    between = {"type": "INCIDENT", "fromStatusKey": "new", "toStatusKey": "closed"}
    cell = {"impact": "LOW", "urgency": "LOW", "priority": "PLANNING"}
    status = {"key": "triage", "name": "Triage", "category": "NEW"}
    for mutation, given in (
        (CREATE_STATUS, status),
        (UPDATE_STATUS, {"id": some, "name": "Mine"}),
        (SET, between),
        (REMOVE, between),
        (LIFECYCLE, {"closeAfter": None}),
        (CREATE_CODE, {"code": "x", "name": "X"}),
        (UPDATE_CODE, {"id": new_id("rsc"), "name": "X"}),
        (PRIORITY, cell),
    ):
        for caller in (desk.agent, desk.importer):
            refused = await desk.mutate(mutation, given, by=caller)
            assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    assert await settings(desk) == before
    log = await desk.data(LOG, **desk.agent)
    assert log["ticketSettingChanges"] == {"totalCount": 0, "nodes": []}


async def test_every_change_of_a_setting_is_noted_for_good(desk: Desk) -> None:
    await step(desk, "new", "closed", checks=["MISSING_GROUP"])
    await desk.mutate(LIFECYCLE, {"closeAfter": "P3D"}, by=desk.manager)
    cell = {"impact": "LOW", "urgency": "LOW", "priority": "PLANNING"}
    await desk.mutate(PRIORITY, cell, by=desk.manager)
    await desk.mutate(PRIORITY, cell, by=desk.manager)  # nothing new
    log = (await desk.data(LOG, **desk.manager))["ticketSettingChanges"]
    actor = {"id": desk.bob}
    assert log == {
        "totalCount": 3,
        "nodes": [
            {
                "subject": "PRIORITY",
                "key": "LOW impact, LOW urgency",
                "before": "LOW",
                "after": "PLANNING",
                "actor": actor,
            },
            {
                "subject": "LIFECYCLE",
                "key": "closeAfter",
                "before": "PT120H",
                "after": "PT72H",
                "actor": actor,
            },
            {
                "subject": "TRANSITION",
                "key": "INCIDENT new → closed",
                "before": {"requiredFields": [], "checks": []},
                "after": {"requiredFields": [], "checks": ["MISSING_GROUP"]},
                "actor": actor,
            },
        ],
    }
    with pytest.raises(DBAPIError, match="append-only"):
        async with desk.service.database.unit_of_work() as session:
            await session.execute(text("DELETE FROM setting_changes"))
