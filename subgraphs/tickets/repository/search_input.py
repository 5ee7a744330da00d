"""What somebody types into a search → words and numbers to look for."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kit.errors import InvalidInputError
from kit.filters import Predicate, condition
from kit.pagination import Order
from subgraphs.tickets.models import NUMBER_DIGITS, NUMBER_PREFIX

LONGEST_SEARCH: Final = 200
MOST_WORDS: Final = 20
SHORTEST_PREFIX: Final = 2
"""A single letter begins half of all words; it is found where it stands alone."""

_TERM: Final = re.compile(r'-?"[^"]*"?|\S+')
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]+")
_NUMBER: Final = re.compile(
    rf"\s*#?({'|'.join(NUMBER_PREFIX.values())})?[ -]?(\d{{1,12}})\s*", re.IGNORECASE
)
NOWHERE: Final = "~"
"""No number begins like this."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words, and tickets whose number it may be.

    ``words`` is text for PostgreSQL's ``to_tsquery``, every word in it quoted.
    """

    words: str
    numbers: tuple[str, ...] = ()
    """Whole numbers that may be meant."""
    beginning: str = NOWHERE
    """How numbers begin that may be meant."""

    @property
    def met(self) -> Predicate:
        """The condition that hits meet."""
        words = condition("search", "matches", self.words)
        if not self.numbers:
            return words
        return Predicate(
            ("or", words.shape, ("in", "number"), ("begins", "number_range")),
            (self.words, list(self.numbers), self.beginning),
        )

    @property
    def values(self) -> dict[str, object]:
        """What the score's statement binds."""
        return {
            "words": self.words,
            "numbers": list(self.numbers),
            "beginning": self.beginning,
        }

    def order(self, by: tuple[tuple[str, bool], ...]) -> Order:
        """Order hits so that a cursor of one search is refused by every other."""
        kept = f"{self.words}\n{self.beginning}".encode()
        mark = hashlib.blake2b(kept, digest_size=8).hexdigest()
        return Order(f"hits of {mark}", by)


def read_search(written: str | None) -> Search | None:
    """Read what somebody typed; blanks alone look for nothing, and give None.

    Words must all be there, the last letters of each may be missing; ``"in quotes"``
    they stand together as they are; ``or`` between two asks for one of them, and
    ``-`` before one that it be absent.

    >>> read_search('print "on fire" -paper')
    Search(words="'print':* & ('on' <-> 'fire') & !'paper'", numbers=(), beginning='~')
    >>> read_search("inc45").numbers
    ('INC0000045',)

    Raises:
        InvalidInputError: it is too long, or says only what must not be there.

    """
    if written is None or not written.strip():
        return None
    if len(written) > LONGEST_SEARCH:
        raise InvalidInputError(f"'search' takes at most {LONGEST_SEARCH} characters.")
    if "\x00" in written:
        raise InvalidInputError("No text contains the character U+0000.")
    sides = list(_sides(written))
    choices = [list(_terms(side)) for side in sides]
    if sum(map(len, choices)) > MOST_WORDS:
        raise InvalidInputError(f"'search' takes at most {MOST_WORDS} words.")
    for terms in choices:
        if terms and all(term.startswith("!") for term in terms):
            raise InvalidInputError("'search' says what not to find, but not what.")
    words = " | ".join(" & ".join(terms) for terms in choices if terms)
    meant = [each for side in sides if (each := _number_in(side))]
    numbers = tuple(whole for wholes, _ in meant for whole in wholes)
    beginning = meant[0][1] if meant and len(sides) == 1 else NOWHERE
    return Search(words, numbers, beginning)


def _sides(written: str) -> Iterator[list[str]]:
    """Part a search at each ``or``."""
    side: list[str] = []
    for term in _TERM.findall(written):
        if term.lower() == "or":
            yield side
            side = []
        else:
            side.append(term)
    yield side


def _number_in(written: list[str]) -> tuple[list[str], str] | None:
    """Read which numbers a side means as a whole, and how others may begin."""
    number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", " ".join(written)))
    if number is None:
        return None
    practice, digits = (number[1] or "").upper(), number[2]
    padded = f"{int(digits):0{NUMBER_DIGITS}d}"
    practices = [practice] if practice else list(NUMBER_PREFIX.values())
    # Digits alone begin no number: each one begins with its practice.
    beginning = f"{practice}{digits}" if practice else NOWHERE
    return [f"{each}{padded}" for each in practices], beginning


def _terms(written: list[str]) -> Iterator[str]:
    for term in written:
        absent = term.startswith("-")
        exact = absent or term.startswith('"')
        words = _PUNCTUATION.sub(" ", plain(term)).split()
        if not words:
            continue
        asked = [f"'{word}'" for word in words]
        if not exact and len(words[-1]) >= SHORTEST_PREFIX:
            asked[-1] += ":*"
        one = asked[0] if len(asked) == 1 else f"({' <-> '.join(asked)})"
        yield f"!{one}" if absent else one


def plain(text: str) -> str:
    """Drop what letters carry, as the database's function ``searchable`` does.

    >>> plain("Élève")
    'Eleve'
    """
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not "\u0300" <= each <= "\u036f")
