"""What a text, a tag or a foreign id must be like to be kept."""

import unicodedata
from typing import Final

from kit.errors import RejectedError
from kit.ids import is_id
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import LONGEST_TAG, MOST_TAGS

_LINE_BREAKS: Final = frozenset("\n\r\t")


def line(text: str | None, name: str, longest: int) -> str:
    """Check a line of text that must not be empty; blanks around it are dropped.

    >>> line("  Printer on fire ", "title", 250)
    'Printer on fire'

    Raises:
        RejectedError: REQUIRED, TOO_LONG, or INVALID for control characters.

    """
    found = (text or "").strip()
    if not found:
        raise RejectedError(Code.REQUIRED, "It must not be empty.", ("input", name))
    _check(found, name, longest, allowed=frozenset())
    return found


def prose(text: str | None, name: str, longest: int) -> str | None:
    """Check text of several lines; an empty one counts as none.

    Raises:
        RejectedError: TOO_LONG, or INVALID for control characters.

    """
    if text is None or not text.strip():
        return None
    _check(text, name, longest, allowed=_LINE_BREAKS)
    return text


def tags_of(tags: list[str] | None) -> list[str]:
    """Check tags; each is kept once, in the order given.

    >>> tags_of(["vpn", "Home office", "vpn"])
    ['vpn', 'Home office']

    Raises:
        RejectedError: an empty one, a long one, or too many.

    """
    found = list(dict.fromkeys(line(tag, "tags", LONGEST_TAG) for tag in tags or ()))
    if len(found) > MOST_TAGS:
        raise RejectedError(
            Code.TOO_LONG, f"A ticket has at most {MOST_TAGS} tags.", ("input", "tags")
        )
    return found


def foreign_id(value: str | None, prefix: str, name: str, noun: str) -> str | None:
    """Check that an id another domain made is of the right kind.

    Raises:
        RejectedError: INVALID, it is not.

    """
    if value is not None and not is_id(value, prefix):
        raise RejectedError(
            Code.INVALID, f"This is not the id of a {noun}.", ("input", name)
        )
    return value


def _check(text: str, name: str, longest: int, allowed: frozenset[str]) -> None:
    if len(text) > longest:
        raise RejectedError(
            Code.TOO_LONG, f"At most {longest} characters fit.", ("input", name)
        )
    for character in text:
        # Cc: controls; Cs: halves of pairs, which no UTF-8 can say.
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed:
            raise RejectedError(
                Code.INVALID, "Control characters are not text.", ("input", name)
            )
