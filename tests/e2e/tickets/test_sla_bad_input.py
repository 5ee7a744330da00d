"""Calendars and policies that cannot be: refused, with nothing changed."""

from typing import Any

import pytest

from kit.ids import new_id
from tests.support.sla_settings import (
    BERLIN,
    CREATE_CALENDAR,
    CREATE_POLICY,
    GOAL,
    UPDATE_CALENDAR,
    UPDATE_POLICY,
    WEEK,
    calendar,
    policy,
    read,
    send,
)

Desk = Any  # the fixture's class; test folders are not packages


BAD_CALENDARS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "no name": ({"name": " "}, "REQUIRED", ["name"]),
    "a name too long": ({"name": "x" * 201}, "TOO_LONG", ["name"]),
    "control characters": ({"name": "a\u0007"}, "INVALID", ["name"]),
    "an unknown zone": ({"timeZone": "Europe/Atlantis"}, "INVALID", ["timeZone"]),
    "a path for a zone": ({"timeZone": "../etc/passwd"}, "INVALID", ["timeZone"]),
    "a machine's own zone": ({"timeZone": "localtime"}, "INVALID", ["timeZone"]),
    "no zone": ({"timeZone": ""}, "REQUIRED", ["timeZone"]),
    "no hours at all": ({"hours": []}, "REQUIRED", ["hours"]),
    "hours over others": (
        {"hours": [*WEEK, {"day": "FRIDAY", "opensAt": "16:59", "closesAt": "18:00"}]},
        "INVALID",
        ["hours", "5"],
    ),
    "hours that end before they begin": (
        {"hours": [{"day": "FRIDAY", "opensAt": "22:00", "closesAt": "06:00"}]},
        "INVALID",
        ["hours", "0", "closesAt"],
    ),
    "hours that last no time": (
        {"hours": [{"day": "FRIDAY", "opensAt": "09:00", "closesAt": "09:00"}]},
        "INVALID",
        ["hours", "0", "closesAt"],
    ),
    "an absurd time": (
        {"hours": [{"day": "FRIDAY", "opensAt": "25:00", "closesAt": "26:00"}]},
        "INVALID",
        ["hours", "0", "opensAt"],
    ),
    "a time past midnight": (
        {"hours": [{"day": "FRIDAY", "opensAt": "09:00", "closesAt": "24:01"}]},
        "INVALID",
        ["hours", "0", "closesAt"],
    ),
    "too many parts of a day": (
        {
            "hours": [
                {"day": "FRIDAY", "opensAt": f"{n:02d}:00", "closesAt": f"{n:02d}:30"}
                for n in range(11)
            ]
        },
        "TOO_LONG",
        ["hours"],
    ),
    "a date that is none": (
        {"holidays": [{"date": "2026-02-30", "name": "x"}]},
        "INVALID",
        ["holidays", "0", "date"],
    ),
    "an absurd date": (
        {"holidays": [{"date": "9999-01-01", "name": "x"}]},
        "INVALID",
        ["holidays", "0", "date"],
    ),
    "a date twice": (
        {"holidays": [{"date": "2026-12-25", "name": "x"}] * 2},
        "INVALID",
        ["holidays", "1", "date"],
    ),
    "hours of a holiday over others": (
        {
            "holidays": [
                {
                    "date": "2026-12-25",
                    "name": "x",
                    "hours": [{"opensAt": "09:00", "closesAt": "10:00"}] * 2,
                }
            ]
        },
        "INVALID",
        ["holidays", "0", "hours", "1"],
    ),
}


@pytest.mark.parametrize("why", BAD_CALENDARS)
async def test_a_calendar_that_cannot_be_is_refused_and_nothing_changes(
    desk: Desk, why: str
) -> None:
    made = await calendar(desk, name="Kept")
    change, code, path = BAD_CALENDARS[why]
    tries = (
        (CREATE_CALENDAR, {**BERLIN, **change}),
        (UPDATE_CALENDAR, {"id": made["id"], **change}),
    )
    for text, given in tries:
        payload = await send(desk, text, given)
        (error,) = payload["userErrors"]
        assert (error["code"], error["path"]) == (code, ["input", *path])
        assert payload["calendar"] is None
    assert (await read(desk))["businessCalendars"] == [made]


def within(text: str) -> dict[str, Any]:
    return {"goals": [{**GOAL, "within": text}]}


BAD_POLICIES: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "no name": ({"name": ""}, "REQUIRED", ["name"]),
    "no goals": ({"goals": []}, "REQUIRED", ["goals"]),
    "no time at all": (within("PT0S"), "INVALID", ["goals", "0", "within"]),
    "less than no time": (within("-PT1H"), "INVALID", ["goals", "0", "within"]),
    "half a second": (within("PT1.5S"), "INVALID", ["goals", "0", "within"]),
    "centuries": (within("P99999D"), "INVALID", ["goals", "0", "within"]),
    "a goal twice": ({"goals": [GOAL, GOAL]}, "INVALID", ["goals", "1", "target"]),
    "an unknown calendar": (
        {"calendarId": new_id("bcl")},
        "NOT_FOUND",
        ["calendarId"],
    ),
    "an id of another kind": (
        {"calendarId": new_id("grp")},
        "NOT_FOUND",
        ["calendarId"],
    ),
    "an unknown category": (
        {"categoryIds": [new_id("cat")]},
        "NOT_FOUND",
        ["categoryIds", "0"],
    ),
    "an unknown service": (
        {"serviceIds": [new_id("svc")]},
        "NOT_FOUND",
        ["serviceIds", "0"],
    ),
    "no group's id": ({"groupIds": ["grp_1"]}, "INVALID", ["groupIds", "0"]),
    "too many groups": (
        {"groupIds": [new_id("grp") for _ in range(201)]},
        "TOO_LONG",
        ["groupIds"],
    ),
    "a warning before the beginning": (
        {"warnAtPercent": 0},
        "INVALID",
        ["warnAtPercent"],
    ),
    "a warning after the end": ({"warnAtPercent": 100}, "INVALID", ["warnAtPercent"]),
    "a negative position": ({"position": -1}, "INVALID", ["position"]),
}


@pytest.mark.parametrize("why", BAD_POLICIES)
async def test_a_policy_that_cannot_be_is_refused_and_nothing_changes(
    desk: Desk, why: str
) -> None:
    made = await policy(desk, name="Kept")
    change, code, path = BAD_POLICIES[why]
    good = {"name": "P", "calendarId": made["calendar"]["id"], "goals": [GOAL]}
    tries = (
        (CREATE_POLICY, {**good, **change}),
        (UPDATE_POLICY, {"id": made["id"], **change}),
    )
    for text, given in tries:
        payload = await send(desk, text, given)
        (error,) = payload["userErrors"]
        assert (error["code"], error["path"]) == (code, ["input", *path])
        assert payload["policy"] is None
    assert (await read(desk))["slaPolicies"] == [made]
