"""The clocks of a life, and what they noted in its history while it lasted.

By the desk's own arithmetic: asked to read the clocks anew, it finds them as they are
here, and nothing to note. Pure, as the lives are.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpnest.demo.large.lives import Life, Row
from kit.scalars import write_duration, write_instant
from subgraphs.tickets.models import (
    ENDED,
    EventKind,
    HoldReason,
    Priority,
    StatusCategory,
    TicketRow,
    TicketType,
)
from subgraphs.tickets.repository.sla import Past
from subgraphs.tickets.service.sla.clocks import Clock, clocks_at
from subgraphs.tickets.service.sla.note import columns_of, put_on
from subgraphs.tickets.service.sla.policies import Promises
from subgraphs.tickets.service.sla.timeline import (
    CHANGED,
    Mode,
    Stand,
    Timeline,
    timeline_of,
)

READ: Final = ("at", "actor_id", "field", "before", "after")
COLUMNS: Final = ("sla_state", "sla_due_at", "sla_next_at")
NO_ID: Final = ""
"""Of a ticket that is not written yet."""
NOT_ESCALATED: Final = dict[str, None].fromkeys(
    ("escalated_at", "escalated_group_id", "escalated_to_id")
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A note, and how many of the life's events come before it."""

    place: int
    event: Row


def read_clocks(
    life: Life, promises: Promises, leads: Mapping[str, str | None], now: datetime
) -> list[Row]:
    """Put its clocks on a ticket, their notes into its history; give their rows.

    ``leads`` says who leads each group.
    """
    row = life.ticket
    row["sla_revision"] = promises.revision
    row.update(dict.fromkeys(COLUMNS))
    if not promises.known:
        return []
    events = [
        Past(NO_ID, n, EventKind(each["kind"]), *(each[name] for name in READ))
        for n, each in enumerate(life.events, 1)
    ]
    timeline = timeline_of(
        stand_of(row),
        events,
        promises.categories,
        requester_id=row["requester_id"],
        responded_at=row["first_responded_at"],
    )
    clocks = clocks_at(timeline, promises, now)
    ticket = TicketRow()
    put_on(ticket, clocks)
    row["sla_state"] = ticket.sla_state and ticket.sla_state.value
    row["sla_due_at"], row["sla_next_at"] = ticket.sla_due_at, ticket.sla_next_at
    notes = list(progress(events, timeline, promises))
    written: list[Row] = []
    for clock in clocks:
        escalated = escalation(clock, events, leads)
        notes += lateness(clock, events, escalated)
        written.append(columns_of(clock) | (escalated or NOT_ESCALATED))
    put_in(life, notes)
    return written


def stand_of(row: Row) -> Stand:
    """Say how a ticket stands at the end."""
    reason = row["hold_reason"]
    return Stand(
        at=row["updated_at"],
        category=StatusCategory(row["status_category"]),
        hold_reason=reason and HoldReason(reason),
        priority=Priority(row["priority"]),
        type=TicketType(row["type"]),
        category_id=row["category_id"],
        service_id=row["service_id"],
        group_id=row["group_id"],
    )


def progress(
    events: Sequence[Past], timeline: Timeline, promises: Promises
) -> Iterator[Noted]:
    """Note where clocks were started, paused and resumed, by whoever did that."""
    modes: dict[str, Mode] = {}
    by_group = any(policy.group_ids for policy in promises.in_force)
    stands = 0
    for place, event in enumerate(events, 1):
        stands += event.kind is EventKind.CREATED or event.field in {"status", *CHANGED}
        if ends(event, promises):
            modes = dict.fromkeys(modes, Mode.STOPPED)
        if ends(event, promises) or not matters(event, by_group=by_group):
            continue
        for clock in clocks_at(until(timeline, stands, event.at), promises, event.at):
            for kind in steps_of(modes.get(clock.target.value), clock.mode):
                yield Noted(place, note(kind, clock, event.at, event.actor_id))
                modes[clock.target.value] = (
                    Mode.PAUSED if kind is EventKind.SLA_PAUSED else Mode.RUNNING
                )


