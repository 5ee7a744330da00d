"""What is new about a ticket's clocks → events of its history, rows, and its columns.

Everything here is done once: what the history has noted before is not noted again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.scalars import write_duration, write_instant
from subgraphs.tickets.models import EventKind, SlaState, TicketRow
from subgraphs.tickets.service import history
from subgraphs.tickets.service.act import Act, act_of_desk
from subgraphs.tickets.service.sla.clocks import Clock
from subgraphs.tickets.service.sla.timeline import Mode, Notes

SEVERITY: Final = list(SlaState)
Written = dict[str, Any]


def put_on(ticket: TicketRow, clocks: Sequence[Clock]) -> None:
    """Set the columns of a ticket that are made of its clocks."""
    live = [each for each in clocks if each.stopped_at is None and each.mode]
    states = (each.state for each in clocks)
    ticket.sla_state = min(states, key=SEVERITY.index, default=None)
    ticket.sla_due_at = earliest(each.due_at for each in live)
    ticket.sla_next_at = earliest(each.next_at for each in clocks)


def earliest(instants: Any) -> datetime | None:
    """Give the first of some instants that may be none."""
    return min((each for each in instants if each is not None), default=None)


def columns_of(clock: Clock) -> Written:
    """Write a clock's row, but for whose it is and to whom it was escalated."""
    return {
        "target": clock.target.value,
        "policy_id": clock.policy_id,
        "state": clock.state.value,
        "goal": clock.goal,
        "elapsed": clock.elapsed,
        "since": clock.since,
        "due_at": clock.due_at,
        "warned_at": clock.warned_at,
        "breached_at": clock.breached_at,
        "stopped_at": clock.stopped_at,
    }


class Noting:
    """One clock, what its history has of it, and what that lacks."""

    def __init__(
        self,
        session: AsyncSession,
        ticket: TicketRow,
        act: Act,
        clock: Clock,
        notes: Notes,
    ) -> None:
        self.session = session
        self.ticket = ticket
        self.act = act
        self.clock = clock
        self.notes = notes

    @property
    def is_to_escalate(self) -> bool:
        """Say whether its breach is to be made known, and was not yet."""
        clock, known = self.clock, self.notes.escalated_at is not None
        breached = clock.breached_at is not None and clock.escalates
        return breached and self.ticket.group_id is not None and not known

    def row(self, leads: Mapping[str, str | None]) -> Written:
        """Record what is new, and say how the clock stands now.

        ``leads`` says who leads the groups, as far as that is known here.
        """
        self._progress()
        self._lateness()
        if self.is_to_escalate:
            self._escalate(leads)
        clock, escalation = self.clock, self.notes.escalation
        return {
            "ticket_id": self.ticket.id,
            **columns_of(clock),
            "escalated_at": self.notes.escalated_at,
            "escalated_group_id": escalation.get("groupId"),
            "escalated_to_id": escalation.get("leadId"),
        }

    def _progress(self) -> None:
        """Record that it was started, paused or resumed, by whoever did that."""
        clock, was = self.clock, self.notes.mode
        promised = {
            "policyId": clock.policy_id,
            "goal": write_duration(clock.goal),
            "dueAt": clock.due_at and write_instant(clock.due_at),
        }
        if was is None:
            self._record(EventKind.SLA_STARTED, self.act, promised)
            was = Mode.RUNNING
        if clock.mode is Mode.PAUSED and was is not Mode.PAUSED:
            self._record(EventKind.SLA_PAUSED, self.act, promised)
        elif clock.mode is Mode.RUNNING and was is not Mode.RUNNING:
            self._record(EventKind.SLA_RESUMED, self.act, promised)

    def _lateness(self) -> None:
        """Record a warning, a breach and its escalation, which nobody does."""
        clock, notes = self.clock, self.notes
        said = {"policyId": clock.policy_id, "goal": write_duration(clock.goal)}
        if clock.warned_at is not None and notes.warned_at is None:
            due = clock.due_at and write_instant(clock.due_at)
            self._record(
                EventKind.SLA_WARNED,
                self._desk(clock.warned_at),
                {**said, "dueAt": due},
            )
        if clock.breached_at is not None and notes.breached_at is None:
            self._record(EventKind.SLA_BREACHED, self._desk(clock.breached_at), said)

    def _escalate(self, leads: Mapping[str, str | None]) -> None:
        """Record to whom a breach is made known: at once, or when a group gets it."""
        notes, group_id = self.notes, self.ticket.group_id
        late = notes.breached_at is not None or self.clock.breached_at is None
        at = self.act.at if late else self.clock.breached_at
        notes.escalated_at = at
        notes.escalation = {"groupId": group_id, "leadId": leads.get(group_id or "")}
        self._record(
            EventKind.SLA_ESCALATED, self._desk(at or self.act.at), notes.escalation
        )

    def _desk(self, at: datetime) -> Act:
        return replace(act_of_desk(self.act.noted_at), at=at)

    def _record(self, kind: EventKind, act: Act, after: Mapping[str, Any]) -> None:
        history.record(
            self.session,
            self.ticket,
            act,
            kind,
            field=self.clock.target.value,
            after=dict(after),
        )
