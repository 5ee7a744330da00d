"""After a change: the clocks of the tickets it touched are read anew and written.

`settle` belongs at the end of every unit of work that records events; whatever
changes a ticket leaves an event, and the events say which clocks to look at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import EventKind, StatusCategory, TicketRow, Via
from subgraphs.tickets.repository import sla
from subgraphs.tickets.service import history
from subgraphs.tickets.service.act import CLOCK_SKEW, Act
from subgraphs.tickets.service.sla.clocks import clocks_at
from subgraphs.tickets.service.sla.note import Noting, put_on
from subgraphs.tickets.service.sla.policies import Promises
from subgraphs.tickets.service.sla.promises import promises_at
from subgraphs.tickets.service.sla.timeline import Notes, Stand, Told, timeline_of

NO_RESPONSE: Final = frozenset({StatusCategory.NEW, StatusCategory.CANCELLED})
"""Nobody has answered by leaving a ticket in these, or by giving it up."""


@dataclass(slots=True)
class Case:
    """A ticket whose clocks are to be read, by what act, and what is yet unwritten."""

    ticket: TicketRow
    act: Act
    pending: list[Told] = field(default_factory=list[Told])
    retold: bool = False
    """It is read as of its last event: what came after that is yet to be told."""

    @property
    def is_new(self) -> bool:
        """Say whether this unit of work opened it."""
        return any(event.kind is EventKind.CREATED for event in self.pending)


async def settle(session: AsyncSession) -> None:
    """Read anew the clocks of all tickets of which something was recorded.

    It costs one statement where nothing is promised to anybody, another where clocks
    are written, and none where no event counts for them.
    """
    cases = await changed(session)
    if not cases:
        return
    with session.no_autoflush:
        if all(case.is_new for case in cases):
            revision, rows = await sla.revision(session), []
        else:
            keys = [case.ticket.id for case in cases if not case.is_new]
            revision, rows = await sla.histories(session, keys)
    await read_anew(session, cases, revision, rows)


async def changed(session: AsyncSession) -> list[Case]:
    """Gather the tickets of which something was recorded that counts for clocks."""
    cases: dict[int, Case] = {}
    counting: set[int] = set()
    for ticket, event, act, _ in history.taken(session):
        if inspect(ticket).expired:  # a part of this unit of work was undone
            await session.refresh(ticket)
        case = cases.setdefault(id(ticket), Case(ticket, act))
        case.act = act
        case.pending.append(event)
        if event.field in sla.COUNTING_FIELDS or event.kind in sla.COUNTING_KINDS:
            counting.add(id(ticket))
        if answers(ticket, event):
            note_first_response(ticket, act.at)
    found = [case for key, case in cases.items() if key in counting]
    for case in found:
        told = case.act.via is Via.IMPORT
        told = told and case.act.at < case.act.noted_at - CLOCK_SKEW
        case.ticket.sla_told_at = case.act.noted_at if told else None
    return found


def answers(ticket: TicketRow, event: Told) -> bool:
    """Say whether a step is somebody's first answer: work has begun, or is done."""
    moved = event.field == "status" and event.kind is not EventKind.REOPENED
    return event.kind is EventKind.RESPONDED or (
        moved and ticket.status_category not in NO_RESPONSE
    )


def note_first_response(ticket: TicketRow, at: datetime) -> None:
    """Note when a ticket was first answered, once and for all."""
    if ticket.first_responded_at is None:
        ticket.first_responded_at = at


async def read_anew(
    session: AsyncSession,
    cases: Sequence[Case],
    revision: int,
    rows: Iterable[Any],
) -> None:
    """Read and write the clocks of some tickets, whose old events are given."""
    told: dict[str, dict[int, Told]] = {case.ticket.id: {} for case in cases}
    for row in rows:
        told[row.ticket_id][row.seq] = row
    for case in cases:
        told[case.ticket.id].update({event.seq: event for event in case.pending})
    with session.no_autoflush:
        promises = await promises_at(session, revision, statuses_of(told.values()))
    notings: list[Noting] = []
    for case in cases:
        events = told[case.ticket.id]
        in_order = [events[seq] for seq in sorted(events)]
        notings.extend(read_case(session, case, in_order, promises))
    with session.no_autoflush:
        leads = await leads_for(session, notings)
    written = [each.row(leads) for each in notings]
    history.taken(session)  # what clocks have noted is settled with them
    await session.flush()
    await sla.keep_clocks(session, written)


def statuses_of(histories: Iterable[Mapping[int, Told]]) -> frozenset[str]:
    """Name the statuses that histories speak of."""
    return frozenset(
        side["status"]
        for events in histories
        for event in events.values()
        if event.field == "status"
        for side in (event.before, event.after)
    )


async def leads_for(
    session: AsyncSession, notings: Iterable[Noting]
) -> Mapping[str, str | None]:
    """Find who leads the groups to which a breach is to be made known, if any is."""
    groups = {each.ticket.group_id for each in notings if each.is_to_escalate}
    return await sla.leads(session, groups) if groups else {}


def read_case(
    session: AsyncSession, case: Case, events: Sequence[Told], promises: Promises
) -> list[Noting]:
    """Read a ticket's clocks, put them on it, and say what is to be noted of each."""
    ticket = case.ticket
    ticket.sla_revision = promises.revision
    if not promises.known:
        return []
    timeline = timeline_of(
        stand_of(ticket),
        events,
        promises.categories,
        requester_id=ticket.requester_id,
        responded_at=ticket.first_responded_at,
    )
    act = case.act
    if case.retold:
        act = replace(act, at=timeline.stands[-1].at)
    clocks = clocks_at(timeline, promises, act.at)
    put_on(ticket, clocks)
    return [
        Noting(session, ticket, act, clock, timeline.notes.get(clock.target, Notes()))
        for clock in clocks
    ]


def stand_of(ticket: TicketRow) -> Stand:
    """Say how a ticket stands now."""
    return Stand(
        at=ticket.updated_at,
        category=ticket.status_category,
        hold_reason=ticket.hold_reason,
        priority=ticket.priority,
        type=ticket.type,
        category_id=ticket.category_id,
        service_id=ticket.service_id,
        group_id=ticket.group_id,
    )
