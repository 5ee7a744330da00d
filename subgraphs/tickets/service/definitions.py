"""Defining custom fields: of tickets, or of a catalogue item's form."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kit.errors import RejectedError
from kit.ids import new_id
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_OPTIONS,
    CustomFieldKind,
    CustomFieldRow,
)
from subgraphs.tickets.service import texts

KEY: Final = re.compile(r"[a-z][A-Za-z0-9_]{0,49}")
LONGEST_OPTION: Final = 100
CHOICES: Final = frozenset({CustomFieldKind.CHOICE, CustomFieldKind.MULTI_CHOICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a field is to be."""

    key: str
    label: str
    kind: CustomFieldKind
    required: bool = False
    options: list[str] | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None


def checked(wanted: Definition, path: tuple[str, ...]) -> Definition:
    """Check a definition.

    Raises:
        RejectedError: a key, label or option that cannot be kept, options or limits
            that the kind has no use for, or none where it needs some.

    """
    if not KEY.fullmatch(wanted.key):
        raise RejectedError(
            Code.INVALID,
            "A key has 1 to 50 letters, digits and underscores, a small letter first.",
            (*path, "key"),
        )
    return Definition(
        key=wanted.key,
        label=line(wanted.label, LONGEST_NAME, (*path, "label")),
        kind=wanted.kind,
        required=wanted.required,
        options=options_of(wanted, (*path, "options")),
        **limits_of(wanted, path),
    )


def line(text: str, longest: int, path: tuple[str, ...]) -> str:
    """Check a line of text that stands somewhere in the input."""
    try:
        return texts.line(text, path[-1], longest)
    except RejectedError as rejected:
        raise RejectedError(rejected.code, rejected.message, path) from None


def options_of(wanted: Definition, path: tuple[str, ...]) -> list[str] | None:
    """Check what may be chosen, where something is chosen."""
    if wanted.kind not in CHOICES:
        if wanted.options is not None:
            raise useless(wanted, path)
        return None
    found = [
        line(each, LONGEST_OPTION, (*path, str(number)))
        for number, each in enumerate((wanted.options or [])[: MOST_OPTIONS + 1])
    ]
    if not found:
        raise RejectedError(Code.REQUIRED, "There must be something to choose.", path)
    if len(found) > MOST_OPTIONS:
        raise RejectedError(Code.TOO_LONG, f"At most {MOST_OPTIONS} options.", path)
    if len(set(found)) < len(found):
        raise RejectedError(Code.INVALID, "An option is given twice.", path)
    return found


def limits_of(wanted: Definition, path: tuple[str, ...]) -> dict[str, Any]:
    """Check the limits of a text or a number."""
    longest, least, most = wanted.max_length, wanted.minimum, wanted.maximum
    if longest is not None:
        if wanted.kind is not CustomFieldKind.TEXT:
            raise useless(wanted, (*path, "maxLength"))
        if not 1 <= longest <= LONGEST_VALUE:
            raise RejectedError(
                Code.INVALID, f"It is 1 to {LONGEST_VALUE}.", (*path, "maxLength")
            )
    for name, limit in (("minimum", least), ("maximum", most)):
        if limit is not None and wanted.kind is not CustomFieldKind.NUMBER:
            raise useless(wanted, (*path, name))
        if limit is not None and not math.isfinite(limit):
            raise RejectedError(Code.INVALID, "It is a finite number.", (*path, name))
    if least is not None and most is not None and least > most:
        raise RejectedError(
            Code.INVALID, "It is less than the minimum.", (*path, "maximum")
        )
    return {"max_length": longest, "minimum": least, "maximum": most}


def useless(wanted: Definition, path: Sequence[str]) -> RejectedError:
    """Say that the kind has no use for something."""
    return RejectedError(
        Code.INVALID, f"A field of the kind {wanted.kind.value} has none.", path
    )


def made(wanted: Definition, **more: Any) -> CustomFieldRow:
    """Make a field of a definition that was checked."""
    row = CustomFieldRow(id=new_id("cfd"), key=wanted.key, kind=wanted.kind, **more)
    put(row, wanted)
    return row


def put(row: CustomFieldRow, wanted: Definition) -> None:
    """Have a field be as defined; its key and kind never change."""
    row.label, row.required = wanted.label, wanted.required
    row.options, row.max_length = wanted.options, wanted.max_length
    row.minimum, row.maximum = wanted.minimum, wanted.maximum


def said(row: CustomFieldRow) -> dict[str, Any]:
    """Write a field as the log of settings has it."""
    return {
        "key": row.key,
        "label": row.label,
        "kind": row.kind.value,
        "required": row.required,
        "options": row.options,
        "maxLength": row.max_length,
        "minimum": row.minimum,
        "maximum": row.maximum,
        "appliesTo": row.applies_to,
        "categoryIds": row.category_ids,
        "retired": row.retired_at is not None,
    }
