"""An oracle of clocks that never stand still: told off the graph's own history."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kit.scalars import read_instant

HOURS = {"CRITICAL": 4, "HIGH": 24, "MODERATE": 72, "LOW": 120, "PLANNING": 240}
GOALS = [
    {"target": "RESOLUTION", "priority": name, "within": f"PT{hours}H"}
    for name, hours in HOURS.items()
]
PAUSED = "REQUESTER"
ENDS = frozenset({"resolved", "closed", "cancelled"})


def resolution_of(ticket: Mapping[str, Any]) -> tuple[timedelta, datetime | None]:
    """Say what the resolution clock has counted by the last event, and its breach.

    Business time is all time here, so a segment counts what lies between its ends.
    """
    events = ticket["history"]["nodes"]
    status, reason, priority = "new", None, events[0]["after"]["priority"]
    since, passed, breached = None, timedelta(0), None
    for event in events:
        at = read_instant(event["at"])
        if event["kind"].startswith("SLA_"):
            continue
        runs = status not in ENDS and reason != PAUSED
        if since is not None and runs:
            left = timedelta(hours=HOURS[priority]) - passed
            if breached is None and at - since > left:
                breached = since + max(left, timedelta(0))
            passed += at - since
        since = at
        if event["field"] == "status":
            status, reason = event["after"]["status"], event["after"]["holdReason"]
        elif event["field"] == "priority":
            priority = event["after"]
    return passed, breached
