"""What people may write into the fields of this domain."""

import re
import unicodedata
from typing import Final

from kit.errors import RejectedError
from kit.scalars import time_zones
from subgraphs.users.errors import UsersErrorCode
from subgraphs.users.models import LONGEST_EMAIL, LONGEST_LOCALE, LONGEST_ZONE

UNWRITABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's control characters, lone surrogates, line and paragraph separators."""

REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What makes a text look like another one on the screen."""

_EMAIL: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def refuse(code: UsersErrorCode, message: str, *path: str) -> RejectedError:
    """Make the refusal of one field of the input, or of the whole without a path."""
    return RejectedError(code, message, ("input", *path) if path else None)


def line(value: str | None, longest: int, field: str) -> str:
    """Take one line of text, without the blanks around it.

    >>> line("  Ada Lovelace ", 200, "name")
    'Ada Lovelace'

    Raises:
        RejectedError: REQUIRED, TOO_LONG, or INVALID for control characters.

    """
    text = (value or "").strip()
    if not text:
        raise refuse(UsersErrorCode.REQUIRED, f"'{field}' is empty.", field)
    if len(text) > longest:
        raise refuse(
            UsersErrorCode.TOO_LONG,
            f"'{field}' has {len(text)} characters; at most {longest} fit.",
            field,
        )
    for letter in text:
        if unicodedata.category(letter) in UNWRITABLE or letter in REORDERING:
            raise refuse(
                UsersErrorCode.INVALID,
                f"'{field}' contains the control character U+{ord(letter):04X}.",
                field,
            )
    return text


def email_address(value: str) -> str:
    """Take an e-mail address, in lower case.

    >>> email_address("Ada@Example.COM")
    'ada@example.com'

    Raises:
        RejectedError: REQUIRED, TOO_LONG or INVALID.

    """
    text = line(value, LONGEST_EMAIL, "email").lower()
    if not _EMAIL.fullmatch(text):
        raise refuse(
            UsersErrorCode.INVALID, "'email' is not an e-mail address.", "email"
        )
    return text


def language(value: str | None) -> str:
    """Take a language tag by its form; whether anybody speaks it is not asked.

    Raises:
        RejectedError: REQUIRED, TOO_LONG or INVALID.

    """
    text = line(value, LONGEST_LOCALE, "locale")
    if not _LOCALE.fullmatch(text):
        raise refuse(
            UsersErrorCode.INVALID,
            "'locale' is not a language tag such as en-GB.",
            "locale",
        )
    return text


def zone(value: str | None) -> str:
    """Take the name of a time zone that exists.

    Raises:
        RejectedError: REQUIRED, TOO_LONG or INVALID.

    """
    text = line(value, LONGEST_ZONE, "timeZone")
    if text not in time_zones():
        raise refuse(
            UsersErrorCode.INVALID,
            "'timeZone' is not a time zone such as Europe/Berlin.",
            "timeZone",
        )
    return text
