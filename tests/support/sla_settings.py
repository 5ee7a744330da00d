"""Calendars and policies through the graph, for tests."""

from collections.abc import Mapping
from typing import Any

Desk = Any  # the fixture's class; test folders are not packages

CALENDAR = """calendar { id name timeZone version retiredAt
  hours { day opensAt closesAt } holidays { date name hours { opensAt closesAt } } }"""
POLICY = """policy { id name position version retiredAt warnAtPercent escalates
  appliesTo pauseOn calendar { id } categories { id } services { id } groups { id }
  goals { target priority within } }"""
ERRORS = "repeated userErrors { code path message }"


def mutation(name: str, what: str) -> str:
    kind = name[0].upper() + name[1:]
    return (
        f"mutation M($in: {kind}Input!) {{ {name}(input: $in) {{ {what} {ERRORS} }} }}"
    )


CREATE_CALENDAR = mutation("createBusinessCalendar", CALENDAR)
UPDATE_CALENDAR = mutation("updateBusinessCalendar", CALENDAR)
RETIRE_CALENDAR = mutation("retireBusinessCalendar", CALENDAR)
CREATE_POLICY = mutation("createSlaPolicy", POLICY)
UPDATE_POLICY = mutation("updateSlaPolicy", POLICY)
RETIRE_POLICY = mutation("retireSlaPolicy", POLICY)
READ = f"""query Read($retired: Boolean! = false) {{
  businessCalendars(retired: $retired) {CALENDAR.removeprefix("calendar ")}
  slaPolicies(retired: $retired) {POLICY.removeprefix("policy ")} }}"""


def open_on(*days: str) -> list[dict[str, str]]:
    return [{"day": day, "opensAt": "09:00", "closesAt": "17:00"} for day in days]


WEEK = open_on("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
BERLIN: dict[str, Any] = {"name": "Office", "timeZone": "Europe/Berlin", "hours": WEEK}
GOAL = {"target": "RESOLUTION", "priority": "MODERATE", "within": "PT8H"}


async def send(desk: Desk, text: str, given: Mapping[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = await desk.mutate(text, given, by=desk.admin)
    return payload


async def read(desk: Desk, *, retired: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = await desk.data(READ, {"retired": retired}, **desk.agent)
    return found


async def calendar(desk: Desk, **other: Any) -> dict[str, Any]:
    payload = await send(desk, CREATE_CALENDAR, {**BERLIN, **other})
    assert payload["userErrors"] == []
    found: dict[str, Any] = payload["calendar"]
    return found


async def policy(desk: Desk, **other: Any) -> dict[str, Any]:
    given = {"name": "Standard", "goals": [GOAL], **other}
    if "calendarId" not in given:
        given["calendarId"] = (await calendar(desk))["id"]
    payload = await send(desk, CREATE_POLICY, given)
    assert payload["userErrors"] == []
    found: dict[str, Any] = payload["policy"]
    return found
