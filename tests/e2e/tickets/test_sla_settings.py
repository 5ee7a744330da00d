"""Calendars and policies: made, changed, retired."""

from typing import Any

import pytest

from kit.ids import new_id
from tests.support.sla_settings import (
    BERLIN,
    CREATE_CALENDAR,
    CREATE_POLICY,
    GOAL,
    RETIRE_CALENDAR,
    RETIRE_POLICY,
    UPDATE_CALENDAR,
    UPDATE_POLICY,
    WEEK,
    calendar,
    policy,
    read,
    send,
)

Desk = Any  # the fixture's class; test folders are not packages


async def test_a_calendar_is_kept_as_it_was_said(desk: Desk) -> None:
    eve = {"date": "2026-12-24", "name": "Christmas Eve"}
    half = [{"opensAt": "09:00", "closesAt": "12:00"}]
    late = {"day": "SATURDAY", "opensAt": "22:30", "closesAt": "24:00"}
    made = await calendar(
        desk,
        hours=[late, *WEEK],
        holidays=[
            {"date": "2026-12-25", "name": "Christmas Day"},
            {**eve, "hours": half},
        ],
    )
    assert made == {
        "id": made["id"],
        "name": "Office",
        "timeZone": "Europe/Berlin",
        "version": 1,
        "retiredAt": None,
        "hours": [*WEEK, late],
        "holidays": [
            {**eve, "hours": half},
            {"date": "2026-12-25", "name": "Christmas Day", "hours": []},
        ],
    }
    assert await read(desk) == {"businessCalendars": [made], "slaPolicies": []}


async def test_a_policy_is_kept_as_it_was_said(desk: Desk) -> None:
    group, hours = new_id("grp"), await calendar(desk)
    goals = [GOAL, {"target": "UPDATE", "priority": "LOW", "within": "PT24H30M"}]
    made = await policy(
        desk,
        calendarId=hours["id"],
        goals=goals,
        groupIds=[group, group],
        appliesTo=["INCIDENT"],
        pauseOn=["REQUESTER", "VENDOR"],
        warnAtPercent=None,
        escalates=False,
    )
    assert made == {
        "id": made["id"],
        "name": "Standard",
        "position": 1,
        "version": 1,
        "retiredAt": None,
        "warnAtPercent": None,
        "escalates": False,
        "appliesTo": ["INCIDENT"],
        "pauseOn": ["REQUESTER", "VENDOR"],
        "calendar": {"id": hours["id"]},
        "categories": [],
        "services": [],
        "groups": [{"id": group}],
        "goals": goals,
    }
    later = await policy(desk, name="Other", calendarId=hours["id"])
    first = await policy(desk, name="First", calendarId=hours["id"], position=0)
    assert (later["position"], later["warnAtPercent"]) == (2, 75)
    found = (await read(desk))["slaPolicies"]
    assert [each["id"] for each in found] == [first["id"], made["id"], later["id"]]


async def test_what_is_left_out_is_unchanged_and_null_clears(desk: Desk) -> None:
    made = await policy(desk, pauseOn=["REQUESTER"], groupIds=[new_id("grp")])
    other = {"target": "RESOLUTION", "priority": "HIGH", "within": "PT2H"}
    change = {"id": made["id"], "goals": [other], "pauseOn": None, "groupIds": None}
    payload = await send(desk, UPDATE_POLICY, {**change, "expectedVersion": 1})
    changed = {**made, "goals": [other], "pauseOn": [], "groups": [], "version": 2}
    assert payload["policy"] == changed
    again = await send(desk, UPDATE_POLICY, {**change, "name": "Standard"})
    assert again["policy"] == changed
    days = {
        "id": made["calendar"]["id"],
        "holidays": [{"date": "2027-01-01", "name": "x"}],
    }
    first = await send(desk, UPDATE_CALENDAR, days)
    assert (first["calendar"]["version"], len(first["calendar"]["holidays"])) == (2, 1)
    none = await send(desk, UPDATE_CALENDAR, {**days, "holidays": None})
    assert (none["calendar"]["version"], none["calendar"]["holidays"]) == (3, [])


