"""Calendars and policies as the log of settings has them: whole, before and after."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.scalars import write_duration
from subgraphs.tickets.models import (
    CalendarRow,
    PolicyRow,
    Priority,
    SettingSubject,
    SlaTarget,
    Weekday,
)
from subgraphs.tickets.service import setting_log
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.sla import words

Said = dict[str, Any]
Goals = Mapping[tuple[SlaTarget, Priority], timedelta]


def note_calendar(
    session: AsyncSession, act: Act, name: str, before: Said | None, after: Said
) -> None:
    """Note that a calendar was made, changed or retired, by the name that it had."""
    subject = SettingSubject.BUSINESS_CALENDAR
    setting_log.note(session, act, subject, name, before=before, after=after)


def note_policy(
    session: AsyncSession, act: Act, name: str, before: Said | None, after: Said
) -> None:
    """Note that a policy was made, changed or retired, by the name that it had."""
    subject = SettingSubject.SLA_POLICY
    setting_log.note(session, act, subject, name, before=before, after=after)


def calendar_said(row: CalendarRow) -> Said:
    """Write a calendar: its days that are open, and the dates that are otherwise."""
    week = zip(Weekday, row.hours, strict=True)
    return {
        "name": row.name,
        "timeZone": row.time_zone,
        "hours": {day.name: times_said(hours) for day, hours in week if hours},
        "holidays": [
            {**each, "hours": times_said(each["hours"])} for each in row.holidays
        ],
        "retired": row.retired_at is not None,
    }


def times_said(hours: list[list[int]]) -> list[str]:
    """Write the hours of a day.

    >>> times_said([[540, 720], [780, 1440]])
    ['09:00-12:00', '13:00-24:00']
    """
    return ["-".join(map(words.time_of, part)) for part in hours]


def policy_said(row: PolicyRow, goals: Goals) -> Said:
    """Write a policy, with its goals by target and priority."""
    named = {
        (target.value, priority.value): write_duration(within)
        for (target, priority), within in goals.items()
    }
    return {
        "name": row.name,
        "position": row.position,
        "calendarId": row.calendar_id,
        "goals": {" ".join(key): named[key] for key in sorted(named)},
        "appliesTo": row.types,
        "categoryIds": row.category_ids,
        "serviceIds": row.service_ids,
        "groupIds": row.group_ids,
        "pauseOn": row.pause_on,
        "warnAtPercent": row.warn_percent,
        "escalates": row.escalates,
        "retired": row.retired_at is not None,
    }
