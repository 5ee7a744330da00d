"""A ServiceNow audit log (CSV, one row for each change) → cases.

Instants are day first, without padding and without a zone: UTC is assumed. The columns
``resolved_at``, ``closed_at``, ``closed_code`` and ``resolved_by`` repeat the final
value on every row, so none is used before the row that makes it true.
"""

import csv
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from helpnest.replay.story import (
    Case,
    DirtyValueError,
    Event,
    Opening,
    Person,
    Rejected,
    State,
    clean,
)

SOURCE: Final = "servicenow"
Row = Mapping[str, str]

STATES: Final[dict[str, tuple[str, str | None]]] = {
    "New": ("new", None),
    "Active": ("in_progress", None),
    "Awaiting User Info": ("on_hold", "REQUESTER"),
    "Awaiting Vendor": ("on_hold", "VENDOR"),
    "Awaiting Problem": ("on_hold", "PROBLEM"),
    "Awaiting Change": ("on_hold", "CHANGE"),
    "Awaiting Evidence": ("on_hold", "EVIDENCE"),
    "Resolved": ("resolved", None),
    "Closed": ("closed", None),
    "Canceled": ("cancelled", None),
    "Cancelled": ("cancelled", None),
}
TYPES: Final = {
    "INC": "INCIDENT",
    "REQ": "SERVICE_REQUEST",
    "RIT": "SERVICE_REQUEST",
    "PRB": "PROBLEM",
    "CHG": "CHANGE",
}
CHANNELS: Final = {
    "Phone": "PHONE",
    "Email": "EMAIL",
    "Self service": "PORTAL",
    "Chat": "CHAT",
    "IVR": "PHONE",
}
LEVELS: Final = {"1 - High": "HIGH", "2 - Medium": "MEDIUM", "3 - Low": "LOW"}
PRIORITIES: Final = {
    "1 - Critical": "CRITICAL",
    "2 - High": "HIGH",
    "3 - Moderate": "MODERATE",
    "4 - Low": "LOW",
    "5 - Planning": "PLANNING",
}
COLUMNS: Final = (
    "number",
    "incident_state",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "category",
    "cmdb_ci",
    "u_symptom",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "closed_code",
)
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}) (\d{1,2}):(\d{1,2})(?::(\d{1,2}))?"
)


def read_day_first(text: str) -> datetime:
    """Read an instant that begins with the day.

    >>> read_day_first("5-3-2016 9:07").isoformat()
    '2016-03-05T09:07:00+00:00'

    Raises:
        DirtyValueError: it is none.

    """
    found = _DAY_FIRST.fullmatch(clean(text) or "")
    if found is None:
        raise DirtyValueError(f"the instant {text!r}")
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise DirtyValueError(f"the instant {text!r}") from error


def cases(path: Path, limit: int | None = None) -> Generator[Case]:
    """Read a log once for the length of its cases, and once for the cases.

    A case is given when its last event was read, so a log sorted by case needs the
    memory of one case, and one sorted by time that of the cases open at once.

    Raises:
        DirtyValueError: the file is not such a log.

    """
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        left = Counter(row["number"] for row in islice(read_rows(file), limit))
    begun: dict[str, Case] = {}
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        for place, row in enumerate(islice(read_rows(file), limit), 1):
            number = row["number"]
            case = begun.setdefault(number, Case(SOURCE, number))
            add_row(case, row, place)
            left[number] -= 1
            if not left[number]:
                yield begun.pop(number)


def count_events(path: Path) -> int:
    """Count the events of a log."""
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        return sum(1 for _ in read_rows(file))


def read_rows(file: Iterable[str]) -> Iterator[Row]:
    """Read the rows of a log.

    Raises:
        DirtyValueError: a column is missing.

    """
    reader = csv.DictReader(file, restval="", restkey="")
    missing = set(COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise DirtyValueError(f"no column {', '.join(sorted(missing))}")
    return iter(reader)


def add_row(case: Case, row: Row, place: int) -> None:
    """Add a row to its case, as what it tells or as rejected."""
    try:
        event = read_event(row, place)
        case.opening = case.opening or read_opening(row)
    except DirtyValueError as dirty:
        case.events.append(Rejected(place, str(dirty)))
        return
    case.events.append(event)


def read_event(row: Row, place: int) -> Event:
    """Read what stands after a row.

    Raises:
        DirtyValueError: a state or an instant that means nothing.

    """
    state = " ".join(row["incident_state"].split())
    if state not in STATES:
        raise DirtyValueError(f"the state {state!r}")
    status, hold_reason = STATES[state]
    return Event(
        row=place,
        at=read_day_first(row["sys_updated_at"]),
        state=State(
            status=status,
            hold_reason=hold_reason,
            impact=LEVELS.get(clean(row["impact"]) or ""),
            urgency=LEVELS.get(clean(row["urgency"]) or ""),
            priority=PRIORITIES.get(clean(row["priority"]) or ""),
            category=clean(row["category"]),
            service=clean(row["cmdb_ci"]),
            group=clean(row["assignment_group"]),
            assignee=person("Assigned to", row["assigned_to"]),
        ),
        actor=person("Updated by", row["sys_updated_by"]),
        resolution=clean(row["closed_code"]),
    )


def read_opening(row: Row) -> Opening:
    """Read how a case began off its first good row.

    Raises:
        DirtyValueError: nobody asked, or the instant means nothing.

    """
    caller = person("Caller", row["caller_id"])
    if caller is None:
        raise DirtyValueError(f"the caller {row['caller_id']!r}")
    number = row["number"]
    about = clean(row["category"]) or "no category"
    symptom = clean(row["u_symptom"]) or "no symptom"
    return Opening(
        type=TYPES.get(number[:3], "INCIDENT"),
        title=f"{number}: {about}, {symptom} (title invented, the log has none)",
        channel=CHANNELS.get(clean(row["contact_type"]) or "", "API"),
        opened_at=read_day_first(row["opened_at"]),
        requester=caller,
        opened_by=person("Opened by", row["opened_by"]),
    )


def person(column: str, value: str) -> Person | None:
    """Name somebody by the column and the label in it."""
    label = clean(value)
    return None if label is None else Person(column, label)
