"""What may be written into the fields of this domain."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from kit.errors import RejectedError
from subgraphs.groups.errors import GroupErrorCode as Code
from subgraphs.groups.models import (
    LONGEST_EMAIL,
    LONGEST_SKILL,
    MOST_CAPACITY,
    MOST_SKILLS,
)

UNWRITABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's control characters, lone surrogates, line and paragraph separators."""

REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What makes a text look like another one on the screen."""

_EMAIL: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)


def refuse(code: Code, message: str, *path: str) -> RejectedError:
    """Make the refusal of one field of the input, or of the whole without a path."""
    return RejectedError(code, message, ("input", *path) if path else None)


def line(value: str | None, longest: int, field: str) -> str:
    """Take one line of text, without the blanks around it.

    >>> line("  Service desk ", 200, "name")
    'Service desk'

    Raises:
        RejectedError: REQUIRED, TOO_LONG, or INVALID for control characters.

    """
    text = (value or "").strip()
    if not text:
        raise refuse(Code.REQUIRED, f"'{field}' is empty.", field)
    if len(text) > longest:
        raise refuse(
            Code.TOO_LONG,
            f"'{field}' has {len(text)} characters; at most {longest} fit.",
            field,
        )
    for letter in text:
        if unicodedata.category(letter) in UNWRITABLE or letter in REORDERING:
            raise refuse(
                Code.INVALID,
                f"'{field}' contains the control character U+{ord(letter):04X}.",
                field,
            )
    return text


def name_key(name: str) -> str:
    """Write a name as no two groups have it.

    >>> name_key("Service  Desk") == name_key("service desk")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def email_address(value: str | None) -> str | None:
    """Take an e-mail address in lower case, or none.

    Raises:
        RejectedError: REQUIRED, TOO_LONG or INVALID.

    """
    if value is None:
        return None
    text = line(value, LONGEST_EMAIL, "email").lower()
    if not _EMAIL.fullmatch(text):
        raise refuse(Code.INVALID, "'email' is not an e-mail address.", "email")
    return text


def skills_of(values: Sequence[str] | None) -> list[str]:
    """Take names of skills in lower case, each once.

    >>> skills_of([" VPN", "vpn", "Linux"])
    ['vpn', 'linux']

    Raises:
        RejectedError: TOO_LONG for a skill or the list, REQUIRED for an empty one,
            INVALID for control characters.

    """
    found = [line(each, LONGEST_SKILL, "skills").lower() for each in values or ()]
    found = list(dict.fromkeys(found))
    if len(found) > MOST_SKILLS:
        raise refuse(Code.TOO_LONG, f"At most {MOST_SKILLS} skills fit.", "skills")
    return found


def capacity_of(value: int | None) -> int | None:
    """Take how many tickets somebody works on at a time; None is no limit.

    Raises:
        RejectedError: INVALID, it is negative or beyond belief.

    """
    if value is not None and not 0 <= value <= MOST_CAPACITY:
        raise refuse(
            Code.INVALID, f"A capacity is 0 to {MOST_CAPACITY}, or null.", "capacity"
        )
    return value