def ends(event: Past, promises: Promises) -> bool:
    """Say whether a ticket came to its end with this event."""
    moved = event.field == "status"
    return moved and promises.categories[event.after["status"]] in ENDED


def matters(event: Past, *, by_group: bool) -> bool:
    """Say whether a clock may do something else from here on."""
    if event.field == "status":
        held = event.before["holdReason"] or event.after["holdReason"]
        return event.kind is EventKind.REOPENED or bool(held)
    return event.kind is EventKind.CREATED or (by_group and event.field == "groupId")


def until(timeline: Timeline, stands: int, at: datetime) -> Timeline:
    """Cut a timeline off after an event; its notes are what is being made."""
    answered = timeline.responded_at
    return Timeline(
        stands=timeline.stands[:stands],
        responded_at=answered if answered is not None and answered <= at else None,
        updates=[each for each in timeline.updates if each <= at],
        notes={},
    )


def steps_of(was: Mode | None, mode: Mode | None) -> Iterator[EventKind]:
    """Say what is noted of a clock that was last seen doing one thing, and does one."""
    if was is None:
        yield EventKind.SLA_STARTED
        was = Mode.RUNNING
    if mode is Mode.PAUSED and was is not Mode.PAUSED:
        yield EventKind.SLA_PAUSED
    elif mode is Mode.RUNNING and was is not Mode.RUNNING:
        yield EventKind.SLA_RESUMED


def note(
    kind: EventKind, clock: Clock, at: datetime, actor_id: str | None, **more: object
) -> Row:
    """Write a note of a clock, as the history has it."""
    after: Row = {"policyId": clock.policy_id, "goal": write_duration(clock.goal)}
    if kind not in {EventKind.SLA_BREACHED, EventKind.SLA_ESCALATED}:
        after["dueAt"] = clock.due_at and write_instant(clock.due_at)
    return {
        "kind": kind.value,
        "at": at,
        "actor_id": actor_id,
        "via": "IMPORT" if actor_id else "AUTOMATION",
        "field": clock.target.value,
        "before": None,
        "after": more if kind is EventKind.SLA_ESCALATED else after,
    }


def lateness(
    clock: Clock, events: Sequence[Past], escalated: Row | None
) -> Iterator[Noted]:
    """Note a warning, a breach and its escalation, which nobody did."""
    instants = [event.at for event in events]

    def noted(kind: EventKind, at: datetime, **more: object) -> Noted:
        return Noted(bisect_right(instants, at), note(kind, clock, at, None, **more))

    if clock.warned_at is not None:
        yield noted(EventKind.SLA_WARNED, clock.warned_at)
    if clock.breached_at is not None:
        yield noted(EventKind.SLA_BREACHED, clock.breached_at)
    if escalated is not None:
        group, lead = escalated["escalated_group_id"], escalated["escalated_to_id"]
        at: datetime = escalated["escalated_at"]
        yield noted(EventKind.SLA_ESCALATED, at, groupId=group, leadId=lead)


def escalation(
    clock: Clock, events: Sequence[Past], leads: Mapping[str, str | None]
) -> Row | None:
    """Say to whom a breach was made known: at once, or when a group got the ticket."""
    if clock.breached_at is None or not clock.escalates:
        return None
    at, group = clock.breached_at, None
    for event in events:
        if event.field == "groupId" and (event.at <= clock.breached_at or not group):
            at, group = max(event.at, clock.breached_at), event.after
    if group is None:
        return None
    return {
        "escalated_at": at,
        "escalated_group_id": group,
        "escalated_to_id": leads.get(group),
    }


def put_in(life: Life, notes: Sequence[Noted]) -> None:
    """Put notes where they belong in the history, and number it anew."""
    whole: list[tuple[int, datetime, Row]] = [
        (place, event["at"], event) for place, event in enumerate(life.events, 1)
    ]
    whole += [(each.place, each.event["at"], each.event) for each in notes]
    whole.sort(key=lambda each: each[:2])  # stable: an event before its notes
    life.events[:] = [event for _, _, event in whole]
    for seq, event in enumerate(life.events, 1):
        event["seq"] = seq
    life.ticket["history_length"] = len(life.events)
