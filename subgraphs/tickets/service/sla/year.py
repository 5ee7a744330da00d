"""A year of a calendar: hours by the wall clock → the spans of UTC that count.

Worked out once, a year answers by bisection however many weeks it has to pass over.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final, Self
from zoneinfo import ZoneInfo

Hours = tuple[tuple[int, int], ...]
"""Of one day: from a minute after midnight until another one, 1440 the day's end."""

Spans = list[tuple[int, int]]
"""From a second until another; sorted, apart, none of them empty."""

SECOND: Final = 1_000_000
DAY: Final = 86_400
MARGIN: Final = timedelta(days=2)
"""No wall clock is further from UTC."""


@dataclass(frozen=True, slots=True)
class Year:
    """The spans of one year of UTC that count, in microseconds from 1970 on."""

    starts: Sequence[int]
    ends: Sequence[int]
    sums: Sequence[int]
    """How much has counted by the end of each span."""

    @classmethod
    def of(
        cls,
        zone: str,
        week: Sequence[Hours],
        holidays: Mapping[date, Hours],
        number: int,
    ) -> Self:
        """Work out the year of a calendar."""
        begins = datetime(number, 1, 1, tzinfo=UTC)
        ends = datetime(number + 1, 1, 1, tzinfo=UTC)
        days = days_between((begins - MARGIN).date(), (ends + MARGIN).date())
        walls = wall_spans(week, holidays, days)
        spans: Spans = []
        for since, until, offset in offsets(ZoneInfo(zone), begins, ends):
            shown = [(start - offset, end - offset) for start, end in walls]
            spans.extend(clipped(shown, since, until))
        spans = joined(spans)
        lengths = ((end - start) * SECOND for start, end in spans)
        return cls(
            starts=[start * SECOND for start, _ in spans],
            ends=[end * SECOND for _, end in spans],
            sums=list(accumulate(lengths)),
        )

    @property
    def total(self) -> int:
        """How much counts in the whole year."""
        return self.sums[-1] if self.sums else 0

    def passed(self, instant: int) -> int:
        """How much of the year has counted by an instant of it."""
        n = bisect_right(self.starts, instant) - 1
        return self.sums[n] - max(0, self.ends[n] - instant) if n >= 0 else 0

    def when(self, passed: int) -> int:
        """Find the first instant by which so much, and at most `total`, has counted."""
        n = bisect_left(self.sums, passed)
        return self.ends[n] - (self.sums[n] - passed)


def days_between(first: date, last: date) -> list[date]:
    """List the dates from one to another, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def wall_spans(
    week: Sequence[Hours], holidays: Mapping[date, Hours], days: Sequence[date]
) -> Spans:
    """Lay the hours of days that follow each other end to end, by the wall clock."""
    found: Spans = []
    midnight = (days[0] - date(1970, 1, 1)).days * DAY
    for day in days:
        hours = holidays.get(day, week[day.weekday()])
        found.extend((midnight + a * 60, midnight + b * 60) for a, b in hours)
        midnight += DAY
    return joined(found)


def offsets(
    zone: ZoneInfo, begins: datetime, ends: datetime
) -> Iterator[tuple[int, int, int]]:
    """Cut a stretch of time where the zone's offset from UTC changes: since, until, it.

    The offset is looked up once a day, and the second of a change by halving that day.
    """
    at, last = int(begins.timestamp()), int(ends.timestamp())
    since, offset = at, offset_at(zone, at)
    while at < last:
        following = min(at + DAY, last)
        if (then := offset_at(zone, following)) != offset:
            change = first_after(zone, at, following, offset)
            yield since, change, offset
            since, offset = change, then
        at = following
    if since < last:
        yield since, last, offset


def offset_at(zone: ZoneInfo, second: int) -> int:
    """Say how many seconds the zone's wall clock is ahead of UTC."""
    ahead = datetime.fromtimestamp(second, zone).utcoffset() or timedelta(0)
    return int(ahead.total_seconds())


def first_after(zone: ZoneInfo, before: int, after: int, offset: int) -> int:
    """Find the second from which on the offset is another one."""
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def clipped(spans: Spans, since: int, until: int) -> Spans:
    """Keep of spans what lies between two instants."""
    kept = ((max(start, since), min(end, until)) for start, end in spans)
    return [(start, end) for start, end in kept if start < end]


def joined(spans: Spans) -> Spans:
    """Make one span of those that touch.

    >>> joined([(0, 5), (5, 9), (10, 11)])
    [(0, 9), (10, 11)]
    """
    found: Spans = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
