"""Changing what a ticket is by its type, and its type."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NOTES,
    ApprovalState,
    EventKind,
    StatusRow,
    TicketRow,
    TicketType,
)
from subgraphs.tickets.repository.history import Event
from subgraphs.tickets.service import details, history, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.details import Given, Subject
from subgraphs.tickets.service.lock import take


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a consent stands, and why."""

    state: ApprovalState
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """What a ticket is to be, and why."""

    type: TicketType
    details: Given
    note: str | None = None


async def update_details(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    given: Given,
) -> tuple[TicketRow, Event | None]:
    """Change what a ticket has by its type; each field that changes is an event.

    Another catalogue item asks for consent anew, where it needs some.

    Raises:
        RejectedError: what `take` and `details.checked` say.

    """
    ticket = await take(session, act, ticket_id, expected_version, policy.can_work)
    before: dict[str, Any] = ticket.details or {}
    subject = Subject(ticket.type, before, ticket.id)
    after = await details.checked(session, act, subject, given)
    event = None
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) == after.get(name):
            continue
        event = history.record(
            session,
            ticket,
            act,
            EventKind.FIELD_CHANGED,
            field=f"details.{name}",
            before=before.get(name),
            after=after.get(name),
        )
    if event is None:
        return ticket, None
    ticket.details = after or None
    if before.get("catalogItem") != after.get("catalogItem"):
        item = await details.item_of(session, after)
        event = decide(session, ticket, act, details.consent_for(item)) or event
    history.touch(ticket, act)
    return ticket, event


async def reclassify_ticket(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    wanted: Classification,
) -> tuple[TicketRow, Event | None]:
    """Make a ticket one of another type: its number stays, its details are new.

    What it had as its old type stands in the event.

    Raises:
        RejectedError: what `take` and `details.checked` say, INVALID where the type
            is the same or has no such status.

    """
    ticket = await take(session, act, ticket_id, expected_version, policy.can_work)
    kind, note = wanted.type, texts.prose(wanted.note, "note", LONGEST_NOTES)
    if ticket.type is kind:
        raise RejectedError(
            Code.INVALID, "It is of this type already.", ("input", "type")
        )
    status = await session.get_one(StatusRow, ticket.status_id)
    if kind.value not in status.applies_to:
        raise RejectedError(
            Code.INVALID,
            f"No {kind.value} is in the status {status.name!r}: move it first.",
            ("input", "type"),
        )
    before, had = ticket.type, ticket.details
    subject = Subject(kind, {}, ticket.id)
    after = await details.checked(session, act, subject, wanted.details)
    ticket.type, ticket.details = kind, after or None
    event = history.record(
        session,
        ticket,
        act,
        EventKind.FIELD_CHANGED,
        field="type",
        before=before.value,
        after=kind.value,
        note=note,
    )
    if had or after:
        event = history.record(
            session,
            ticket,
            act,
            EventKind.FIELD_CHANGED,
            field="details",
            before=had,
            after=after or None,
        )
    if kind is TicketType.SERVICE_REQUEST:
        item = await details.item_of(session, after)
        event = decide(session, ticket, act, details.consent_for(item)) or event
    history.touch(ticket, act)
    return ticket, event


async def record_approval(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    decision: Decision,
) -> tuple[TicketRow, Event | None]:
    """Note what became of the consent that a ticket waits for.

    Raises:
        RejectedError: what `take` says, INVALID where no consent is needed.

    """
    ticket = await take(
        session, act, ticket_id, expected_version, policy.can_record_approval
    )
    note = texts.prose(decision.note, "note", LONGEST_NOTES)
    if ticket.approval_state is None:
        raise RejectedError(
            Code.INVALID, "It needs nobody's consent.", ("input", "state")
        )
    event = decide(session, ticket, act, decision.state, note=note)
    if event is not None:
        history.touch(ticket, act)
    return ticket, event


def decide(
    session: AsyncSession,
    ticket: TicketRow,
    act: Act,
    state: ApprovalState | None,
    *,
    note: str | None = None,
) -> Event | None:
    """Put a ticket's consent where it is now, if that is another place."""
    before = ticket.approval_state
    if state is before:
        return None
    ticket.approval_state = state
    return history.record(
        session,
        ticket,
        act,
        EventKind.FIELD_CHANGED,
        field="approvalState",
        before=None if before is None else before.value,
        after=None if state is None else state.value,
        note=note,
    )
