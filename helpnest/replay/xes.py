"""A log of problems in XES (the Volvo logs of BPI Challenge 2013) → cases.

It names no requester and no urgency: one invented person asks for everything, and the
urgency is medium but for the impact Major, which HelpNest says as high and high.

Source: IEEE 1849, the XES standard; sub-statuses of the log's own description.
"""

import xml.etree.ElementTree as ET
from collections.abc import Generator
from datetime import UTC, datetime
from gzip import GzipFile
from io import BufferedReader
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

SOURCE: Final = "volvo"
GZIP: Final = b"\x1f\x8b"

STATES: Final[dict[tuple[str, str], tuple[str, str | None]]] = {
    ("Queued", "Awaiting Assignment"): ("new", None),
    ("Accepted", "In Progress"): ("in_progress", None),
    ("Accepted", "Assigned"): ("in_progress", None),
    ("Accepted", "Wait - User"): ("on_hold", "REQUESTER"),
    ("Accepted", "Wait - Customer"): ("on_hold", "REQUESTER"),
    ("Accepted", "Wait - Vendor"): ("on_hold", "VENDOR"),
    ("Accepted", "Wait - Implementation"): ("on_hold", "CHANGE"),
    ("Accepted", "Wait"): ("on_hold", "OTHER"),
    ("Completed", "Resolved"): ("resolved", None),
    ("Completed", "In Call"): ("resolved", None),
    ("Completed", "Closed"): ("closed", None),
    ("Completed", "Cancelled"): ("cancelled", None),
}
IMPACTS: Final = {
    "Major": ("HIGH", "HIGH"),
    "High": ("HIGH", "MEDIUM"),
    "Medium": ("MEDIUM", "MEDIUM"),
    "Low": ("LOW", "MEDIUM"),
}
NOBODY: Final = Person("Requester", "unknown")


def cases(path: Path, limit: int | None = None) -> Generator[Case]:
    """Read a log, plain or gzipped, one trace at a time.

    Raises:
        DirtyValueError: the file is not such a log.

    """
    place = 0
    with open_log(path) as file:
        try:
            for _, element in ET.iterparse(file):  # noqa: S314 - see the import
                if local_name(element) != "trace":
                    continue
                left = None if limit is None else limit - place
                case = read_trace(element, place, left)
                place += len(case.events)
                element.clear()
                if case.events:
                    yield case
                if limit is not None and place >= limit:
                    return
        except ET.ParseError as error:
            raise DirtyValueError(f"no XML: {error}") from error


def open_log(path: Path) -> GzipFile | BufferedReader:
    """Open a log, plain or gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return GzipFile(path) if packed else path.open("rb")


def count_events(path: Path) -> int:
    """Count the events of a log without reading what they say."""
    with open_log(path) as file:
        return sum(line.count(b"<event>") + line.count(b"<event ") for line in file)


def local_name(element: ET.Element) -> str:
    """Read an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def values_of(element: ET.Element) -> dict[str, str]:
    """Read an element's attributes, which XES writes as children."""
    return {
        child.attrib["key"]: child.attrib["value"]
        for child in element
        if "key" in child.attrib and "value" in child.attrib
    }


def read_trace(trace: ET.Element, place: int, left: int | None) -> Case:
    """Read a trace, of which so many events may still be told."""
    case = Case(SOURCE, values_of(trace).get("concept:name", f"trace {place + 1}"))
    events = [each for each in trace if local_name(each) == "event"][:left]
    for row, event in enumerate(map(values_of, events), place + 1):
        try:
            told = read_event(event, row)
        except DirtyValueError as dirty:
            case.events.append(Rejected(row, str(dirty)))
            continue
        case.opening = case.opening or read_opening(case.key, event, told)
        case.events.append(told)
    return case


def read_event(event: dict[str, str], row: int) -> Event:
    """Read what stands after an event.

    Raises:
        DirtyValueError: a state or an instant that means nothing.

    """
    name = (
        clean(event.get("concept:name")) or "",
        clean(event.get("lifecycle:transition")) or "",
    )
    if name not in STATES:
        raise DirtyValueError(f"the state {'/'.join(name)!r}")
    status, hold_reason = STATES[name]
    impact, urgency = IMPACTS.get(clean(event.get("impact")) or "", (None, None))
    resource = clean(event.get("org:resource"))
    somebody = None if resource is None else Person("Resource", resource)
    return Event(
        row=row,
        at=read_instant(event.get("time:timestamp", "")),
        state=State(
            status=status,
            hold_reason=hold_reason,
            impact=impact,
            urgency=urgency,
            service=clean(event.get("product")),
            group=clean(event.get("org:group")),
            assignee=somebody,
        ),
        actor=somebody,
    )


def read_instant(text: str) -> datetime:
    """Read an ISO-8601 instant; without an offset it is UTC.

    >>> read_instant("2006-01-11T15:49:42+01:00").isoformat()
    '2006-01-11T14:49:42+00:00'

    Raises:
        DirtyValueError: it is none.

    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise DirtyValueError(f"the instant {text!r}") from error
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def read_opening(key: str, event: dict[str, str], told: Event) -> Opening:
    """Say how a case began: with its first good event."""
    about = clean(event.get("product")) or "no product"
    return Opening(
        type="PROBLEM",
        title=f"{key}: {about} (title invented, the log has none)",
        channel="API",
        opened_at=told.at,
        requester=NOBODY,
        opened_by=told.actor,
    )
