"""The graph's own scalars: instants, durations, free JSON."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NewType

from pydantic import TypeAdapter, ValidationError
from strawberry.types.scalar import ScalarDefinition, scalar

from kit.errors import InvalidInputError

Duration = NewType("Duration", timedelta)
JSON = NewType("JSON", object)

_DURATION: Final = TypeAdapter(timedelta)
_DESIGNATED: Final = re.compile(r"[+-]?P.+")
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


def write_instant(value: datetime) -> str:
    """Write an instant in UTC with milliseconds.

    >>> write_instant(datetime(2016, 3, 24, 18, 5, tzinfo=UTC))
    '2016-03-24T18:05:00.000Z'
    """
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:-6] + "Z"


def read_instant(value: object) -> datetime:
    """Read an instant that names its offset.

    Raises:
        InvalidInputError: it is no ISO-8601 instant, has no offset, or lies outside
            the years 1970 to 8999.

    """
    if not isinstance(value, str):
        raise InvalidInputError("A DateTime is an ISO-8601 text.")
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidInputError(f"{value!r} is not an ISO-8601 instant.") from error
    if found.tzinfo is None:
        raise InvalidInputError(f"{value!r} has no offset; end it with Z.")
    try:
        utc = found.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInputError(f"{value!r} is out of range.") from error
    if not EARLIEST <= utc < LATEST:
        raise InvalidInputError(f"{value!r} is outside the years 1970 to 8999.")
    return utc


def write_duration(value: timedelta) -> str:
    """Write a duration in hours, minutes and seconds.

    >>> write_duration(timedelta(days=1, minutes=30))
    'PT24H30M'
    >>> write_duration(timedelta(0))
    'PT0S'
    """
    seconds = int(abs(value).total_seconds())
    parts = zip((seconds // 3600, seconds // 60 % 60, seconds % 60), "HMS", strict=True)
    text = "".join(f"{count}{unit}" for count, unit in parts if count)
    return ("-" if value < timedelta(0) else "") + "PT" + (text or "0S")


def read_duration(value: object) -> timedelta:
    """Read an ISO-8601 duration.

    >>> read_duration("-P7D")
    datetime.timedelta(days=-7)

    Raises:
        InvalidInputError: it is none.

    """
    if isinstance(value, str) and _DESIGNATED.fullmatch(value):
        try:
            return _DURATION.validate_python(value)
        except ValidationError:
            pass
    raise InvalidInputError(f"{value!r} is not an ISO-8601 duration.")


def read_moment(value: str, now: datetime) -> datetime:
    """Read an instant, or a duration counted from now.

    >>> read_moment("-P7D", datetime(2016, 3, 8, tzinfo=UTC))
    datetime.datetime(2016, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)

    Raises:
        InvalidInputError: it is neither, or far out of range.

    """
    if _DESIGNATED.fullmatch(value):
        try:
            return now + read_duration(value)
        except OverflowError as error:
            raise InvalidInputError(f"{value!r} is out of range.") from error
    return read_instant(value)


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
        parse_value=_as_is,
    ),
}
"""Given to every schema, so that one name means one thing in all of them."""
