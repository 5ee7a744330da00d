"""What changes of calendars and of policies have in common."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.writes import check_version
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import CalendarRow, PolicyRow
from subgraphs.tickets.repository import sla_settings
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.sla import words

Kept = TypeVar("Kept", CalendarRow, PolicyRow)


def refuse_strangers(act: Act) -> None:
    """Refuse who may not say what is promised.

    Raises:
        RejectedError: FORBIDDEN.

    """
    if not policy.can_promise(act.caller):
        raise RejectedError(Code.FORBIDDEN, "You may not change service levels.")


async def take(
    session: AsyncSession, kind: type[Kept], key: str, expected_version: int | None
) -> Kept:
    """Lock a calendar or policy that is in use, as the caller last saw it.

    Raises:
        RejectedError: NOT_FOUND, or STALE with it as ``current``.

    """
    row = await sla_settings.lock(session, kind, key)
    if row is None or row.retired_at is not None:
        raise words.refuse(Code.NOT_FOUND, "There is none, or it was retired.", "id")
    check_version(row, expected_version, Code.STALE, "It")
    return row


def news(row: CalendarRow | PolicyRow, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say which of these values a row does not have yet."""
    return {name: to for name, to in wanted.items() if getattr(row, name) != to}


async def keep(
    session: AsyncSession,
    row: CalendarRow | PolicyRow,
    new: Mapping[str, Any] | None = None,
) -> None:
    """Write a row with what is new of it, and begin a new revision of the promises.

    Raises:
        RejectedError: TAKEN, somebody else took the name at this very moment.

    """
    await sla_settings.begin_change(session)
    if new is not None:
        for name, value in new.items():
            setattr(row, name, value)
        row.version += 1
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise words.taken(None) from error
