"""Queues, and how many tickets stand in each."""

from asyncio import gather
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Integer,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, IdText, Query
from kit.filters import Predicate, Shape, bound
from subgraphs.tickets.models import QueueRow
from subgraphs.tickets.repository.columns import BARE
from subgraphs.tickets.repository.counting import SHAPES, counted, how_many

MOST_DEPTHS: Final = 5
"""Queues that are counted in one statement; several are under way at once."""

_QUEUE: Final = QueueRow.__table__

QUEUES: Final = Query(
    select(*_QUEUE.c)
    .where(QueueRow.retired_at.is_(None))
    .order_by(QueueRow.name, QueueRow.id)
)
QUEUES_BY_ID: Final = Query(
    select(*_QUEUE.c)
    .where(QueueRow.id == any_(bindparam("keys", type_=ARRAY(IdText))))
    .where(QueueRow.retired_at.is_(None))
)


async def depths(database: Database, wanted: list[Predicate]) -> list[int]:
    """Count the tickets that meet each condition, `MOST_DEPTHS` in a statement."""
    starts = range(0, len(wanted), MOST_DEPTHS)
    parts = [wanted[start : start + MOST_DEPTHS] for start in starts]
    found = await gather(*(_depths(database, part) for part in parts))
    return [depth for part in found for depth in part]


async def _depths(database: Database, wanted: list[Predicate]) -> list[int]:
    query = depths_query(tuple(each.shape for each in wanted))
    values: dict[str, Any] = {}
    for n, each in enumerate(wanted):
        values.update(bound(each, f"q{n}_"))
    return [row["depth"] for row in await database.rows(query, **values)]


@lru_cache(SHAPES)
def depths_query(shapes: tuple[Shape, ...]) -> Query:
    """Build the statement of `depths`: its parts in order, each bounded as a count."""
    parts = [
        select(
            literal_column(str(n), Integer).label("n"), how_many().label("depth")
        ).select_from(counted(BARE, shape, f"c{n}", f"q{n}_"))
        for n, shape in enumerate(shapes)
    ]
    return Query(union_all(*parts).order_by("n"), by_values=True)


async def lock_queue(session: AsyncSession, key: str) -> QueueRow | None:
    """Read a queue that is in use, and hold it until the end."""
    row = await session.get(QueueRow, key, with_for_update=True)
    return row if row is not None and row.retired_at is None else None


async def queues_owned(session: AsyncSession, owner_id: str) -> int:
    """Count the queues in use that somebody made."""
    found = await session.scalar(
        select(func.count())
        .select_from(QueueRow)
        .where(QueueRow.owner_id == owner_id, QueueRow.retired_at.is_(None))
    )
    return found or 0
