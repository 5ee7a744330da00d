"""Moving a ticket through the workflow, whose steps are data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    ENDED,
    LONGEST_CODE,
    LONGEST_NOTES,
    EventKind,
    HoldReason,
    StatusCategory,
    TicketRow,
    Via,
)
from subgraphs.tickets.repository import due, workflow, writes
from subgraphs.tickets.repository.blockers import blocking
from subgraphs.tickets.repository.history import Event
from subgraphs.tickets.service import blockers, history, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.lock import take


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a ticket is to go, and what the caller says about it."""

    to_status_key: str
    hold_reason: HoldReason | None = None
    resolution_code: str | None = None
    resolution_notes: str | None = None
    note: str | None = None


INPUTS: Final[dict[str, Callable[[Step], object]]] = {
    "holdReason": lambda step: step.hold_reason,
    "resolutionCode": lambda step: (step.resolution_code or "").strip(),
    "resolutionNotes": lambda step: (step.resolution_notes or "").strip(),
    "note": lambda step: (step.note or "").strip(),
}
"""What a transition's ``required_fields`` may name."""


async def transition_ticket(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    step: Step,
) -> tuple[TicketRow, Event]:
    """Move a ticket to another status, or on hold to another reason.

    Raises:
        RejectedError: what `take` says, NOT_FOUND for the status, INVALID_TRANSITION,
            REQUIRED for an input the step demands, INVALID for one it has no use for,
            REOPEN_WINDOW_OVER, or what `blockers.refuse` says.

    """
    ticket = await take(session, act, ticket_id, expected_version, policy.can_edit)
    way = await writes.way_between(
        session, ticket.type, ticket.status_id, step.to_status_key
    )
    if way is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such status.", ("input", "toStatusKey")
        )
    if not policy.can_move(
        act.caller, ticket, ticket.status_category, way.target_category
    ):
        raise RejectedError(
            Code.FORBIDDEN,
            "You may not move the ticket there.",
            ("input", "toStatusKey"),
        )
    step = checked(step, ticket, way)
    await check_resolution_code(session, act, ticket, step)
    await refuse_late_reopening(session, act, ticket, way)
    blockers.refuse(await blocking(session, ticket.id, way.checks or ()))
    return ticket, move(session, ticket, act, step, way)


def checked(step: Step, ticket: TicketRow, way: writes.Way) -> Step:
    """Check a step against the workflow, and the texts that come with it.

    Raises:
        RejectedError: INVALID_TRANSITION, REQUIRED, INVALID, TOO_LONG.

    """
    category = way.target_category
    if way.required_fields is None or ticket.type.value not in way.applies_to:
        raise RejectedError(
            Code.INVALID_TRANSITION,
            f"There is no step from here to {way.target_name!r}.",
            ("input", "toStatusKey"),
        )
    for name in way.required_fields:
        if not INPUTS[name](step):
            raise RejectedError(
                Code.REQUIRED, f"This step takes {name}.", ("input", name)
            )
    if step.hold_reason and category is not StatusCategory.ON_HOLD:
        raise RejectedError(
            Code.INVALID, "Only on hold is there a reason.", ("input", "holdReason")
        )
    if category is StatusCategory.ON_HOLD and step.hold_reason is ticket.hold_reason:
        raise RejectedError(
            Code.INVALID_TRANSITION,
            "It waits for this already.",
            ("input", "holdReason"),
        )
    code = step.resolution_code
    if code and category not in {StatusCategory.RESOLVED, StatusCategory.CLOSED}:
        raise RejectedError(
            Code.INVALID, "Only a solution has a code.", ("input", "resolutionCode")
        )
    refuse_lost_notes(step, category)
    return Step(
        to_status_key=step.to_status_key,
        hold_reason=step.hold_reason,
        resolution_code=texts.line(code, "resolutionCode", LONGEST_CODE)
        if code
        else None,
        resolution_notes=texts.prose(
            step.resolution_notes, "resolutionNotes", LONGEST_NOTES
        ),
        note=texts.prose(step.note, "note", LONGEST_NOTES),
    )


