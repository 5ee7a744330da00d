"""Adding, renaming and retiring statuses inside the fixed categories."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.ids import new_id
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NAME,
    SettingSubject,
    StatusCategory,
    StatusRow,
    TicketType,
)
from subgraphs.tickets.repository import workflow as stored
from subgraphs.tickets.service import setting_log, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.transitions import check_workflow

KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")


async def create_status(
    session: AsyncSession,
    act: Act,
    *,
    key: str,
    name: str,
    category: StatusCategory,
    applies_to: Sequence[TicketType] | None,
) -> StatusRow:
    """Add a status behind the others of its category; no step leads there yet.

    Raises:
        RejectedError: FORBIDDEN, TAKEN with the status that has this key, or a key
            or name that cannot be kept.

    """
    setting_log.refuse_strangers(act)
    await stored.lock_settings(session)
    if not KEY.fullmatch(key):
        raise RejectedError(
            Code.INVALID,
            "A key has 1 to 50 small letters, digits and underscores, a letter first.",
            ("input", "key"),
        )
    for each in await stored.statuses(session):
        if each.key == key:
            raise RejectedError(
                Code.TAKEN, "This key is taken.", ("input", "key"), current=each.id
            )
    row = StatusRow(
        id=new_id("tst"),
        key=key,
        name=texts.line(name, "name", LONGEST_NAME),
        category=category,
        applies_to=types_of(applies_to),
        position=await stored.last_position(session, category),
    )
    session.add(row)
    setting_log.note(
        session, act, SettingSubject.STATUS, key, before=None, after=said(row)
    )
    return row


async def update_status(
    session: AsyncSession, act: Act, status_id: str, given: Mapping[str, Any]
) -> StatusRow:
    """Rename a status, say to which types it applies, retire it or take it back.

    No step leads to one that is retired; tickets that stand in it may leave it.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, a name that cannot be kept, or DEAD_END
            where tickets would be stuck.

    """
    setting_log.refuse_strangers(act)
    await stored.lock_settings(session)
    row = await session.get(StatusRow, status_id)
    if row is None:
        raise RejectedError(Code.NOT_FOUND, "There is no such status.", ("input", "id"))
    before = said(row)
    if "name" in given:
        row.name = texts.line(given["name"], "name", LONGEST_NAME)
    if given.get("applies_to") is not None:
        row.applies_to = types_of(given["applies_to"])
    retired = given.get("retired")
    if retired is not None:
        row.retired_at = (row.retired_at or act.noted_at) if retired else None
        if retired:
            await stored.remove_transitions_to(session, row.id)
    await session.flush()
    await check_workflow(session, list(TicketType), ("input", "id"))
    setting_log.note(
        session, act, SettingSubject.STATUS, row.key, before=before, after=said(row)
    )
    return row


def types_of(given: Sequence[TicketType] | None) -> list[str]:
    """Write the types that something applies to; of none said, all.

    Raises:
        RejectedError: REQUIRED, an empty list.

    """
    if given is None:
        return [each.value for each in TicketType]
    if not given:
        raise RejectedError(
            Code.REQUIRED, "It applies to one type at least.", ("input", "appliesTo")
        )
    return [each.value for each in TicketType if each in given]


def said(row: StatusRow) -> dict[str, Any]:
    """Write a status as the log of settings has it."""
    return {
        "name": row.name,
        "category": row.category.value,
        "appliesTo": row.applies_to,
        "retired": row.retired_at is not None,
    }
