"""Full-text search: what somebody types → a condition, a score, and ranked pages."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from asyncpg import Record
from sqlalchemy import (
    ARRAY,
    REAL,
    ColumnElement,
    Double,
    Integer,
    Text,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)

from kit.database import Database, IdText, Query
from kit.errors import InvalidInputError
from kit.filters import Predicate, Shape, all_of, bound, condition, where
from kit.pagination import Order, Page, beyond, sorted_by
from subgraphs.tickets.models import NUMBER_DIGITS, NUMBER_PREFIX, SEARCH, TicketRow
from subgraphs.tickets.repository.columns import BARE, TICKET, Listing
from subgraphs.tickets.repository.counting import SHAPES, count_rows
from subgraphs.tickets.repository.pages import (
    PageShape,
    page_query,
    page_shape,
)

LONGEST_SEARCH: Final = 200
MOST_WORDS: Final = 20
SHORTEST_PREFIX: Final = 2
"""A single letter begins half of all words; it is found where it stands alone."""

RANKED: Final = 2_000
"""Of more hits than these the newest are ranked: what a page costs has an end."""

RELEVANCE: Final = "distance"
"""What the best hits have least of; no column of a ticket."""

BEST_FIRST: Final = (
    (RELEVANCE, False),
    ("opened_at", True),
    ("id", True),
)

_TERM: Final = re.compile(r'-?"[^"]*"?|\S+')
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]+")
_NUMBER: Final = re.compile(
    rf"\s*({'|'.join(NUMBER_PREFIX.values())})?[ -]?(\d{{1,12}})\s*", re.IGNORECASE
)
_AFTER_DIGITS: Final = "~"
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
    choices = [list(each) for each in _choices(written)]
    if sum(map(len, choices)) > MOST_WORDS:
        raise InvalidInputError(f"'search' takes at most {MOST_WORDS} words.")
    for terms in choices:
        if terms and all(term.startswith("!") for term in terms):
            raise InvalidInputError("'search' says what not to find, but not what.")
    words = " | ".join(" & ".join(terms) for terms in choices if terms)
    number = _NUMBER.fullmatch(written)
    if number is None:
        return Search(words)
    practice, digits = (number[1] or "").upper(), number[2]
    padded = f"{int(digits):0{NUMBER_DIGITS}d}"
    practices = [practice] if practice else list(NUMBER_PREFIX.values())
    # Digits alone begin no number: each one begins with its practice.
    beginning = f"{practice}{digits}" if practice else NOWHERE
    return Search(words, tuple(f"{each}{padded}" for each in practices), beginning)


def _choices(written: str) -> Iterator[Iterator[str]]:
    """Part a search at each ``or``, and give what each side asks for."""
    side: list[str] = []
    for term in _TERM.findall(written):
        if term.lower() == "or":
            yield _terms(side)
            side = []
        else:
            side.append(term)
    yield _terms(side)


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


def _asked(words: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_tsquery(literal_column("'simple'::regconfig"), cast(words, Text))


def matches(_operator: str, words: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare the document of a ticket with the words that are looked for."""
    return SEARCH.bool_op("@@")(_asked(words))


def begins(_operator: str, beginning: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare how a number begins, as a range that its index answers."""
    start = cast(beginning, IdText)
    number = TICKET["number"]
    return (number >= start) & (number < start.concat(_AFTER_DIGITS))


FOUND: Final = {"search": matches, "number_range": begins}
"""What a search compares, beside a filter's columns."""


def score_of(
    document: ColumnElement[Any], number: ColumnElement[Any]
) -> ColumnElement[float]:
    """Build the score: a number that is meant comes before all words.

    A double, as a cursor carries it: the value comes back as it went.
    """
    words = bindparam("words", type_=Text)
    weights = literal_column("'{0.1, 0.2, 0.4, 1.0}'::float4[]", ARRAY(REAL))
    rank = cast(func.ts_rank(weights, document, _asked(words)), Double)
    numbers = bindparam("numbers", type_=ARRAY(IdText))
    start = cast(bindparam("beginning", type_=Text), IdText)
    begun = (number >= start) & (number < start.concat(_AFTER_DIGITS))
    return rank + case((number == any_(numbers), 10.0), (begun, 1.0), else_=0.0)


SEARCHED: Final = replace(BARE, names={**BARE.names, **FOUND})
"""Tickets as a search compares and counts them."""


@lru_cache(SHAPES)
def with_score(listing: Listing) -> Listing:
    """Read the score of a hit along with what else is read of it."""
    score = score_of(SEARCH, TICKET["number"]).label("score")
    return replace(
        listing, columns=(*listing.columns, score), names={**listing.names, **FOUND}
    )


async def count_hits(database: Database, met: Predicate, search: Search) -> int:
    """Count the hits, as `count_rows` does."""
    return await count_rows(database, SEARCHED, all_of(met, search.met))


async def hit_rows(
    database: Database, listing: Listing, met: Predicate, page: Page, search: Search
) -> list[Record]:
    """Read a page of hits, and one more; rows have ``score``."""
    met = all_of(met, search.met)
    # The order's name tells searches apart in cursors, and means nothing in SQL.
    order = Order("hits", page.order.by)
    shape = page_shape(replace(page, order=order))
    ranked = any(name == RELEVANCE for name, _ in order.by)
    query = (
        ranked_query(listing, met.shape, shape)
        if ranked
        else page_query(with_score(listing), met.shape, shape)
    )
    return await database.rows(query, **bound(met), **page.values, **search.values)


@lru_cache(SHAPES)
def ranked_query(listing: Listing, met: Shape, shape: PageShape) -> Query:
    """Build the statement of `hit_rows` for an order by relevance.

    The newest hits are gathered by indexes, scored, and cut to the page; only the
    page's own rows are read whole.
    """
    order, backward, placed = shape
    page = Page(order, 0, backward, () if placed else None)
    keys = [name for name, _ in order.by if name != RELEVANCE]
    # The score is worked out before hits are sorted: sorting them with their documents
    # takes longer than ranking all.
    gathered = (
        select(
            *(TICKET[name] for name in keys),
            score_of(SEARCH, TICKET["number"]).label("score"),
        )
        .where(where(met, {**listing.names, **FOUND}))
        .order_by(TICKET["opened_at"].desc(), TICKET["id"].desc())
        .limit(RANKED)
        .subquery("gathered")
    )
    scored = select(*gathered.c, (-gathered.c.score).label(RELEVANCE)).subquery(
        "scored"
    )
    names = {column.key: column for column in scored.c}
    further = beyond(page, names)
    ranked = (
        select(*scored.c)
        .where(*([] if further is None else [further]))
        .order_by(*sorted_by(page, names))
        .limit(bindparam("size", type_=Integer))
        .subquery("ranked")
    )
    return Query(
        select(*listing.columns, ranked.c.score, ranked.c[RELEVANCE])
        .select_from(listing.source.join(ranked, TicketRow.id == ranked.c.id))
        .order_by(*sorted_by(page, ranked.c)),
        by_values=True,
    )
