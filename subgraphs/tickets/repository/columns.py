"""What filters, orders and selections mean in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
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

from kit.filters import OPERATORS, Columns
from kit.pagination import Order
from subgraphs.tickets.models import EventRow, Row, StatusRow, TicketRow

NOT_LISTED: Final = frozenset({"description", "resolution_notes", "history_length"})
"""What no list reads: the large columns, and what only writing looks at."""


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


@dataclass(frozen=True, eq=False)
class Listing:
    """A kind of row that is read in pages: what of it, from where, compared how."""

    columns: tuple[ColumnElement[Any], ...]
    source: FromClause
    names: Columns
    """What filters compare."""
    sortable: Mapping[str, ColumnElement[Any]]


TICKETS: Final = Listing(
    columns=(
        *(column for name, column in TICKET.items() if name not in NOT_LISTED),
        StatusRow.key.label("status_key"),
        StatusRow.name.label("status_name"),
    ),
    source=TicketRow.__table__.join(
        StatusRow.__table__, TicketRow.status_id == StatusRow.id
    ),
    names={
        **TICKET,
        "tag": by_tag,
        "untagged": cast(func.cardinality(TicketRow.tags) == 0, Boolean),
    },
    sortable=TICKET,
)
"""Tickets as lists and links read them: about 400 bytes each."""

EVENTS: Final = Listing(
    columns=tuple(EVENT.values()),
    source=EventRow.__table__,
    names=EVENT,
    sortable=EVENT,
)

NEWEST_FIRST: Final = Order("tickets", (("opened_at", True), ("id", True)))
AS_IT_HAPPENED: Final = Order("history", (("seq", False),))
