"""The graph's own scalars: instants, durations, free JSON."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Final, NewType, cast
from zoneinfo import available_timezones

import orjson
from graphql import ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition, scalar

from jit import many_at_once
from kit.errors import InvalidInputError

Duration = NewType("Duration", timedelta)
JSON = NewType("JSON", object)

_DURATION: Final = re.compile(
    r"(?P<sign>[+-])?P(?=[\dT])((?P<weeks>\d{1,12})W|(?:(?P<days>\d{1,12})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,12})H)?(?:(?P<minutes>\d{1,12})M)?"
    r"(?:(?P<seconds>\d{1,12}(?:\.\d{1,6})?)S)?)?)",
    re.ASCII,
)
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_ONLY_UTC: Final = frozenset({UTC})
_TIMEZONE: Final = attrgetter("tzinfo")
_LONGEST_ECHO: Final = 60
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


@cache
def time_zones() -> frozenset[str]:
    """Name the zones that mean the same everywhere: none is a machine's own time."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def write_instant(value: datetime) -> str:
    """Write an instant in UTC with milliseconds.

    >>> write_instant(datetime(2016, 3, 24, 18, 5, tzinfo=UTC))
    '2016-03-24T18:05:00.000Z'
    """
    # orjson writes an instant four times as fast as the datetime itself does.
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    text = orjson.dumps(utc).decode()
    return f"{text[1:24]}Z" if utc.microsecond else f"{text[1:20]}.000Z"


def write_instants(values: Sequence[datetime]) -> list[str]:
    """Write many instants: in one go if all are in UTC, as those of databases are.

    >>> write_instants([datetime(2016, 3, 24, 18, 5, 0, 123456, tzinfo=UTC)] * 2)
    ['2016-03-24T18:05:00.123Z', '2016-03-24T18:05:00.123Z']
    """
    if not (values and _ONLY_UTC.issuperset(map(_TIMEZONE, values))):
        return [write_instant(value) for value in values]
    texts = orjson.dumps(values).decode()[2:-2].split('","')
    return [
        text[:23] + "Z" if text[19] == "." else text[:19] + ".000Z" for text in texts
    ]


many_at_once(write_instant, write_instants)


def read_instant(value: object) -> datetime:
    """Read an instant that names its offset.

    Raises:
        InvalidInputError: it is no ISO-8601 instant, has no offset, or lies outside
            the years 1970 to 8999.

    """
    if not isinstance(value, str):
        raise InvalidInputError("A DateTime is an ISO-8601 text.")
    if not _INSTANT.fullmatch(value):
        raise InvalidInputError(
            f"{echo(value)} is not an ISO-8601 instant with its offset, such as "
            "2016-03-24T18:05:00Z."
        )
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidInputError(
            f"{echo(value)} is not an ISO-8601 instant: {error}."
        ) from error
    try:
        utc = found.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInputError(f"{echo(value)} is out of range.") from error
    if not EARLIEST <= utc < LATEST:
        raise InvalidInputError(f"{echo(value)} is outside the years 1970 to 8999.")
    return utc


def write_duration(value: timedelta) -> str:
    """Write a duration in hours, minutes and seconds.

    >>> write_duration(timedelta(days=1, minutes=30))
    'PT24H30M'
    >>> write_duration(timedelta(0))
    'PT0S'
    """
    seconds = abs(value) // timedelta(seconds=1)
    parts = zip((seconds // 3600, seconds // 60 % 60, seconds % 60), "HMS", strict=True)
    text = "".join(f"{count}{unit}" for count, unit in parts if count)
    return ("-" if text and value < timedelta(0) else "") + "PT" + (text or "0S")


def read_duration(value: object) -> timedelta:
    """Read an ISO-8601 duration of weeks, days, hours, minutes and seconds.

    Months and years are not taken: nobody knows how long they are.

    >>> read_duration("-P7D")
    datetime.timedelta(days=-7)

    Raises:
        InvalidInputError: it is none.

    """
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        said = echo(value) if isinstance(value, str) else "That"
        raise InvalidInputError(
            f"{said} is not an ISO-8601 duration such as PT4H30M or P7D."
        )
    parts = found.groupdict("0")
    sign = parts.pop("sign")
    try:
        duration = timedelta(**{unit: float(n) for unit, n in parts.items()})
    except OverflowError as error:
        raise InvalidInputError(f"{found[0]} is too long a duration.") from error
    return -duration if sign == "-" else duration


def read_moment(value: str, now: datetime) -> datetime:
    """Read an instant, or a duration counted from now (it begins with P or a sign).

    >>> read_moment("-P7D", datetime(2016, 3, 8, tzinfo=UTC))
    datetime.datetime(2016, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)

    Raises:
        InvalidInputError: it is neither, or far out of range.

    """
    if value.startswith(("P", "-P", "+P")):
        try:
            return now + read_duration(value)
        except OverflowError as error:
            raise InvalidInputError(f"{echo(value)} is out of range.") from error
    return read_instant(value)


def echo(value: str) -> str:
    """Quote what somebody sent, but never much of it.

    >>> echo("x" * 1000)[-5:]
    "xxx…'"
    """
    short = value if len(value) <= _LONGEST_ECHO else value[:_LONGEST_ECHO] + "…"
    return repr(short)


def read_json(value: Any) -> Any:
    """Take any JSON value that can be written again.

    Raises:
        InvalidInputError: a number beyond 64 bits, which no JSON of ours holds.

    """
    try:
        orjson.dumps(value)
    except TypeError as error:
        raise InvalidInputError(f"That JSON cannot be kept: {error}.") from error
    return value


def read_json_literal(node: ValueNode, variables: Any = None) -> Any:
    """Take a JSON value that stands in the document itself.

    Raises:
        InvalidInputError: a number beyond 64 bits, which no JSON of ours holds.

    """
    value = value_from_ast_untyped(node, variables)
    if any(number != number for number in numbers_in(value)):  # noqa: PLR0124 - NaN: too many digits for Python
        raise InvalidInputError("That JSON cannot be kept: a number is too long.")
    return read_json(value)


def numbers_in(value: Any) -> Iterator[float]:
    """Find the floating-point numbers of a JSON value."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for member in cast("dict[str, Any]", value).values():
            yield from numbers_in(member)
    elif isinstance(value, list):
        for member in cast("list[Any]", value):
            yield from numbers_in(member)


def _as_is(value: Any) -> Any:
    return value


SCALARS: Final[dict[object, ScalarDefinition]] = {
    datetime: scalar(
        name="DateTime",
        description="ISO-8601 instant, UTC, millisecond precision, e.g. "
        "`2016-03-24T18:05:00.000Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=write_instant,
        parse_value=read_instant,
    ),
    Duration: scalar(
        name="Duration",
        description="ISO-8601 duration, e.g. `PT4H30M`. Business durations count "
        "calendar working time only.",
        serialize=write_duration,
        parse_value=read_duration,
    ),
    JSON: scalar(
        name="JSON",
        description="Any JSON value. Used only for custom field values and event "
        "payloads.",
        serialize=_as_is,
        parse_value=read_json,
        parse_literal=read_json_literal,
    ),
}
"""Given to every schema, so that one name means one thing in all of them."""
