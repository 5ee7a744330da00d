"""Making, changing and retiring business calendars."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import new_id
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import LONGEST_NAME, CalendarRow
from subgraphs.tickets.repository import sla_settings
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.sla import log, words
from subgraphs.tickets.service.sla.settings import keep, news, refuse_strangers, take


async def create_calendar(
    session: AsyncSession, act: Act, given: Mapping[str, Any]
) -> CalendarRow:
    """Make a calendar of its ``name``, ``time_zone``, ``hours`` and ``holidays``.

    Raises:
        RejectedError: FORBIDDEN, TAKEN with the calendar of this name, or what
            `checked` says.

    """
    refuse_strangers(act)
    row = CalendarRow(id=new_id("bcl"), **await checked(session, given, None))
    await keep(session, row)
    log.note_calendar(session, act, row.name, None, log.calendar_said(row))
    return row


async def update_calendar(
    session: AsyncSession,
    act: Act,
    key: str,
    expected_version: int | None,
    given: Mapping[str, Any],
) -> CalendarRow:
    """Change what is given of a calendar; clocks that run are read anew by it.

    Raises:
        RejectedError: what `take` and `checked` say.

    """
    refuse_strangers(act)
    row = await take(session, CalendarRow, key, expected_version)
    new = news(row, await checked(session, given, row.id))
    before, was = log.calendar_said(row), row.name
    if new:
        await keep(session, row, new)
    log.note_calendar(session, act, was, before, log.calendar_said(row))
    return row


async def retire_calendar(
    session: AsyncSession, act: Act, key: str, expected_version: int | None
) -> CalendarRow:
    """Take a calendar out of use; it stays for what was counted by it.

    Raises:
        RejectedError: what `take` says, or IN_USE by a policy.

    """
    refuse_strangers(act)
    row = await take(session, CalendarRow, key, expected_version)
    if await sla_settings.policy_with(session, row.id):
        raise words.refuse(Code.IN_USE, "A policy counts by this calendar.", "id")
    before = log.calendar_said(row)
    await keep(session, row, {"retired_at": act.noted_at})
    log.note_calendar(session, act, row.name, before, log.calendar_said(row))
    return row


async def checked(
    session: AsyncSession, given: Mapping[str, Any], own_id: str | None
) -> dict[str, Any]:
    """Check what is given of a calendar, and say it as its columns.

    Raises:
        RejectedError: TAKEN, or what `words` says.

    """
    wanted: dict[str, Any] = {}
    if "name" in given:
        wanted["name"] = texts.line(given["name"], "name", LONGEST_NAME)
        taken = await sla_settings.named(session, CalendarRow, wanted["name"])
        if taken not in {None, own_id}:
            raise words.taken(taken)
    if "time_zone" in given:
        wanted["time_zone"] = words.zone_of(given["time_zone"])
    if "hours" in given:
        wanted["hours"] = words.week_of(given["hours"] or ())
    if "holidays" in given:
        wanted["holidays"] = words.holidays_of(given["holidays"] or ())
    return wanted
