"""Who changed calendars and policies, and what they were before."""

from typing import Any

from kit.ids import new_id
from tests.support.sla_settings import (
    CREATE_CALENDAR,
    GOAL,
    RETIRE_CALENDAR,
    RETIRE_POLICY,
    UPDATE_CALENDAR,
    UPDATE_POLICY,
    calendar,
    policy,
    send,
)
from tests.support.ticket_settings import LOG

Desk = Any  # the fixture's class; test folders are not packages

OFFICE: dict[str, Any] = {
    "name": "Office",
    "timeZone": "Europe/Berlin",
    "hours": {
        day: ["09:00-17:00"]
        for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
    },
    "holidays": [],
    "retired": False,
}


async def log(desk: Desk) -> list[dict[str, Any]]:
    """What was noted, the oldest first."""
    data = await desk.data(LOG, **desk.manager)
    return data["ticketSettingChanges"]["nodes"][::-1]


async def test_a_calendars_changes_are_noted_whole_with_who_made_them(
    desk: Desk,
) -> None:
    made = await calendar(desk)
    eve = {"date": "2026-12-24", "name": "Christmas Eve"}
    half = {**eve, "hours": [{"opensAt": "09:00", "closesAt": "12:00"}]}
    change = {"id": made["id"], "name": "Desk", "holidays": [half]}
    for _ in range(2):  # the second time, nothing changes
        assert (await send(desk, UPDATE_CALENDAR, change))["userErrors"] == []
    await send(desk, RETIRE_CALENDAR, {"id": made["id"]})
    closed = {**OFFICE, "name": "Desk", "holidays": [{**eve, "hours": ["09:00-12:00"]}]}
    whom = {"subject": "BUSINESS_CALENDAR", "actor": {"id": desk.admin["subject"]}}
    assert await log(desk) == [
        {**whom, "key": "Office", "before": None, "after": OFFICE},
        {**whom, "key": "Office", "before": OFFICE, "after": closed},
        {**whom, "key": "Desk", "before": closed, "after": {**closed, "retired": True}},
    ]


async def test_a_policys_changes_are_noted_with_its_goals(desk: Desk) -> None:
    hours = (await calendar(desk))["id"]
    group = new_id("grp")
    made = await policy(desk, calendarId=hours, groupIds=[group])
    update: dict[str, Any] = {"target": "UPDATE", "priority": "LOW", "within": "PT30M"}
    for change in (
        {"goals": [update, {**GOAL, "within": "PT4H"}]},
        {"goals": [{**GOAL, "within": "PT4H"}, update]},  # the same, otherwise sorted
        {"pauseOn": ["VENDOR"], "warnAtPercent": None},
    ):
        given = {"id": made["id"], **change}
        assert (await send(desk, UPDATE_POLICY, given))["userErrors"] == []
    await send(desk, RETIRE_POLICY, {"id": made["id"]})
    first = {
        "name": "Standard",
        "position": 1,
        "calendarId": hours,
        "goals": {"RESOLUTION MODERATE": "PT8H"},
        "appliesTo": [],
        "categoryIds": [],
        "serviceIds": [],
        "groupIds": [group],
        "pauseOn": [],
        "warnAtPercent": 75,
        "escalates": True,
        "retired": False,
    }
    goals = {"RESOLUTION MODERATE": "PT4H", "UPDATE LOW": "PT30M"}
    second = {**first, "goals": goals}
    third = {**second, "pauseOn": ["VENDOR"], "warnAtPercent": None}
    noted = [each for each in await log(desk) if each["subject"] == "SLA_POLICY"]
    assert [(each["key"], each["before"], each["after"]) for each in noted] == [
        ("Standard", None, first),
        ("Standard", first, second),
        ("Standard", second, third),
        ("Standard", third, {**third, "retired": True}),
    ]


async def test_what_is_refused_is_not_noted(desk: Desk) -> None:
    made = await calendar(desk)
    before = await log(desk)
    zone = {"id": made["id"], "name": "Desk", "timeZone": "localtime"}
    refused = await send(desk, UPDATE_CALENDAR, zone)
    assert [e["path"] for e in refused["userErrors"]] == [["input", "timeZone"]]
    taken = {"name": "Office", "timeZone": "UTC", "hours": made["hours"]}
    refused = await send(desk, CREATE_CALENDAR, taken)
    assert [e["code"] for e in refused["userErrors"]] == ["TAKEN"]
    assert await log(desk) == before
