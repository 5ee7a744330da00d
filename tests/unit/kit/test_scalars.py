import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from graphql import parse_value
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import InvalidInputError
from kit.scalars import (
    EARLIEST,
    LATEST,
    echo,
    read_duration,
    read_instant,
    read_json,
    read_json_literal,
    read_moment,
    write_duration,
    write_instant,
)

ZONES = st.integers(-23 * 60, 23 * 60).map(lambda m: timezone(timedelta(minutes=m)))
YEARS = st.integers(0, 7000).map(lambda years: timedelta(days=365 * years))
INSTANTS = st.builds(
    lambda zone, years, rest: (EARLIEST + years + rest).astimezone(zone),
    ZONES,
    YEARS,
    st.timedeltas(timedelta(0), timedelta(days=365)),
)
NOW = datetime(2016, 3, 24, 18, 5, tzinfo=UTC)


@given(INSTANTS)
def test_an_instant_is_written_in_utc_and_read_back_to_the_millisecond(
    instant: datetime,
) -> None:
    written = write_instant(instant)
    read = read_instant(written)

    assert written.endswith("Z")
    assert len(written) == len("2016-03-24T18:05:00.000Z")
    assert timedelta(0) <= instant - read < timedelta(milliseconds=1)


@given(INSTANTS)
def test_an_instant_of_any_offset_is_the_same_instant(instant: datetime) -> None:
    assert read_instant(instant.isoformat()) == instant


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2016-03-24T18:05Z", 0),
        ("2016-03-24T18:05:00Z", 0),
        ("2016-03-24T18:05:00.5Z", 0.5),
        ("2016-03-24T18:05:00.123456789Z", 0.123456),
        ("2016-03-24T20:05:00+02:00", 0),
    ],
)
def test_seconds_and_their_fractions_may_be_left_out(text: str, seconds: float) -> None:
    assert read_instant(text) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        1458842700,
        1.5,
        "",
        "now",
        "2016-03-24",
        "2016-03-24T18:05:00",  # no offset: whose time?
        "2016-03-24 18:05:00Z",
        "20160324T180500Z",
        "2016-W12-4T18:05:00Z",
        "2016-02-30T18:05:00Z",
        "2016-03-24T25:05:00Z",
        "2016-03-24T18:05:61Z",
        "2016-03-24T18:05:00+99:00",
        "2016-03-24T18:05:00Z\n",
        "2016-03-24T18:05:00Z\0",
        "-2016-03-24T18:05:00Z",
        "٢٠١٦-03-24T18:05:00Z",
        "1969-12-31T23:59:59Z",
        "9000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_what_is_no_instant_of_ours_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError):
        read_instant(value)


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[Z+-].*"))
def test_no_text_at_all_breaks_the_reader_of_instants(text: str) -> None:
    with contextlib.suppress(InvalidInputError):
        assert EARLIEST <= read_instant(text) < LATEST


@given(st.timedeltas())
def test_a_duration_is_written_and_read_back_to_the_second(value: timedelta) -> None:
    read = read_duration(write_duration(value))

    assert abs(read) == timedelta(seconds=abs(value) // timedelta(seconds=1))
    assert not read or (read < timedelta(0)) == (value < timedelta(0))


def test_less_than_a_second_before_is_no_duration_at_all() -> None:
    assert write_duration(timedelta(milliseconds=-500)) == "PT0S"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P7D", timedelta(days=7)),
        ("-P7D", timedelta(days=-7)),
        ("+P1W", timedelta(weeks=1)),
        ("PT4H30M", timedelta(hours=4, minutes=30)),
        ("P1DT1S", timedelta(days=1, seconds=1)),
        ("PT36H", timedelta(hours=36)),
        ("PT0.5S", timedelta(milliseconds=500)),
    ],
)
def test_durations_are_read(text: str, value: timedelta) -> None:
    assert read_duration(text) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "P",
        "PT",
        "P1DT",
        "7D",
        "p7d",
        "P7",
        "P-7D",
        "P1M",  # how long is a month?
        "P1Y",
        "PT1H1H",
        "1 day",
        "P7D\n",
        "P" + "9" * 40 + "D",
        "PT" + "9" * 5000 + "H",
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match="duration"):
        read_duration(value)


def test_a_moment_is_an_instant_or_counted_from_now() -> None:
    assert read_moment("-P7D", NOW) == NOW - timedelta(days=7)
    assert read_moment("PT1H", NOW) == NOW + timedelta(hours=1)
    assert read_moment(write_instant(NOW), NOW) == NOW


@pytest.mark.parametrize("text", ["P999999999D", "-P999999999D", "-P1M", "soon", ""])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_moment(text, NOW)


def test_a_refusal_never_repeats_all_of_a_long_text() -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_instant("x" * 100_000)

    assert len(str(refused.value)) < 200
    assert echo("short") == "'short'"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_kept_as_it_is(value: object) -> None:
    assert read_json(value) is value


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, [{"a": [10**30]}]])
def test_a_number_that_json_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match="cannot be kept"):
        read_json(value)


def test_json_may_stand_in_the_document() -> None:
    assert read_json_literal(parse_value('{a: [1, "x", null, true, 1.5]}')) == {
        "a": [1, "x", None, True, 1.5]
    }


@pytest.mark.parametrize("digits", [30, 5000])
def test_a_number_in_the_document_that_is_too_long_is_refused(digits: int) -> None:
    with pytest.raises(InvalidInputError, match="cannot be kept"):
        read_json_literal(parse_value("{a: [" + "9" * digits + "]}"))
