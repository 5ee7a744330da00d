"""What hours, holidays and goals must be like to be kept."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from kit.errors import RejectedError
from kit.scalars import time_zones
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NAME,
    MOST_HOLIDAYS,
    MOST_INTERVALS,
    Priority,
    SlaTarget,
)
from subgraphs.tickets.service import texts

DAYS: Final = 7
LONGEST_ZONE: Final = 64
LONGEST_GOAL: Final = timedelta(days=366)
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MIDNIGHT: Final = "24:00"

Intervals = list[list[int]]
"""Of one day, as `CalendarRow` keeps them."""


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Hours as a caller says them: ``08:30`` to ``17:00``, ``24:00`` the day's end."""

    opens_at: str
    closes_at: str
    day: int = 0
    """Of the week, Monday being 0; no matter where they are a holiday's."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date with other hours than its weekday's; none: a whole day off."""

    date: str
    name: str
    hours: Sequence[OpenHours] = field(default_factory=tuple[OpenHours, ...])


@dataclass(frozen=True, slots=True)
class Goal:
    """How much business time a target may take at a priority."""

    target: SlaTarget
    priority: Priority
    within: timedelta


def refuse(code: Code, message: str, *path: object) -> RejectedError:
    """Make the refusal of an input, or of a part of one."""
    return RejectedError(code, message, ("input", *map(str, path)))


def taken(owner: str | None) -> RejectedError:
    """Make the refusal of a name that another one has."""
    return RejectedError(
        Code.TAKEN, "This name is taken.", ("input", "name"), current=owner
    )


def zone_of(text: str) -> str:
    """Check that a time zone exists.

    Raises:
        RejectedError: REQUIRED, TOO_LONG or INVALID.

    """
    name = texts.line(text, "timeZone", LONGEST_ZONE)
    if name not in time_zones():
        raise refuse(
            Code.INVALID, "There is no such time zone, as Europe/Berlin is.", "timeZone"
        )
    return name


def time_of(minute: int) -> str:
    """Write a minute of the day as a time.

    >>> time_of(510), time_of(1440)
    ('08:30', '24:00')
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def week_of(hours: Sequence[OpenHours]) -> list[Intervals]:
    """Check the hours of a week, which is open at some time at least.

    Raises:
        RejectedError: INVALID or TOO_LONG, with the place in the list; REQUIRED for
            a week that is never open: nothing would ever be due in it.

    """
    if not hours:
        raise refuse(Code.REQUIRED, "A calendar is open at some time.", "hours")
    week: list[list[tuple[int, OpenHours]]] = [[] for _ in range(DAYS)]
    for n, each in enumerate(hours):
        week[each.day].append((n, each))
    return [intervals_of(day, ("hours",)) for day in week]


def intervals_of(
    hours: Sequence[tuple[int, OpenHours]], path: tuple[object, ...]
) -> Intervals:
    """Check the hours of one day, each with its place in what the caller gave.

    Raises:
        RejectedError: INVALID for times that are none, end before they begin or
            overlap; TOO_LONG for too many.

    """
    if len(hours) > MOST_INTERVALS:
        raise refuse(
            Code.TOO_LONG, f"A day has at most {MOST_INTERVALS} intervals.", *path
        )
    found: list[tuple[int, int, int]] = []
    for n, each in hours:
        opens = minute_of(each.opens_at, (*path, n, "opensAt"))
        closes = minute_of(each.closes_at, (*path, n, "closesAt"), last=True)
        if closes <= opens:
            raise refuse(
                Code.INVALID,
                "It closes before it opens; hours over midnight are two intervals, "
                f"the first until {_MIDNIGHT}.",
                *path,
                n,
                "closesAt",
            )
        found.append((opens, closes, n))
    found.sort()
    for (_, closes, _), (opens, _, n) in pairwise(found):
        if opens < closes:
            raise refuse(Code.INVALID, "These hours overlap others.", *path, n)
    return [[opens, closes] for opens, closes, _ in found]


def minute_of(text: str, path: tuple[object, ...], *, last: bool = False) -> int:
    """Read a time of day as minutes; ``last`` takes the day's end too.

    Raises:
        RejectedError: INVALID.

    """
    if last and text == _MIDNIGHT:
        return 24 * 60
    found = _TIME.fullmatch(text)
    if found is None:
        raise refuse(Code.INVALID, "This is not a time of day such as 08:30.", *path)
    return int(found[1]) * 60 + int(found[2])


def holidays_of(holidays: Iterable[Holiday]) -> list[dict[str, Any]]:
    """Check holidays, and sort them by date.

    Raises:
        RejectedError: INVALID for a date that is none, absurd or there twice, or for
            hours that cannot be; TOO_LONG for too many.

    """
    found: dict[date, dict[str, Any]] = {}
    for n, each in enumerate(holidays):
        path = ("holidays", n)
        if n >= MOST_HOLIDAYS:
            raise refuse(
                Code.TOO_LONG, f"At most {MOST_HOLIDAYS} holidays fit.", "holidays"
            )
        day = date_of(each.date, (*path, "date"))
        if day in found:
            raise refuse(Code.INVALID, "This date is there twice.", *path, "date")
        found[day] = {
            "date": day.isoformat(),
            "name": texts.line(each.name, "holidays", LONGEST_NAME),
            "hours": intervals_of(list(enumerate(each.hours)), (*path, "hours")),
        }
    return [found[day] for day in sorted(found)]


def date_of(text: str, path: tuple[object, ...]) -> date:
    """Read a date of an age that somebody may plan for.

    Raises:
        RejectedError: INVALID.

    """
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refuse(
            Code.INVALID,
            f"This is not a date such as 2026-12-24, from {FIRST_YEAR} to {LAST_YEAR}.",
            *path,
        )
    return day


def goals_of(goals: Sequence[Goal]) -> list[Goal]:
    """Check goals: one at least, each target and priority once.

    Raises:
        RejectedError: REQUIRED, or INVALID with the place in the list.

    """
    if not goals:
        raise refuse(Code.REQUIRED, "A policy has a goal at least.", "goals")
    seen: set[tuple[SlaTarget, Priority]] = set()
    for n, each in enumerate(goals):
        if not timedelta(seconds=1) <= each.within <= LONGEST_GOAL:
            raise refuse(
                Code.INVALID,
                f"A goal is from one second to {LONGEST_GOAL.days * 24} hours.",
                "goals",
                n,
                "within",
            )
        if each.within % timedelta(seconds=1):
            raise refuse(Code.INVALID, "Whole seconds count.", "goals", n, "within")
        if (each.target, each.priority) in seen:
            raise refuse(
                Code.INVALID, "There is a goal for this already.", "goals", n, "target"
            )
        seen.add((each.target, each.priority))
    return list(goals)
