"""Read a feed: events in an order in which none can come in before another later.

A page holds only events whose transactions, and all that began before them, have
ended: one that commits late comes later, and nobody has read past it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from asyncpg import Record
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    ScalarSelect,
    Table,
    Text,
    bindparam,
    case,
    cast,
    func,
    select,
    tuple_,
)

from kit.database import Database, Query
from kit.errors import InvalidInputError, LostPlaceError
from kit.pagination import Order, place_cursor, read_cursor

LARGEST_PAGE: Final = 500
USUAL_PAGE: Final = 100
PLACE: Final = ("stamp", "place")

Place = tuple[int, int]
"""Where an event stands in its feed: its stamp, and its place among equal ones."""

BEGINNING: Final[Place] = (0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """Some events of a feed, the cursor behind them, and whether that is all now."""

    rows: Sequence[Record]
    next_cursor: str | None
    caught_up: bool


@dataclass(frozen=True)
class FeedSource:
    """A table of events that can be read as a feed.

    ``columns`` are what is read of each, ``id`` among them, beside its place. ``name``
    tells its cursors from all others'.
    """

    name: str
    events: FromClause
    clock: Table
    columns: Mapping[str, ColumnElement[Any]]

    @property
    def order(self) -> Order:
        """A cursor names the last event that was read: its place and its id."""
        return Order(
            f"{self.name} feed", (("stamp", False), ("place", False), ("id", False))
        )

    @cached_property
    def _stamp(self) -> ColumnElement[Any]:
        return self.events.c.stamp

    @cached_property
    def _columns(self) -> tuple[ColumnElement[Any], ...]:
        read = {**self.columns, **{name: self.events.c[name] for name in PLACE}}
        return tuple(column.label(name) for name, column in read.items())

    @cached_property
    def first_page(self) -> Query:
        """Read from the beginning."""
        return Query(
            select(*self._columns)
            .where(self._stamp < settled(self.events, self.clock))
            .order_by(self._stamp, self.events.c.place)
            .limit(bindparam("size", type_=Integer))
        )

    @cached_property
    def later_page(self) -> Query:
        """Read on, from the event at a place, itself included."""
        place = tuple_(self._stamp, self.events.c.place)
        given = tuple_(
            bindparam("stamp", type_=BigInteger), bindparam("place", type_=BigInteger)
        )
        return Query(
            select(*self._columns)
            .where(place >= given, self._stamp < settled(self.events, self.clock))
            .order_by(self._stamp, self.events.c.place)
            .limit(bindparam("size", type_=Integer))
        )

    @cached_property
    def newest(self) -> Query:
        """Read the last event that can be read now."""
        return Query(
            select(*self._columns)
            .where(self._stamp < settled(self.events, self.clock))
            .order_by(self._stamp.desc(), self.events.c.place.desc())
            .limit(1)
        )

    def cursor_of(self, row: Record) -> str:
        """Name an event's place."""
        return place_cursor(self.order, [row["stamp"], row["place"], row["id"]])

    async def end(self, database: Database) -> Place:
        """Give the place behind all that can be read now."""
        row = await database.row(self.newest)
        return BEGINNING if row is None else place_of(row)

    async def after(self, database: Database, place: Place, size: int) -> list[Record]:
        """Read so many events after a place, whether there is one at it or not."""
        stamp, within = place
        rows = await database.rows(
            self.later_page, stamp=stamp, place=within, size=size + 1
        )
        return rows[1:] if rows and place_of(rows[0]) == place else rows[:size]

    async def read(
        self, database: Database, after: str | None, first: int | None = None
    ) -> Part:
        """Read the events after a cursor, or from the beginning.

        Raises:
            InvalidInputError: a size below 1 or above `LARGEST_PAGE`, a cursor that
                was altered or is another feed's.
            LostPlaceError: the event that the cursor names is not there (any more):
                the database was restored as it was before.

        """
        size = USUAL_PAGE if first is None else first
        if not 1 <= size <= LARGEST_PAGE:
            raise InvalidInputError(
                f"'first' is {size}; a page of a feed holds 1 to {LARGEST_PAGE} events."
            )
        if after is None:
            rows = await database.rows(self.first_page, size=size + 1)
            return self._part(rows, size, None)
        stamp, place, key = read_place(self.order, after)
        rows = await database.rows(
            self.later_page, stamp=stamp, place=place, size=size + 2
        )
        if not rows or rows[0]["id"] != key:
            raise LostPlaceError(
                "The feed does not know the event that this cursor names: it was "
                "restored as it was earlier. Begin anew, without a cursor."
            )
        return self._part(rows[1:], size, after)

    def _part(self, rows: list[Record], size: int, after: str | None) -> Part:
        kept = rows[:size]
        cursor = self.cursor_of(kept[-1]) if kept else after
        return Part(kept, cursor, caught_up=len(rows) <= size)


def place_of(row: Record) -> Place:
    """Read an event's place."""
    return row["stamp"], row["place"]


def read_place(order: Order, cursor: str) -> tuple[int, int, str]:
    """Read a cursor as a place and an id.

    Raises:
        InvalidInputError: it was altered, or is another feed's.

    """
    stamp, place, key = read_cursor(order, cursor)
    numbers = all(type(n) is int and 0 <= n < 2**63 for n in (stamp, place))
    if not numbers or not isinstance(key, str):
        raise InvalidInputError("The cursor is malformed.")
    return stamp, place, key


def settled(events: FromClause, clock: Table) -> ScalarSelect[int]:
    """Build the stamp below which every event is there that ever will be.

    Where an event is stamped with an id that nobody was given yet, a dump was
    restored and nothing written since: all that is there is complete.
    """
    snapshot = func.pg_current_snapshot()
    oldest = cast(cast(func.pg_snapshot_xmin(snapshot), Text), BigInteger)
    unborn = cast(cast(func.pg_snapshot_xmax(snapshot), Text), BigInteger)
    newest = (
        select(events.c.stamp)
        .order_by(events.c.stamp.desc())
        .limit(1)
        .scalar_subquery()
    )
    restored = newest - clock.c.ahead >= unborn
    return select(
        case((restored, newest + 1), else_=oldest + clock.c.ahead)
    ).scalar_subquery()
