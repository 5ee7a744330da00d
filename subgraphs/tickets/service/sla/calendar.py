"""Business time: how much of it lies between two instants, and where an amount ends.

A calendar says by the wall clock of its zone when the desk is open. An instant counts
when that clock shows, at this very instant, a time within the hours of its day. So an
hour that the clock leaves out in spring does not count, and one that it shows twice in
autumn counts twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from subgraphs.tickets.service.sla.year import Hours, Year

MICROSECOND: Final = timedelta(microseconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FURTHEST_YEARS: Final = 20
"""What would end later than that is said never to end."""

ALWAYS: Final[Hours] = ((0, 24 * 60),)


@dataclass(frozen=True)
class Calendar:
    """When the desk is open; made once and asked often, for it remembers each year.

    ``week`` has the hours of seven days, Monday first; ``holidays`` has other hours
    for single dates, none at all for a whole day off.
    """

    zone: str
    week: tuple[Hours, ...]
    holidays: Mapping[date, Hours] = field(default_factory=dict[date, Hours])
    _years: dict[int, Year] = field(
        default_factory=dict[int, Year], compare=False, repr=False
    )

    def year(self, number: int) -> Year:
        """Work out a year of UTC, once."""
        found = self._years.get(number)
        if found is None:
            found = Year.of(self.zone, self.week, self.holidays, number)
            self._years[number] = found
        return found

    @property
    def is_ever_open(self) -> bool:
        """Say whether any day of the week has hours."""
        return any(self.week)


def business_time_between(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """Say how much business time passes from one instant to another.

    None passes backwards: where ``b`` is not after ``a`` the answer is zero.

    >>> office = Calendar("Europe/Berlin", (((9 * 60, 17 * 60),),) * 5 + ((), ()))
    >>> friday = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)  # 16:00 in Berlin
    >>> monday = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)  # 10:00, in summer time
    >>> str(business_time_between(office, friday, monday))
    '2:00:00'
    """
    if b <= a:
        return timedelta(0)
    first, last = a.astimezone(UTC).year, b.astimezone(UTC).year
    count = sum(calendar.year(number).total for number in range(first, last))
    count += calendar.year(last).passed(microseconds(b))
    count -= calendar.year(first).passed(microseconds(a))
    return count * MICROSECOND


def add_business_time(
    calendar: Calendar, a: datetime, duration: timedelta
) -> datetime | None:
    """Find the first instant by which so much business time has passed since ``a``.

    It is ``a`` itself for nothing (or less), and None where the end lies further off
    than `FURTHEST_YEARS`.

    >>> office = Calendar("Europe/Berlin", (((9 * 60, 17 * 60),),) * 5 + ((), ()))
    >>> friday = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
    >>> str(add_business_time(office, friday, timedelta(hours=2)))
    '2026-03-30 08:00:00+00:00'
    """
    if duration <= timedelta(0):
        return a
    first = a.astimezone(UTC).year
    missing = duration // MICROSECOND + calendar.year(first).passed(microseconds(a))
    for number in range(first, first + FURTHEST_YEARS + 1):
        year = calendar.year(number)
        if missing <= year.total:
            return EPOCH + year.when(missing) * MICROSECOND
        missing -= year.total
    return None


def microseconds(instant: datetime) -> int:
    """Count an instant from 1970 on, exactly."""
    return (instant - EPOCH) // MICROSECOND
