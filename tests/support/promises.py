"""Service levels for tests: a policy by a calendar that is always open, and clocks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from kit.scalars import write_instant

CALENDAR = """mutation C($in: CreateBusinessCalendarInput!) {
  createBusinessCalendar(input: $in) { calendar { id } userErrors { code path } } }"""
POLICY = """mutation P($in: CreateSlaPolicyInput!) {
  createSlaPolicy(input: $in) { policy { id version } userErrors { code path } } }"""
CHANGE = """mutation U($in: UpdateSlaPolicyInput!) {
  updateSlaPolicy(input: $in) { policy { id version } userErrors { code path } } }"""

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
AROUND_THE_CLOCK = [
    {"day": day, "opensAt": "00:00", "closesAt": "24:00"} for day in DAYS
]
GOALS = [
    {"target": "FIRST_RESPONSE", "priority": "MODERATE", "within": "PT1H"},
    {"target": "RESOLUTION", "priority": "MODERATE", "within": "PT8H"},
    {"target": "RESOLUTION", "priority": "CRITICAL", "within": "PT2H"},
]


Desk = Any  # the fixture's class; test folders are not packages


async def promise(
    desk: Desk, *, by: Mapping[str, Any] | None = None, **other: Any
) -> str:
    """Make a policy that fits all tickets, by a clock that never stops; give its id.

    ``desk`` is whatever can be asked, the subgraph or the whole graph.
    """
    who = by or desk.admin

    async def write(text: str, given: dict[str, Any]) -> dict[str, Any]:
        (payload,) = (await desk.data(text, {"in": given}, **who)).values()
        return payload

    name = other.get("name", "Standard")
    hours = {"name": name, "timeZone": "UTC", "hours": AROUND_THE_CLOCK}
    made = await write(CALENDAR, hours)
    given: dict[str, Any] = {
        "name": name,
        "calendarId": made["calendar"]["id"],
        "goals": GOALS,
        "pauseOn": ["REQUESTER"],
        **other,
    }
    payload = await write(POLICY, given)
    assert payload["userErrors"] == []
    key: str = payload["policy"]["id"]
    return key


CLOCKS = """slaClocks { target state goal elapsedBusinessTime remaining dueAt warnedAt
  breachedAt stoppedAt escalatedAt escalatedTo { id } escalatedToGroup { id }
  policy { id name } }"""
READ = f"""query Read($id: ID) {{ ticket(id: $id) {{
  openedAt firstRespondedAt slaState slaDueAt version {CLOCKS}
  history(first: 100) {{ nodes {{ kind at via field after actor {{ id }} }} }} }} }}"""
MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  userErrors { code path } } }"""
UPDATE = """mutation Up($in: UpdateTicketInput!) { updateTicket(input: $in) {
  userErrors { code path } } }"""
ASSIGN = """mutation As($in: AssignTicketInput!) { assignTicket(input: $in) {
  userErrors { code path } } }"""
HOUR = timedelta(hours=1)
PAST = datetime(2016, 3, 1, 9, tzinfo=UTC)


async def read(desk: Desk, key: str) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.data(READ, {"id": key}, **desk.agent))["ticket"]
    return found


async def clocks(desk: Desk, key: str) -> dict[str, dict[str, Any]]:
    return {each["target"]: each for each in (await read(desk, key))["slaClocks"]}


async def move(desk: Desk, key: str, status: str, **other: Any) -> None:
    by = desk.importer if "occurredAt" in other else desk.agent
    if status == "resolved":
        other["resolutionCode"] = "fixed"
    given = {"id": key, "toStatusKey": status, **other}
    assert (await desk.mutate(MOVE, given, by=by))["userErrors"] == []


async def retold(desk: Desk, at: datetime = PAST, **other: Any) -> str:
    given = {"requesterId": desk.ada, "occurredAt": write_instant(at), **other}
    ticket = await desk.open(by=desk.importer, **given)
    key: str = ticket["id"]
    return key


def told(hours: float) -> str:
    return write_instant(PAST + hours * HOUR)


def noted(ticket: dict[str, Any], *also: str) -> list[tuple[str, str, str]]:
    kinds = ("SLA_", *also)
    return [
        (event["kind"], event["field"], event["at"])
        for event in ticket["history"]["nodes"]
        if event["kind"].startswith(kinds)
    ]
