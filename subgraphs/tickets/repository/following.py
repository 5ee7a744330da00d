"""What those who follow tickets read: the feed's places, and events in its order."""

from typing import Final

from asyncpg import Record
from sqlalchemy import bindparam, select

from kit.database import Database, IdText, Query
from kit.filters import Predicate
from kit.outbox import FeedSource
from kit.outbox.feed import Place, place_of
from subgraphs.tickets.models import FEED_CLOCK, EventRow
from subgraphs.tickets.repository import reads
from subgraphs.tickets.repository.columns import EVENT

WATCHED: Final = FeedSource(
    "tickets watched",
    EventRow.__table__,
    FEED_CLOCK,
    {name: EVENT[name] for name in ("id", "ticket_id")},
)
"""The feed, with no more of each event than what it is and which ticket's."""

PLACE_BY_ID: Final = Query(
    select(EventRow.stamp, EventRow.place).where(
        EventRow.id == bindparam("id", type_=IdText)
    )
)


async def place_of_event(database: Database, event_id: str) -> Place | None:
    """Find where an event stands in the feed."""
    row = await database.row(PLACE_BY_ID, id=event_id)
    return None if row is None else place_of(row)


async def events_meeting(
    database: Database, keys: list[str], met: Predicate
) -> list[Record]:
    """Read events whose tickets meet a condition, in the order of the keys."""
    rows = await reads.events_by_id(database, keys, met)
    found = {row["id"]: row for row in rows}
    return [found[key] for key in keys if key in found]
