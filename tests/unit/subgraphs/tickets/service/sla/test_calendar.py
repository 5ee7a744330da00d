"""Business time: worked answers, and what holds of any calendar."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.tickets.service.sla.calendar import (
    ALWAYS,
    Calendar,
    add_business_time,
    business_time_between,
)
from subgraphs.tickets.service.sla.year import Hours

MINUTE = timedelta(minutes=1)
OFFICE: Hours = ((9 * 60, 17 * 60),)
LUNCH: Hours = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
NIGHT: Hours = ((0, 6 * 60), (22 * 60, 24 * 60))
SMALL_HOURS: Hours = ((60, 4 * 60),)


def weekdays(hours: Hours) -> tuple[Hours, ...]:
    return (hours,) * 5 + ((), ())


BERLIN = Calendar("Europe/Berlin", weekdays(OFFICE))
KIOSK = Calendar("Europe/Berlin", (ALWAYS,) * 7)
SPLIT = Calendar("Europe/Berlin", weekdays(LUNCH))
WATCH = Calendar("Europe/Berlin", (NIGHT,) * 7)
SMALL = Calendar("Europe/Berlin", (SMALL_HOURS,) * 7)
NEW_YORK = Calendar("America/New_York", (((90, 150),),) * 7)
HOLIDAYS = Calendar(
    "Europe/Berlin",
    weekdays(OFFICE),
    {
        date(2026, 12, 24): ((9 * 60, 12 * 60),),
        date(2026, 12, 25): (),
        date(2026, 12, 31): ((9 * 60, 12 * 60),),
        date(2027, 1, 1): (),
    },
)
SATURDAY_SALE = Calendar(
    "Europe/Berlin", weekdays(OFFICE), {date(2026, 11, 28): ((600, 720),)}
)


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    """Read what a wall clock shows; ``~`` is its second showing of that hour."""
    shown = datetime.fromisoformat(text.rstrip("~")).replace(tzinfo=ZoneInfo(zone))
    return shown.replace(fold=int(text.endswith("~"))).astimezone(UTC)


WORKED = {
    "within one day": (BERLIN, "2026-11-25 10:00", "2026-11-25 12:30", 150),
    "from before until after the hours": (
        BERLIN,
        "2026-11-25 06:00",
        "2026-11-25 23:00",
        480,
    ),
    "over a weekend": (BERLIN, "2026-11-27 16:00", "2026-11-30 10:00", 120),
    "only a weekend": (BERLIN, "2026-11-27 17:00", "2026-11-30 09:00", 0),
    "a whole week": (BERLIN, "2026-11-23 00:00", "2026-11-30 00:00", 5 * 480),
    "backwards": (BERLIN, "2026-11-25 12:00", "2026-11-25 10:00", 0),
    "over lunch": (SPLIT, "2026-11-25 11:30", "2026-11-25 13:30", 60),
    "over midnight": (WATCH, "2026-11-25 23:00", "2026-11-26 01:00", 120),
    "a night and its day": (WATCH, "2026-11-25 12:00", "2026-11-26 12:00", 480),
    "a half day and a whole day off": (
        HOLIDAYS,
        "2026-12-24 11:00",
        "2026-12-28 10:00",
        120,
    ),
    "over New Year": (HOLIDAYS, "2026-12-31 09:00", "2027-01-04 10:00", 240),
    "a Saturday that is worked": (
        SATURDAY_SALE,
        "2026-11-28 00:00",
        "2026-11-29 00:00",
        120,
    ),
    "a spring day has 23 hours": (KIOSK, "2026-03-29 00:00", "2026-03-30 00:00", 1380),
    "an autumn day has 25": (KIOSK, "2026-10-25 00:00", "2026-10-26 00:00", 1500),
    # 02:00 to 03:00 is not shown: of 01:00 to 04:00 two hours remain.
    "hours with the gap in them": (SMALL, "2026-03-29 00:00", "2026-03-29 12:00", 120),
    # 02:00 to 03:00 is shown twice: 01:00 to 04:00 lasts four hours.
    "hours with the fold in them": (SMALL, "2026-10-25 00:00", "2026-10-25 12:00", 240),
    "from the fold's first showing": (
        SMALL,
        "2026-10-25 02:30",
        "2026-10-25 04:00",
        150,
    ),
    "from its second": (SMALL, "2026-10-25 02:30~", "2026-10-25 04:00", 90),
    "a week with summer time's begin": (
        BERLIN,
        "2026-03-27 16:00",
        "2026-03-30 10:00",
        120,
    ),
    "years, leap days included": (
        KIOSK,
        "2000-01-01 00:00",
        "2024-01-01 00:00",
        8766 * 24 * 60,
    ),
}


@pytest.mark.parametrize("name", WORKED)
def test_business_time_is_what_was_worked_out_by_hand(name: str) -> None:
    calendar, a, b, minutes = WORKED[name]
    assert business_time_between(calendar, at(a), at(b)) == minutes * MINUTE


ENDS = {
    "the same day": (BERLIN, "2026-11-25 10:00", 4 * 60, "2026-11-25 14:00"),
    "before the hours": (BERLIN, "2026-11-25 03:00", 60, "2026-11-25 10:00"),
    "the next day": (BERLIN, "2026-11-25 16:00", 120, "2026-11-26 10:00"),
    "just as the day ends": (BERLIN, "2026-11-25 16:00", 60, "2026-11-25 17:00"),
    "over a weekend": (BERLIN, "2026-11-27 16:30", 60, "2026-11-30 09:30"),
    "over Christmas": (HOLIDAYS, "2026-12-24 11:00", 120, "2026-12-28 10:00"),
    "through lunch": (SPLIT, "2026-11-25 11:00", 120, "2026-11-25 14:00"),
    "at midnight": (WATCH, "2026-11-25 22:30", 90, "2026-11-26 00:00"),
    "after the gap": (SMALL, "2026-03-29 01:30", 45, "2026-03-29 03:15"),
    "in the fold": (SMALL, "2026-10-25 01:30", 45, "2026-10-25 02:15"),
    "in its second showing": (SMALL, "2026-10-25 01:30", 105, "2026-10-25 02:15~"),
    "nothing": (BERLIN, "2026-11-28 12:00", 0, "2026-11-28 12:00"),
    "over New Year": (KIOSK, "2026-12-31 23:00", 120, "2027-01-01 01:00"),
    "weeks on": (BERLIN, "2026-03-02 09:00", 40 * 60 * 10, "2026-05-08 17:00"),
}


@pytest.mark.parametrize("name", ENDS)
def test_an_amount_ends_where_it_was_worked_out_by_hand(name: str) -> None:
    calendar, a, minutes, end = ENDS[name]
    found = add_business_time(calendar, at(a), minutes * MINUTE)
    assert found is not None
    # Compared as text: in the fold, equal wall clocks are different instants.
    assert found.isoformat() == at(end).isoformat()


def test_hours_in_the_hour_that_spring_leaves_out_are_none_that_day() -> None:
    calendar = Calendar("Europe/Berlin", (((120, 180),),) * 7)
    before, after = at("2026-03-28 12:00"), at("2026-03-29 12:00")
    assert business_time_between(calendar, before, after) == timedelta(0)
    assert add_business_time(calendar, before, MINUTE) == at("2026-03-30 02:01")


def test_hours_that_touch_the_fold_open_twice() -> None:
    # 01:30 to 02:30 in New York, where autumn shows 01:00 to 02:00 again.
    day, half = at("2026-11-01 00:00", NEW_YORK.zone), 30 * MINUTE
    opens = [day + half * n for n in range(3, 8)]
    passed = [business_time_between(NEW_YORK, a, b) for a, b in pairwise(opens)]
    assert passed == [half, half * 0, half, half]


def test_a_day_that_a_zone_skipped_has_no_hours() -> None:
    samoa = Calendar("Pacific/Apia", (ALWAYS,) * 7)
    a, b = at("2011-12-29 12:00", samoa.zone), at("2011-12-31 12:00", samoa.zone)
    assert business_time_between(samoa, a, b) == timedelta(days=1)


def test_what_never_ends_has_no_end() -> None:
    never = Calendar("UTC", ((),) * 7)
    seldom = Calendar("UTC", (((0, 1),), *(((),) * 6)))
    start = at("2026-01-01 00:00")
    assert never.is_ever_open is False
    assert add_business_time(never, start, MINUTE) is None
    assert seldom.is_ever_open is True
    assert add_business_time(seldom, start, timedelta(days=1)) is None


ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",  # changed at midnight
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # by half an hour
    "Africa/Casablanca",  # for Ramadan, backwards
    "Pacific/Apia",
]
CHANGES = [
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2018, 11, 4, tzinfo=UTC),
    datetime(2019, 2, 17, tzinfo=UTC),
    datetime(2026, 4, 5, tzinfo=UTC),
    datetime(2026, 2, 15, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
]


@st.composite
def day_hours(draw: st.DrawFn) -> Hours:
    marks = draw(st.lists(st.integers(0, 96), max_size=6, unique=True).map(sorted))
    marks = [mark * 15 for mark in marks]
    return tuple(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = draw(st.tuples(*([day_hours()] * 7)))
    near = draw(st.sampled_from(CHANGES)).date()
    days = st.integers(-3, 3).map(lambda n: near + timedelta(days=n))
    holidays = draw(st.dictionaries(days, day_hours(), max_size=3))
    return Calendar(draw(st.sampled_from(ZONES)), week, holidays)


instants = st.one_of(
    st.builds(
        lambda change, minutes: change + minutes * MINUTE,
        st.sampled_from(CHANGES),
        st.integers(-3 * 1440, 3 * 1440),
    ),
    st.integers(1_000_000, 40_000_000).map(
        lambda minutes: datetime(1970, 1, 1, tzinfo=UTC) + minutes * MINUTE
    ),
)
precise = st.builds(
    lambda instant, more: instant + timedelta(microseconds=more),
    instants,
    st.integers(0, 59_999_999),
)


def is_open(calendar: Calendar, instant: datetime) -> bool:
    """Look at the wall clock."""
    shown = instant.astimezone(ZoneInfo(calendar.zone))
    hours = calendar.holidays.get(shown.date(), calendar.week[shown.weekday()])
    minute = shown.hour * 60 + shown.minute
    return any(start <= minute < end for start, end in hours)


@given(calendars(), instants, st.integers(0, 3 * 1440))
def test_it_is_what_looking_at_the_clock_each_minute_would_count(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    counted = sum(is_open(calendar, start + n * MINUTE) for n in range(minutes))
    end = start + minutes * MINUTE
    assert business_time_between(calendar, start, end) == counted * MINUTE


@given(calendars(), st.lists(precise, min_size=2, max_size=6).map(sorted))
def test_it_never_decreases_and_is_the_sum_over_segments(
    calendar: Calendar, marks: list[datetime]
) -> None:
    parts = [business_time_between(calendar, a, b) for a, b in pairwise(marks)]
    assert all(timedelta(0) <= part for part in parts)
    assert all(p <= b - a for p, (a, b) in zip(parts, pairwise(marks), strict=True))
    whole = business_time_between(calendar, marks[0], marks[-1])
    assert whole == sum(parts, timedelta(0))


@given(calendars(), precise, st.timedeltas(MINUTE, timedelta(days=90)))
def test_what_is_added_lies_between(
    calendar: Calendar, start: datetime, duration: timedelta
) -> None:
    end = add_business_time(calendar, start, duration)
    if end is None:
        weekly = sum(b - a for hours in calendar.week for a, b in hours)
        assert weekly * 52 * 21 * MINUTE < duration + timedelta(days=60)
        return
    assert business_time_between(calendar, start, end) == duration
    just_before = end - timedelta(microseconds=1)
    assert business_time_between(calendar, start, just_before) < duration


@given(calendars(), precise, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_lies_between_ends_no_later_when_it_is_added(
    calendar: Calendar, start: datetime, later: timedelta
) -> None:
    end = start + later
    passed = business_time_between(calendar, start, end)
    found = add_business_time(calendar, start, passed)
    assert found is not None
    assert found <= end
    assert business_time_between(calendar, found, end) == timedelta(0)
