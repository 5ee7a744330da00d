"""A case → the commands that tell it to the graph, in order.

What a command says depends on the log alone, never on what the graph answered, so
that the same log makes the same commands under the same keys again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpnest.replay.story import Case, Event, Opening, Person, Rejected, State

NOT_RECORDED: Final = "not recorded"
"""The code of a solution where the log has none."""

OVERRIDE_REASON: Final = "The log has this priority."
"""A log never says why a priority is another than impact and urgency make it."""

LONGEST_TITLE: Final = 250
LONGEST_TAG: Final = 50
LONGEST_NAME: Final = 200
LONGEST_CODE: Final = 64
"""Characters that HelpNest keeps; what a log has more is cut off."""

MATRIX: Final = {
    ("HIGH", "HIGH"): "CRITICAL",
    ("HIGH", "MEDIUM"): "HIGH",
    ("HIGH", "LOW"): "MODERATE",
    ("MEDIUM", "HIGH"): "HIGH",
    ("MEDIUM", "MEDIUM"): "MODERATE",
    ("MEDIUM", "LOW"): "LOW",
    ("LOW", "HIGH"): "MODERATE",
    ("LOW", "MEDIUM"): "LOW",
    ("LOW", "LOW"): "LOW",
}
"""HelpNest's default; a priority that differs from it is told as an override."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something a command names by what the log calls it: its id comes later."""

    kind: str
    name: str


Value = str | list[str] | Person | Named | None


@dataclass(frozen=True, slots=True)
class Command:
    """One mutation: its verb, its input with names in place of ids, its key."""

    verb: str
    key: str
    at: datetime
    actor: Person | None
    given: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Told:
    """An event and the commands that tell it; none where nothing changed."""

    row: int
    commands: tuple[Command, ...]


def plan(case: Case) -> Iterator[Told | Rejected]:
    """Make the commands of a case, each event compared with the last good one."""
    before: State | None = None
    for place, event in enumerate(case.events):
        if isinstance(event, Rejected):
            yield event
            continue
        opening = case.opening
        if opening is None:  # pragma: no cover - a good event has an opening
            raise AssertionError("A case with a good event has an opening.")
        key = f"replay:{case.source}:{case.key}:{place}"
        commands: list[Command] = []
        if before is None:
            commands.append(open_case(case, opening, event, key))
            before = opened_state(event.state)
        commands.extend(differences(before, event, key))
        yield Told(event.row, tuple(commands))
        before = carried(before, event.state)


def open_case(case: Case, opening: Opening, event: Event, key: str) -> Command:
    """Open the ticket with what its first event says."""
    first = event.state
    return Command(
        "createTicket",
        f"{key}:open",
        opening.opened_at,
        opening.opened_by,
        {
            "type": opening.type,
            "title": opening.title[:LONGEST_TITLE],
            "channel": opening.channel,
            "requesterId": opening.requester,
            "impact": first.impact,
            "urgency": first.urgency,
            "categoryId": named("category", first.category),
            "serviceId": named("service", first.service),
            "groupId": named("group", first.group),
            "assigneeId": first.assignee,
            "tags": ["replay", f"{case.source} {case.key}"[:LONGEST_TAG]],
        },
    )


def opened_state(first: State) -> State:
    """Say where a ticket stands once it is opened so: new, by the matrix."""
    impact, urgency = first.impact or "MEDIUM", first.urgency or "MEDIUM"
    return State(
        status="new",
        impact=impact,
        urgency=urgency,
        priority=MATRIX[impact, urgency],
        category=first.category,
        service=first.service,
        group=first.group,
        assignee=first.assignee,
    )


def differences(before: State, event: Event, key: str) -> Iterator[Command]:
    """Make the commands from where a case stood to where an event leaves it."""
    after = event.state
    for verb, given in (
        ("updateTicket", classified(before, after)),
        ("assignTicket", assigned(before, after)),
        ("transitionTicket", moved(before, event)),
    ):
        if given:
            yield Command(verb, f"{key}:{verb}", event.at, event.actor, given)


def classified(before: State, after: State) -> dict[str, Value]:
    """Say what changed of how the ticket is classified."""
    given: dict[str, Value] = {}
    if after.impact and after.impact != before.impact:
        given["impact"] = after.impact
    if after.urgency and after.urgency != before.urgency:
        given["urgency"] = after.urgency
    if after.category != before.category:
        given["categoryId"] = named("category", after.category)
    if after.service != before.service:
        given["serviceId"] = named("service", after.service)
    impact, urgency = after.impact or before.impact, after.urgency or before.urgency
    follows = MATRIX[impact or "MEDIUM", urgency or "MEDIUM"]
    was_override = before.priority != matrix_of(before)
    if after.priority and after.priority != follows:
        if after.priority != before.priority or not was_override:
            given["priorityOverride"] = after.priority
            given["priorityOverrideReason"] = OVERRIDE_REASON
    elif was_override and after.priority:
        given["priorityOverride"] = None
    return given


def matrix_of(state: State) -> str:
    """Look a state's priority up, whatever it really is."""
    return MATRIX[state.impact or "MEDIUM", state.urgency or "MEDIUM"]


def assigned(before: State, after: State) -> dict[str, Value]:
    """Say what changed of who has the ticket."""
    given: dict[str, Value] = {}
    if after.group != before.group:
        given["groupId"] = named("group", after.group)
    if after.assignee != before.assignee:
        given["assigneeId"] = after.assignee
    return given


def moved(before: State, event: Event) -> dict[str, Value]:
    """Say where the ticket went, if it went anywhere."""
    after = event.state
    if (after.status, after.hold_reason) == (before.status, before.hold_reason):
        return {}
    given: dict[str, Value] = {"toStatusKey": after.status}
    if after.hold_reason:
        given["holdReason"] = after.hold_reason
    if after.status == "resolved":
        given["resolutionCode"] = (event.resolution or NOT_RECORDED)[:LONGEST_CODE]
    elif after.status == "closed" and before.status != "resolved" and event.resolution:
        given["resolutionCode"] = event.resolution[:LONGEST_CODE]
    return given


def carried(before: State, after: State) -> State:
    """Say where a case stands after an event that need not say everything."""
    impact, urgency = after.impact or before.impact, after.urgency or before.urgency
    follows = MATRIX[impact or "MEDIUM", urgency or "MEDIUM"]
    overridden = before.priority != matrix_of(before)
    return State(
        status=after.status,
        hold_reason=after.hold_reason,
        impact=impact,
        urgency=urgency,
        priority=after.priority or (before.priority if overridden else follows),
        category=after.category,
        service=after.service,
        group=after.group,
        assignee=after.assignee,
    )


def named(kind: str, name: str | None) -> Named | None:
    """Name a group, a category or a service, if there is one."""
    return None if name is None else Named(kind, name[:LONGEST_NAME])
