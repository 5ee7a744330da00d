"""Logs as long as a large company's, made line by line: no one has to keep them.

Each case has seven events, of which some have a value that means nothing; a hundred
cases are open at any time, so that a ServiceNow log, which is sorted by time, has the
events of many cases between two of one.
"""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from helpnest.replay.servicenow import COLUMNS

EVENTS_OF_CASE = 7
OPEN_AT_ONCE = 100
DIRTY_EVERY = 997
"""Every so many cases have one event that cannot be told."""
CALLERS, RESOLVERS, GROUPS, SERVICES, CATEGORIES = 2_000, 300, 70, 90, 40
BEGIN = datetime(2016, 2, 29, 1, 16, tzinfo=UTC)


class Step(NamedTuple):
    """What an event of a case says, in both logs' words."""

    state: str
    queue: str
    sub_status: str
    group: int
    """How many groups further than the one that the case began in."""
    assigned: bool


LIVES = (
    (
        Step("New", "Queued", "Awaiting Assignment", 0, assigned=False),
        Step("Active", "Accepted", "In Progress", 0, assigned=False),
        Step("Awaiting User Info", "Accepted", "Wait - User", 0, assigned=False),
        Step("Active", "Accepted", "In Progress", 1, assigned=True),
        Step("Active", "Accepted", "Assigned", 1, assigned=True),
        Step("Resolved", "Completed", "Resolved", 1, assigned=True),
        Step("Closed", "Completed", "Closed", 1, assigned=True),
    ),
    (
        Step("New", "Queued", "Awaiting Assignment", 0, assigned=False),
        Step("New", "Queued", "Awaiting Assignment", 2, assigned=False),
        Step("Awaiting Vendor", "Accepted", "Wait - Vendor", 2, assigned=False),
        Step("Resolved", "Completed", "Resolved", 2, assigned=True),
        Step("Active", "Accepted", "In Progress", 2, assigned=True),
        Step("Resolved", "Completed", "In Call", 0, assigned=True),
        Step("Closed", "Completed", "Closed", 0, assigned=True),
    ),
)
LEVELS = ("1 - High", "2 - Medium", "3 - Low")
IMPACTS = ("High", "Medium", "Low")
PRIORITIES = (
    ("1 - Critical", "2 - High", "3 - Moderate"),
    ("2 - High", "3 - Moderate", "4 - Low"),
    ("3 - Moderate", "4 - Low", "4 - Low"),
)


def at(case: int, place: int) -> datetime:
    """Say when an event happened: a case begins each minute."""
    return BEGIN + timedelta(minutes=case + place * OPEN_AT_ONCE // EVENTS_OF_CASE)


def is_dirty(case: int, place: int) -> bool:
    """Say whether an event has a state that means nothing."""
    return case % DIRTY_EVERY == 0 and place == 1


def order_of(events: int) -> Iterator[tuple[int, int]]:
    """Give case and place of each event, a batch of open cases after the other."""
    for first in range(0, -(-events // EVENTS_OF_CASE), OPEN_AT_ONCE):
        for place in range(EVENTS_OF_CASE):
            for case in range(first, first + OPEN_AT_ONCE):
                if case * EVENTS_OF_CASE + place < events:
                    yield case, place


def write_servicenow(path: Path, events: int) -> None:
    """Write a log of so many events as ServiceNow exports it, sorted by time."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for case, place in order_of(events):
            row = row_of(case, place)
            file.write(",".join(row.get(name, "?") for name in COLUMNS) + "\n")


def row_of(case: int, place: int) -> dict[str, str]:
    """Say what a row of a ServiceNow log holds; the rest is missing."""
    step = LIVES[case % len(LIVES)][place]
    impact, urgency = case % 3, (case // 3 + (case % 5 == 0 and place > 2)) % 3
    resolver = f"{(case + step.group) % RESOLVERS}"
    return {
        "number": f"INC{case:07d}",
        "incident_state": "-100" if is_dirty(case, place) else step.state,
        "caller_id": f"Caller {case % CALLERS}",
        "opened_by": f"Opened by  {case % 20}",
        "opened_at": f"{at(case, 0):%d-%m-%Y %H:%M}",
        "sys_updated_by": f"Updated by {resolver}",
        "sys_updated_at": f"{at(case, place):%d-%m-%Y %H:%M}",
        "contact_type": "Phone",
        "category": f"Category {case % CATEGORIES}",
        "cmdb_ci": f"Service {case % SERVICES}",
        "u_symptom": f"Symptom {case % 50}",
        "impact": LEVELS[impact],
        "urgency": LEVELS[urgency],
        "priority": PRIORITIES[impact][urgency],
        "assignment_group": f"Group {(case + step.group) % GROUPS}",
        "assigned_to": f"Resolver {resolver}" if step.assigned else "?",
        "closed_code": f"code {case % 9}",
    }


def write_xes(path: Path, events: int) -> None:
    """Write a log of so many events in XES, packed, as the Volvo logs are."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write('<?xml version="1.0" encoding="UTF-8" ?>\n')
        file.write('<log xmlns="http://www.xes-standard.org/">\n')
        for case in range(-(-events // EVENTS_OF_CASE)):
            left = min(EVENTS_OF_CASE, events - case * EVENTS_OF_CASE)
            file.write(f'<trace>\n<string key="concept:name" value="1-{case}"/>\n')
            for place in range(left):
                file.write(event_of(case, place))
            file.write("</trace>\n")
        file.write("</log>\n")


def event_of(case: int, place: int) -> str:
    """Write an event of an XES log."""
    step = LIVES[case % len(LIVES)][place]
    queue, sub_status = step.queue, step.sub_status
    if is_dirty(case, place):
        queue = sub_status = "Unmatched"
    values = {
        "org:group": f"Org line {(case + step.group) % GROUPS}",
        "org:resource": f"Resource {(case + step.group) % RESOLVERS}",
        "concept:name": queue,
        "lifecycle:transition": sub_status,
        "impact": IMPACTS[(case + (case % 5 == 0 and place > 2)) % 3],
        "product": f"PROD{case % SERVICES}",
    }
    told = "".join(f'<string key="{k}" value="{v}"/>\n' for k, v in values.items())
    when = f'<date key="time:timestamp" value="{at(case, place).isoformat()}"/>\n'
    return f"<event>\n{told}{when}</event>\n"
