"""Values of custom fields: each is what its definition says, or it is refused."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kit.errors import RejectedError
from kit.ids import is_id
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import LONGEST_VALUE, CustomFieldKind, CustomFieldRow
from subgraphs.tickets.service import texts

EARLIEST: Final = 1900
LATEST: Final = 2199
"""Years of a date that somebody can mean."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a caller says of one field; None clears it."""

    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input the entries stand, and which users are known to exist."""

    path: tuple[str, ...]
    users: Collection[str] = ()

    def at(self, number: int, name: str) -> tuple[str, ...]:
        """Name a part of one entry."""
        return (*self.path, str(number), name)


@dataclass(frozen=True, slots=True)
class Filling:
    """Entries for a ticket's own fields, and which users they name there are."""

    entries: Sequence[Entry]
    users: Collection[str] = ()


def users_named(entries: Iterable[Entry]) -> set[str]:
    """Gather what may be ids of users, so that they can be asked for beforehand."""
    texts_given = (each.value for each in entries if isinstance(each.value, str))
    return {text for text in texts_given if is_id(text, "usr")}


def filled(
    fields: Iterable[CustomFieldRow],
    entries: Sequence[Entry],
    before: Mapping[str, Any],
    place: Place,
    *,
    complete: bool,
) -> dict[str, Any]:
    """Put the entries over what a ticket has, each checked against its field.

    ``complete`` asks for every required field; without it only those are looked at
    that the entries clear.

    Raises:
        RejectedError: NOT_FOUND for a field that is not there, INVALID or TOO_LONG
            for a value that it cannot have, REQUIRED for one that is missing.

    """
    known, values = {each.key: each for each in fields}, dict(before)
    refuse_unknown(known, entries, place)
    for number, entry in enumerate(entries):
        field, path = known[entry.key], place.at(number, "value")
        value = checked(field, entry.value, path, place.users)
        if value is None and field.required:
            raise missing(field, path)
        values[entry.key] = value
    for field in known.values() if complete else ():
        if field.required and field.key not in values:
            raise missing(field, place.path)
    return {key: value for key, value in values.items() if value is not None}


def refuse_unknown(
    known: Collection[str], entries: Sequence[Entry], place: Place
) -> None:
    """Refuse a field that is not there, and one that is given twice."""
    seen = set[str]()
    for number, entry in enumerate(entries):
        path = place.at(number, "key")
        if entry.key not in known:
            raise RejectedError(Code.NOT_FOUND, "There is no such field here.", path)
        if entry.key in seen:
            raise RejectedError(Code.INVALID, "The field is given twice.", path)
        seen.add(entry.key)


def missing(field: CustomFieldRow, path: Sequence[str]) -> RejectedError:
    """Say that a field must be filled."""
    return RejectedError(
        Code.REQUIRED, f"{field.label!r} ({field.key}) must be filled.", path
    )


def checked(
    field: CustomFieldRow, value: Any, path: Sequence[str], users: Collection[str]
) -> Any:
    """Check a value against its field; what is empty counts as none.

    Raises:
        RejectedError: INVALID, TOO_LONG, or NOT_FOUND for a user.

    """
    if value is None or value in ("", []):
        return None
    if field.kind is CustomFieldKind.USER:
        return user_of(value, path, users)
    return CHECKS[field.kind](field, value, path)


def user_of(value: Any, path: Sequence[str], users: Collection[str]) -> str:
    """Check the id of a user."""
    if not isinstance(value, str) or value not in users:
        raise RejectedError(Code.NOT_FOUND, "There is no such user.", path)
    return value


def boolean_of(_: CustomFieldRow, value: Any, path: Sequence[str]) -> bool:
    """Check a yes or no."""
    if not isinstance(value, bool):
        raise RejectedError(Code.INVALID, "It is true or false.", path)
    return value


def choice_of(field: CustomFieldRow, value: Any, path: Sequence[str]) -> str:
    """Check one of the options."""
    if not isinstance(value, str) or value not in (field.options or ()):
        raise RejectedError(Code.INVALID, among(field), path)
    return value


def text_of(field: CustomFieldRow, value: Any, path: Sequence[str]) -> str | None:
    """Check a text."""
    if not isinstance(value, str):
        raise RejectedError(Code.INVALID, "It is a text.", path)
    try:
        return texts.prose(value, field.key, field.max_length or LONGEST_VALUE)
    except RejectedError as rejected:
        raise RejectedError(rejected.code, rejected.message, path) from None


def number_of(field: CustomFieldRow, value: Any, path: Sequence[str]) -> float:
    """Check a number and its limits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RejectedError(Code.INVALID, "It is a number.", path)
    if not math.isfinite(value):
        raise RejectedError(Code.INVALID, "It is a finite number.", path)
    if field.minimum is not None and value < field.minimum:
        raise RejectedError(Code.INVALID, f"It is at least {field.minimum:g}.", path)
    if field.maximum is not None and value > field.maximum:
        raise RejectedError(Code.INVALID, f"It is at most {field.maximum:g}.", path)
    return value


def date_of(_: CustomFieldRow, value: Any, path: Sequence[str]) -> str:
    """Check a day."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise RejectedError(Code.INVALID, "It is a day, as YYYY-MM-DD.", path)
    if not EARLIEST <= day.year <= LATEST:
        raise RejectedError(
            Code.INVALID, f"It lies in the years {EARLIEST} to {LATEST}.", path
        )
    return value


def choices_of(field: CustomFieldRow, value: Any, path: Sequence[str]) -> list[str]:
    """Check some of the options; each is kept once, in the options' order."""
    options = field.options or []
    if not isinstance(value, list) or any(each not in options for each in value):
        raise RejectedError(Code.INVALID, f"A list. {among(field)}", path)
    return [each for each in options if each in value]


def among(field: CustomFieldRow) -> str:
    """Name the options, though never very many of them."""
    shown = ", ".join((field.options or [])[:10])
    more = ", …" if len(field.options or []) > 10 else ""  # noqa: PLR2004 - as many as shown
    return f"It is one of: {shown}{more}."


CHECKS: Final[
    Mapping[CustomFieldKind, Callable[[CustomFieldRow, Any, Sequence[str]], Any]]
] = {
    CustomFieldKind.TEXT: text_of,
    CustomFieldKind.NUMBER: number_of,
    CustomFieldKind.BOOLEAN: boolean_of,
    CustomFieldKind.DATE: date_of,
    CustomFieldKind.CHOICE: choice_of,
    CustomFieldKind.MULTI_CHOICE: choices_of,
}
"""How each kind is checked, but for users, who must be asked for beforehand."""
