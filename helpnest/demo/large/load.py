"""Rows into tables by COPY: what takes a minute would take hours one by one.

A column that a row does not name gets what the model gives by default; what the
database itself fills in is left to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, cast

import orjson
from sqlalchemy import Table

from helpnest.demo.large.lives import Known, Life
from kit.ids import new_id
from subgraphs.comments.events import CommentEventKind, whole
from subgraphs.comments.models import EVENTS, CommentRow, Source, Visibility
from subgraphs.comments.service.texts import html_of
from subgraphs.tickets.models import ClockRow, EventRow, TicketRow

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


async def write_lives(
    tickets: Any,
    comments: Any,
    told: Iterator[Life],
    done: Callable[[int], None],
) -> int:
    """Copy lives, some thousands at a time; tell ``done`` how many there are.

    ``tickets`` and ``comments`` are connections to these databases. Returns how many
    comments there are.
    """
    for connection in (tickets, comments):
        await speak_json(connection)
        # Triggers look events up by their entity, and what they plan while the table
        # is all but empty they keep until this transaction ends.
        await connection.execute("SET LOCAL enable_seqscan = off")
    count = talk = 0
    while chunk := list(islice(told, AT_A_TIME)):
        for life in chunk:
            identify(life)
        said = [each for life in chunk for each in life.said]
        for connection, row, rows in (
            (tickets, TicketRow, [life.ticket for life in chunk]),
            (tickets, EventRow, [each for life in chunk for each in life.events]),
            (tickets, ClockRow, [each for life in chunk for each in life.clocks]),
            (comments, CommentRow, [written_out(each) for each in said]),
        ):
            await write(connection, cast("Table", row.__table__), rows)
        await write(comments, EVENTS, [event_of(each) for each in said])
        talk += len(said)
        count += len(chunk)
        done(count)
    return talk


async def write(connection: Any, table: Table, rows: Sequence[Row]) -> None:
    """Copy rows, if there are any."""
    if rows:
        await Writer(table, rows[0]).write(connection, rows)


async def speak_json(connection: Any) -> None:
    """Have JSON sent as COPY needs it."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: JSONB_VERSION + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
        format="binary",
    )


def identify(life: Life) -> None:
    """Give ids to a ticket and to all that is its own."""
    life.ticket["id"] = ticket_id = new_id("tkt")
    for event in life.events:
        event["id"] = new_id("tev")
        event["ticket_id"] = ticket_id
        event["recorded_at"] = event["at"]
    for clock in life.clocks:
        clock["ticket_id"] = ticket_id
    for comment in life.said:
        comment["id"] = new_id("cmt")
        comment["ticket_id"] = ticket_id
        comment["by_requester"] = comment["author_id"] == life.ticket["requester_id"]


@cache
def html(body: str) -> str:
    """Make HTML of a text; there are few, and each is said often."""
    return html_of(body)


def written_out(said: Row) -> Row:
    """Write a comment's row."""
    kept = ("id", "ticket_id", "author_id", "visibility", "body", "created_at")
    return {name: said[name] for name in kept} | {
        "body_html": html(said["body"]),
        "source": Source.API.value,
        "mention_ids": [],
        "in_reply_to_id": None,
    }


def event_of(said: Row) -> Row:
    """Write the event that tells a comment, as its domain does."""
    payload = whole(
        CommentRow(
            ticket_id=said["ticket_id"],
            author_id=said["author_id"],
            visibility=Visibility(said["visibility"]),
            source=Source.API,
            mention_ids=[],
            created_at=said["created_at"],
            version=1,
        )
    )
    return {
        "id": new_id("evt"),
        "entity_id": said["id"],
        "kind": CommentEventKind.COMMENT_ADDED.value,
        "at": said["created_at"],
        "actor_id": said["author_id"],
        "payload": {**payload, "byRequester": said["by_requester"]},
    }


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
