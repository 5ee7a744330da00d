"""Rows into tables by COPY: what takes a minute would take hours one by one.

A column that a row does not name gets what the model gives by default; what the
database itself fills in is left to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

import orjson
from sqlalchemy import Table

from helpnest.demo.large.lives import Known, Life
from kit.ids import new_id
from subgraphs.tickets.models import EventRow, TicketRow

Row = dict[str, Any]

AT_A_TIME = 20_000
"""Tickets in one COPY, so that progress is seen."""

JSONB_VERSION = b"\x01"
"""What a jsonb begins with where it is sent in binary, as COPY does."""


class Writer:
    """One table, as rows are copied into it."""

    def __init__(self, table: Table, given: Iterable[str]) -> None:
        self.table = table
        self.columns = list(given)
        self.defaults: dict[str, Any] = {}
        for column in table.columns:
            scalar: Any = column.default
            known = column.name in self.columns or column.computed is not None
            if known or scalar is None:
                continue
            made = scalar.arg(None) if scalar.is_callable else scalar.arg
            self.defaults[column.name] = made
        self.columns += self.defaults

    async def write(self, connection: Any, rows: Sequence[Row]) -> None:
        """Copy rows, each with the columns that it has in common with the others."""
        await connection.copy_records_to_table(
            self.table.name,
            columns=self.columns,
            records=[
                tuple(row.get(n, self.defaults.get(n)) for n in self.columns)
                for row in rows
            ],
        )


TICKETS = cast("Table", TicketRow.__table__)
EVENTS = cast("Table", EventRow.__table__)


async def write_lives(
    connection: Any, told: Iterator[Life], done: Callable[[int], None]
) -> int:
    """Copy lives, some thousands at a time; tell ``done`` how many there are."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: JSONB_VERSION + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
        format="binary",
    )
    tickets: Writer | None = None
    events: Writer | None = None
    count = 0
    while chunk := list(islice(told, AT_A_TIME)):
        for life in chunk:
            identify(life)
        tickets = tickets or Writer(TICKETS, chunk[0].ticket)
        events = events or Writer(EVENTS, chunk[0].events[0])
        await tickets.write(connection, [life.ticket for life in chunk])
        await events.write(connection, [e for life in chunk for e in life.events])
        count += len(chunk)
        done(count)
    return count


def identify(life: Life) -> None:
    """Give a ticket and its events ids."""
    life.ticket["id"] = ticket_id = new_id("tkt")
    for event in life.events:
        event["id"] = new_id("tev")
        event["ticket_id"] = ticket_id
        event["recorded_at"] = event["at"]


async def reserve_numbers(connection: Any, count: int) -> int:
    """Take so many ticket numbers at once; give the first."""
    sql = "SELECT setval('ticket_numbers', nextval('ticket_numbers') + $1 - 1) - $1 + 1"
    first: int = await connection.fetchval(sql, count)
    return first


async def known_to(
    connection: Any,
    people: Sequence[tuple[str, str]],
    teams: Sequence[tuple[str, Sequence[str]]],
) -> Known:
    """Read from the tickets database what lives are made of."""

    async def pairs(sql: str) -> Mapping[str, str]:
        return {row[0]: row[1] for row in await connection.fetch(sql)}

    matrix = await connection.fetch("SELECT impact, urgency, priority FROM priorities")
    return Known(
        people,
        teams,
        await pairs("SELECT key, id FROM statuses"),
        await pairs("SELECT name, id FROM categories"),
        await pairs("SELECT name, id FROM services"),
        {(row[0], row[1]): row[2] for row in matrix},
    )