def refuse_lost_notes(step: Step, category: StatusCategory) -> None:
    """Refuse notes on a solution where there is none to keep them with.

    Raises:
        RejectedError: INVALID, or REQUIRED for the code that they belong to.

    """
    if step.resolution_code or not (step.resolution_notes or "").strip():
        return
    if category not in {StatusCategory.RESOLVED, StatusCategory.CLOSED}:
        raise RejectedError(
            Code.INVALID, "Only a solution has notes.", ("input", "resolutionNotes")
        )
    raise RejectedError(
        Code.REQUIRED, "Notes are kept with a code.", ("input", "resolutionCode")
    )


async def check_resolution_code(
    session: AsyncSession, act: Act, ticket: TicketRow, step: Step
) -> None:
    """Check a code against those configured, where there are any for this type.

    What an import retells was said elsewhere.

    Raises:
        RejectedError: INVALID.

    """
    if step.resolution_code is None or act.via is Via.IMPORT:
        return
    codes = await workflow.codes_for(session, ticket.type)
    if codes and step.resolution_code not in codes:
        raise RejectedError(
            Code.INVALID,
            f"It is one of: {', '.join(codes)}.",
            ("input", "resolutionCode"),
        )


async def refuse_late_reopening(
    session: AsyncSession, act: Act, ticket: TicketRow, way: writes.Way
) -> None:
    """Refuse to reopen what ended too long ago, but for what an import retells.

    Raises:
        RejectedError: REOPEN_WINDOW_OVER.

    """
    kind = meaning(ticket.status_category, way.target_category)
    if kind is not EventKind.REOPENED or act.via is Via.IMPORT:
        return
    within = (await due.lifecycle(session)).reopen_within
    late = blockers.too_late(act.caller, ticket.ended_at, within, act.at)
    if late is not None:
        raise RejectedError(Code.REOPEN_WINDOW_OVER, late, ("input", "toStatusKey"))


def move(
    session: AsyncSession,
    ticket: TicketRow,
    act: Act,
    step: Step,
    way: writes.Way,
) -> Event:
    """Take a step that was checked, and record it as what it means."""
    category = way.target_category
    kind = meaning(ticket.status_category, category)
    before = {"status": way.source_key, "holdReason": said(ticket.hold_reason)}
    ticket.status_id, ticket.status_category = way.target_id, category
    ticket.hold_reason = step.hold_reason
    resolved = category is StatusCategory.RESOLVED
    ticket.resolution_noted_at = act.noted_at if resolved else None
    after = {"status": step.to_status_key, "holdReason": said(ticket.hold_reason)}
    if category not in ENDED:
        ticket.ended_at = None
    elif ticket.ended_at is None:
        ticket.ended_at = act.at
    if kind is EventKind.REOPENED:
        ticket.reopen_count += 1
        ticket.resolved_at = ticket.closed_at = None
        ticket.resolution_code = ticket.resolution_notes = None
        ticket.resolved_by_id = None
    if resolved:
        ticket.resolved_at = act.at
    if step.resolution_code:
        ticket.resolved_at = ticket.resolved_at or act.at
        ticket.resolved_by_id = act.person_id
        ticket.resolution_code = after["resolutionCode"] = step.resolution_code
        ticket.resolution_notes = step.resolution_notes
    if category is StatusCategory.CLOSED:
        ticket.closed_at = act.at
    history.touch(ticket, act)
    return history.record(
        session,
        ticket,
        act,
        kind,
        field="status",
        before=before,
        after=after,
        note=step.note,
    )


def meaning(source: StatusCategory, target: StatusCategory) -> EventKind:
    """Say what a move means.

    >>> meaning(StatusCategory.RESOLVED, StatusCategory.IN_PROGRESS).value
    'REOPENED'
    >>> meaning(StatusCategory.RESOLVED, StatusCategory.CLOSED).value
    'CLOSED'
    """
    if target is StatusCategory.RESOLVED:
        return EventKind.RESOLVED
    if target is StatusCategory.CLOSED:
        return EventKind.CLOSED
    if source in ENDED and target not in ENDED:
        return EventKind.REOPENED
    return EventKind.STATUS_CHANGED


def said(reason: HoldReason | None) -> str | None:
    """Write a hold reason as the history's JSON has it."""
    return None if reason is None else reason.value
