"""What filters, orders and selections mean in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Text,
    cast,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from kit.database import IdText
from kit.filters import OPERATORS, Columns
from kit.pagination import Order
from subgraphs.tickets.models import EventRow, Row, StatusRow, TicketRow
from subgraphs.tickets.repository.custom_fields import by_custom_field

LARGE: Final = ("description", "resolution_notes")
"""Columns that are read only where they are asked for."""


def columns_of(row: type[Row]) -> dict[str, ColumnElement[Any]]:
    """Name a table's columns."""
    return {column.key: column for column in row.__table__.columns}


TICKET: Final = columns_of(TicketRow)
EVENT: Final = columns_of(EventRow)


def by_tag(operator: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare tags: a ticket meets a condition when one of its tags does."""
    if operator in {"in", "nin"}:
        found = TicketRow.tags.overlap(cast(value, ARRAY(Text)))
    elif operator in {"eq", "neq"}:
        found = TicketRow.tags.contains(array([cast(value, Text)]))
    else:
        tag = func.unnest(TicketRow.tags).column_valued("tag")
        met = OPERATORS[operator](tag, cast(value, Text))
        found = exists(select(true()).where(met))
    return found.is_not(true()) if operator in {"nin", "neq"} else found


def by_watcher(operator: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare who watches: a ticket meets a condition when one who watches it does."""
    if operator == "eq":
        return TicketRow.watcher_ids.contains(array([cast(value, IdText)]))
    found = TicketRow.watcher_ids.overlap(cast(value, ARRAY(IdText)))
    return found if operator == "in" else found.is_not(true())


@dataclass(frozen=True, eq=False)
class Listing:
    """A kind of row that is read in pages: what of it, from where, compared how."""

    columns: tuple[ColumnElement[Any], ...]
    source: FromClause
    bare: FromClause
    """The source without what only columns need: counts and ways read this."""
    names: Columns
    """What filters compare."""
    sortable: Mapping[str, ColumnElement[Any]]


UNSEEN: Final = (
    "history_length",
    "resolution_noted_at",
    "search",
    "sla_next_at",
    "sla_told_at",
    "sla_revision",
)
"""Columns that the rules alone look at."""

STATUS_OF: Final = {
    "status_key": StatusRow.key.label("status_key"),
    "status_name": StatusRow.name.label("status_name"),
}
LISTED: Final[Mapping[str, ColumnElement[Any]]] = {
    **{name: TICKET[name] for name in TICKET if name not in UNSEEN},
    **STATUS_OF,
}
"""What may be read of a ticket."""

TICKETS: Final = Listing(
    columns=tuple(column for name, column in LISTED.items() if name not in LARGE),
    source=TicketRow.__table__.join(
        StatusRow.__table__, TicketRow.status_id == StatusRow.id
    ),
    bare=TicketRow.__table__,
    names={
        **TICKET,
        "tag": by_tag,
        "custom_field": by_custom_field,
        "untagged": cast(func.cardinality(TicketRow.tags) == 0, Boolean),
        "watcher": by_watcher,
        "unwatched": cast(func.cardinality(TicketRow.watcher_ids) == 0, Boolean),
    },
    sortable=TICKET,
)
"""Tickets with all but their large texts: about 400 bytes each."""


@lru_cache(500)
def tickets_with(names: frozenset[str]) -> Listing:
    """Read of tickets these columns of `LISTED` alone, and their id.

    Half of what a row costs is reading its columns, and few queries ask for many.
    """
    wanted = names | {"id"}
    joined = not wanted.isdisjoint(STATUS_OF)
    return replace(
        TICKETS,
        columns=tuple(column for name, column in LISTED.items() if name in wanted),
        source=TICKETS.source if joined else TicketRow.__table__,
    )


BARE: Final = tickets_with(frozenset())
"""Tickets alone, of which only the id is read: for counts."""

WHOLE: Final = tickets_with(frozenset(LISTED))
"""Tickets with their large texts too."""

EVENTS: Final = Listing(
    columns=tuple(EVENT[name] for name in EVENT if name not in {"stamp", "place"}),
    source=EventRow.__table__,
    bare=EventRow.__table__,
    names=EVENT,
    sortable=EVENT,
)

NEWEST_FIRST: Final = Order("tickets", (("opened_at", True), ("id", True)))
AS_IT_HAPPENED: Final = Order("history", (("seq", False),))