async def test_the_same_key_makes_one_policy(desk: Desk) -> None:
    hours = (await calendar(desk))["id"]
    given = {"name": "P", "calendarId": hours, "goals": [GOAL], "idempotencyKey": "k"}
    first = await send(desk, CREATE_POLICY, given)
    again = await send(desk, CREATE_POLICY, given)
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert again["policy"] == first["policy"]


async def test_what_is_retired_is_out_of_use_and_gives_its_name_back(
    desk: Desk,
) -> None:
    made = await policy(desk)
    hours = {"id": made["calendar"]["id"]}
    refused = await send(desk, RETIRE_CALENDAR, hours)
    assert [(e["code"], e["path"]) for e in refused["userErrors"]] == [
        ("IN_USE", ["input", "id"])
    ]
    gone = (await send(desk, RETIRE_POLICY, {"id": made["id"]}))["policy"]
    assert gone["retiredAt"] is not None
    retired = (await send(desk, RETIRE_CALENDAR, hours))["calendar"]
    assert await read(desk) == {"businessCalendars": [], "slaPolicies": []}
    kept = {"businessCalendars": [retired], "slaPolicies": [gone]}
    assert await read(desk, retired=True) == kept
    for text in (RETIRE_POLICY, UPDATE_POLICY):
        again = await send(desk, text, {"id": made["id"]})
        assert [e["code"] for e in again["userErrors"]] == ["NOT_FOUND"]
    assert await policy(desk)


async def test_a_name_that_is_taken_and_a_version_that_has_passed_are_told(
    desk: Desk,
) -> None:
    made = await policy(desk)
    hours, good = made["calendar"]["id"], {"goals": [GOAL], "name": "Standard"}
    taken = await send(desk, CREATE_POLICY, {**good, "calendarId": hours})
    assert [e["code"] for e in taken["userErrors"]] == ["TAKEN"]
    assert taken["policy"] == made
    old = {"id": made["id"], "expectedVersion": 7, "name": "New"}
    stale = await send(desk, UPDATE_POLICY, old)
    assert [(e["code"], e["path"]) for e in stale["userErrors"]] == [
        ("STALE", ["input", "expectedVersion"])
    ]
    assert stale["policy"] == made
    again = await send(desk, CREATE_CALENDAR, BERLIN)
    assert [e["code"] for e in again["userErrors"]] == ["TAKEN"]
    assert again["calendar"]["id"] == hours


@pytest.mark.parametrize("who", ["agent", "requester", "importer"])
async def test_who_may_not_promise_changes_nothing(desk: Desk, who: str) -> None:
    made, by = await policy(desk), getattr(desk, who)
    hours = {"id": made["calendar"]["id"]}
    good = {"name": "New", "goals": [GOAL]}
    tries = (
        (CREATE_CALENDAR, {**BERLIN, "name": "New"}),
        (UPDATE_CALENDAR, {**hours, "name": "New"}),
        (RETIRE_CALENDAR, hours),
        (CREATE_POLICY, {**good, "calendarId": hours["id"]}),
        (UPDATE_POLICY, {"id": made["id"], "name": "New"}),
        (RETIRE_POLICY, {"id": made["id"]}),
    )
    before = await read(desk)
    for text, given in tries:
        payload = await desk.mutate(text, given, by=by)
        assert [e["code"] for e in payload["userErrors"]] == ["FORBIDDEN"]
    assert await read(desk) == before


async def test_policies_are_references_for_other_domains(desk: Desk) -> None:
    made = await policy(desk)
    query = """query E($them: [_Any!]!) { _entities(representations: $them) {
      ... on SlaPolicy { name } ... on BusinessCalendar { timeZone } } }"""
    them = [
        {"__typename": "SlaPolicy", "id": made["id"]},
        {"__typename": "BusinessCalendar", "id": made["calendar"]["id"]},
        {"__typename": "SlaPolicy", "id": new_id("slp")},
    ]
    found = await desk.data(query, {"them": them}, **desk.agent)
    assert found["_entities"] == [
        {"name": "Standard"},
        {"timeZone": "Europe/Berlin"},
        None,
    ]


async def test_policies_with_all_they_name_cost_a_statement_for_each_kind(
    desk: Desk,
) -> None:
    made = await policy(desk)
    await policy(desk, name="Other", calendarId=made["calendar"]["id"])
    with desk.counted() as statements:
        await read(desk)
    assert len(statements) == 3  # the calendars, the policies, the policies' calendars
