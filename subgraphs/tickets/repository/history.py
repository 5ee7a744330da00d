"""Events of tickets, on their way into the table that keeps them for ever."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, insert
from sqlalchemy.orm import Session

from kit.database import Query, write_in_flush, write_json
from subgraphs.tickets.models import EventKind, EventRow, Via


class Event(NamedTuple):
    """What is kept of a change."""

    id: str
    ticket_id: str
    seq: int
    kind: EventKind
    at: datetime
    actor_id: str | None
    via: Via
    field: str | None
    before: Any
    after: Any
    note: str | None
    request_id: str | None


_NEW: Final = Query(
    insert(EventRow.__table__).values(  # pyright: ignore[reportArgumentType] - a mapped class's table is one
        {name: bindparam(name) for name in Event._fields}
    )
)


def write_events(session: Session, events: Iterable[Event]) -> None:
    """Write events of tickets that are written already, while a session is flushed."""
    write_in_flush(
        session,
        _NEW,
        [
            {
                **each._asdict(),
                "kind": each.kind.value,
                "via": each.via.value,
                "before": written(each.before),
                "after": written(each.after),
            }
            for each in events
        ],
    )


def written(value: object) -> str | None:
    """Write a side of a change; where there was nothing there is no value."""
    return None if value is None else write_json(value)
