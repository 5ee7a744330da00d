"""What goes by the calendar, the kinds of solution, and the priority matrix."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.ids import new_id
from kit.scalars import write_duration
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_CODE,
    LONGEST_NAME,
    HoldReason,
    Impact,
    LifecycleRow,
    Priority,
    PriorityRow,
    ResolutionCodeRow,
    SettingSubject,
    TicketType,
    Urgency,
)
from subgraphs.tickets.repository import workflow as stored
from subgraphs.tickets.service import setting_log, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.statuses import types_of

LONGEST: Final = timedelta(days=3_660)
NAMES: Final = {"reopen_within": "reopenWithin", "close_after": "closeAfter"}


async def configure_lifecycle(
    session: AsyncSession, act: Act, given: Mapping[str, Any]
) -> LifecycleRow:
    """Set how long tickets may be reopened, when they close, and what replies do.

    It holds for all tickets, those too that ended before.

    Raises:
        RejectedError: FORBIDDEN, INVALID for a time below zero or above ten years, or
            REQUIRED for a null where there must be a list, or yes or no.

    """
    setting_log.refuse_strangers(act)
    row = await stored.lock_settings(session)
    for column, name in NAMES.items():
        if column not in given:
            continue
        time = given[column]
        if time is not None and not timedelta(0) <= time <= LONGEST:
            raise RejectedError(
                Code.INVALID, "It is a time of at most ten years.", ("input", name)
            )
        before = getattr(row, column)
        setattr(row, column, time)
        setting_log.note(
            session,
            act,
            SettingSubject.LIFECYCLE,
            name,
            before=None if before is None else write_duration(before),
            after=None if time is None else write_duration(time),
        )
    if "resume_on_reply" in given:
        set_resuming(session, act, row, given["resume_on_reply"])
    if "reopen_on_reply" in given:
        set_reopening(session, act, row, wanted=given["reopen_on_reply"])
    return row


def set_resuming(
    session: AsyncSession,
    act: Act,
    row: LifecycleRow,
    reasons: Sequence[HoldReason] | None,
) -> None:
    """Set for which hold reasons a reply takes a ticket off hold.

    Raises:
        RejectedError: REQUIRED.

    """
    if reasons is None:
        raise RejectedError(
            Code.REQUIRED, "It is a list of hold reasons.", ("input", "resumeOnReply")
        )
    before = row.resume_on_reply
    row.resume_on_reply = sorted({each.value for each in reasons})
    setting_log.note(
        session,
        act,
        SettingSubject.LIFECYCLE,
        "resumeOnReply",
        before=before,
        after=row.resume_on_reply,
    )


def set_reopening(
    session: AsyncSession, act: Act, row: LifecycleRow, *, wanted: bool | None
) -> None:
    """Set whether a reply reopens what is resolved.

    Raises:
        RejectedError: REQUIRED.

    """
    if wanted is None:
        raise RejectedError(
            Code.REQUIRED, "It is true or false.", ("input", "reopenOnReply")
        )
    before, row.reopen_on_reply = row.reopen_on_reply, wanted
    setting_log.note(
        session,
        act,
        SettingSubject.LIFECYCLE,
        "reopenOnReply",
        before=before,
        after=wanted,
    )


async def create_resolution_code(
    session: AsyncSession,
    act: Act,
    *,
    code: str,
    name: str,
    applies_to: list[TicketType] | None,
) -> ResolutionCodeRow:
    """Add a kind of solution.

    Raises:
        RejectedError: FORBIDDEN, TAKEN with the one that has this code, or a text
            that cannot be kept.

    """
    setting_log.refuse_strangers(act)
    code = texts.line(code, "code", LONGEST_CODE)
    name = texts.line(name, "name", LONGEST_NAME)
    await stored.lock_settings(session)
    taken = await stored.code_by(session, code)
    if taken is not None:
        raise RejectedError(
            Code.TAKEN, "This code is taken.", ("input", "code"), current=taken.id
        )
    row = ResolutionCodeRow(
        id=new_id("rsc"), code=code, name=name, applies_to=types_of(applies_to)
    )
    session.add(row)
    setting_log.note(
        session, act, SettingSubject.RESOLUTION_CODE, code, before=None, after=said(row)
    )
    return row


async def update_resolution_code(
    session: AsyncSession, act: Act, code_id: str, given: Mapping[str, Any]
) -> ResolutionCodeRow:
    """Rename a kind of solution, say where it applies, retire it or take it back.

    Tickets that were solved with it keep it.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, or a name that cannot be kept.

    """
    setting_log.refuse_strangers(act)
    row = await session.get(ResolutionCodeRow, code_id, with_for_update=True)
    if row is None:
        raise RejectedError(Code.NOT_FOUND, "There is no such code.", ("input", "id"))
    before = said(row)
    if "name" in given:
        row.name = texts.line(given["name"], "name", LONGEST_NAME)
    if given.get("applies_to") is not None:
        row.applies_to = types_of(given["applies_to"])
    if given.get("retired") is not None:
        row.retired_at = (row.retired_at or act.noted_at) if given["retired"] else None
    setting_log.note(
        session,
        act,
        SettingSubject.RESOLUTION_CODE,
        row.code,
        before=before,
        after=said(row),
    )
    return row


async def set_priority(
    session: AsyncSession, act: Act, impact: Impact, urgency: Urgency, wanted: Priority
) -> PriorityRow:
    """Set one cell of the matrix; tickets keep the priority they have.

    Raises:
        RejectedError: FORBIDDEN.

    """
    setting_log.refuse_strangers(act)
    cell = await stored.priority_cell(session, impact, urgency)
    before, cell.priority = cell.priority, wanted
    setting_log.note(
        session,
        act,
        SettingSubject.PRIORITY,
        f"{impact.value} impact, {urgency.value} urgency",
        before=before.value,
        after=wanted.value,
    )
    return cell


def said(row: ResolutionCodeRow) -> dict[str, Any]:
    """Write a kind of solution as the log of settings has it."""
    return {
        "name": row.name,
        "appliesTo": row.applies_to,
        "retired": row.retired_at is not None,
    }
