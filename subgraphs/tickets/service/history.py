"""Every change leaves an event: what it was before, what it is now, who and when."""

from typing import Any, Final, NamedTuple

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import new_id
from subgraphs.tickets.models import EventKind, EventRow, TicketRow
from subgraphs.tickets.service.act import Act

_CHANGES: Final = "changes"


class Change(NamedTuple):
    """An event that this unit of work has recorded, of which ticket, by what act."""

    ticket: TicketRow
    event: EventRow
    act: Act


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
) -> EventRow:
    """Add the next event of a ticket that this unit of work has locked or made."""
    ticket.history_length += 1
    event = EventRow(
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
    session.add(event)
    session.info.setdefault(_CHANGES, []).append(Change(ticket, event, act))
    return event


def taken(session: AsyncSession) -> list[Change]:
    """Take what was recorded since this was last asked, but for what was undone."""
    changes: list[Change] = session.info.pop(_CHANGES, [])
    return [each for each in changes if inspect(each.event).session is not None]


def touch(ticket: TicketRow, act: Act) -> None:
    """Say that the ticket changed: a new version, at that instant."""
    ticket.version += 1
    ticket.updated_at = max(ticket.updated_at, act.at)
