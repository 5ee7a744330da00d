"""Every change leaves an event: what it was before, what it is now, who and when.

Events are written with the tickets that they are about, whenever those are flushed.
They go past the ORM: no unit of work needs them as its rows.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import event as events
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from kit.ids import new_id
from subgraphs.tickets.models import EventKind, TicketRow
from subgraphs.tickets.repository.history import Event, write_events
from subgraphs.tickets.service.act import Act

_CHANGES: Final = "changes"
_UNWRITTEN: Final = "unwritten changes"


class Change(NamedTuple):
    """An event that this unit of work has recorded, of which ticket, by what act.

    What is undone with its ``savepoint`` was never recorded.
    """

    ticket: TicketRow
    event: Event
    act: Act
    savepoint: SessionTransaction | None


def record(
    session: AsyncSession,
    ticket: TicketRow,
    act: Act,
    kind: EventKind,
    *,
    field: str | None = None,
    before: Any = None,
    after: Any = None,
    note: str | None = None,
) -> Event:
    """Add the next event of a ticket that this unit of work has locked or made."""
    ticket.history_length += 1
    event = Event(
        id=new_id("tev"),
        ticket_id=ticket.id,
        seq=ticket.history_length,
        kind=kind,
        at=act.at,
        actor_id=act.actor_id,
        via=act.via,
        field=field,
        before=before,
        after=after,
        note=note,
        request_id=act.request_id,
    )
    savepoint = session.sync_session.get_nested_transaction()
    change = Change(ticket, event, act, savepoint)
    for name in (_CHANGES, _UNWRITTEN):
        session.info.setdefault(name, []).append(change)
    return event


def taken(session: AsyncSession) -> list[Change]:
    """Take what was recorded since this was last asked, but for what was undone."""
    return session.info.pop(_CHANGES, [])


def touch(ticket: TicketRow, act: Act) -> None:
    """Say that the ticket changed: a new version, at that instant."""
    ticket.version += 1
    ticket.updated_at = max(ticket.updated_at, act.at)


@events.listens_for(Session, "after_flush")
def _write(session: Session, _: object) -> None:
    """Write events after their tickets: a ticket counts them, so it is written too."""
    changes: list[Change] = session.info.pop(_UNWRITTEN, [])
    write_events(session, [each.event for each in changes])


@events.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    for name in (_CHANGES, _UNWRITTEN):
        if name in session.info:
            kept = [each for each in session.info[name] if each.savepoint is not undone]
            session.info[name] = kept
