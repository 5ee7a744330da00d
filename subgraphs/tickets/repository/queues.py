"""Queues, and how many tickets stand in each."""

from asyncio import gather
from functools import lru_cache
from typing import Any, Final, cast

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
from kit.filters import Predicate, Shape, all_of, bound, condition, conjuncts, where
from subgraphs.tickets.models import QueueRow
from subgraphs.tickets.repository.columns import BARE
from subgraphs.tickets.repository.counting import (
    MOST_COUNTED,
    SHAPES,
    counted,
    how_many,
)
from subgraphs.tickets.repository.rotation import OPEN
from subgraphs.tickets.repository.ways import ways_of

MOST_DEPTHS: Final = 5
"""Queues that are counted in one statement; several are under way at once."""

MOST_WITHIN: Final = 50
"""So many in one walk."""

OPEN_WORK: Final = condition("status_category", "in", [each.name for each in OPEN])

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


async def depths(
    database: Database, visible: Predicate, wanted: list[Predicate]
) -> list[int]:
    """Count the visible tickets that meet each condition.

    Queues of open work are counted in one walk through the open tickets that somebody
    sees in several ways: to look for those by each way once for every queue would take
    PostgreSQL longer to plan than to do. All others are counted by their own indexes,
    `MOST_DEPTHS` in a statement.
    """
    several = ways_of(all_of(visible, OPEN_WORK).shape, BARE.names) is not None
    inside = [n for n, each in enumerate(wanted) if several and is_of_open_work(each)]
    outside = sorted({*range(len(wanted))} - {*inside})
    parts = [
        (count, numbers[start : start + most])
        for count, numbers, most in (
            (_within, inside, MOST_WITHIN),
            (_apart, outside, MOST_DEPTHS),
        )
        for start in range(0, len(numbers), most)
    ]
    counts = (count(database, visible, [wanted[n] for n in ns]) for count, ns in parts)
    found = dict[int, int]()
    for (_, numbers), depths in zip(parts, await gather(*counts), strict=True):
        found.update(zip(numbers, depths, strict=True))
    return [found[n] for n in range(len(wanted))]


def is_of_open_work(wanted: Predicate) -> bool:
    """Say whether a condition lets none but open tickets through.

    >>> is_of_open_work(all_of(condition("status_category", "in", ["NEW"])))
    True
    >>> is_of_open_work(condition("channel", "in", ["CHAT"]))
    False
    """
    shape, (names,) = OPEN_WORK.shape, cast("tuple[list[str]]", OPEN_WORK.values)
    return any(
        part.shape == shape and set(names).issuperset(cast("Any", part.values[0]))
        for part in conjuncts(wanted)
    )


async def _within(
    database: Database, visible: Predicate, wanted: list[Predicate]
) -> list[int]:
    seen = all_of(visible, OPEN_WORK)
    query = within_query(seen.shape, tuple(each.shape for each in wanted))
    row = await database.row(query, **bound(seen, "s"), **_values(wanted))
    return [*row.values()] if row else [0] * len(wanted)


async def _apart(
    database: Database, visible: Predicate, wanted: list[Predicate]
) -> list[int]:
    met = [all_of(visible, each) for each in wanted]
    query = depths_query(tuple(each.shape for each in met))
    return [row["depth"] for row in await database.rows(query, **_values(met))]


def _values(wanted: list[Predicate]) -> dict[str, Any]:
    """Name the values of several conditions, each with its number."""
    numbered = (bound(each, f"q{n}_") for n, each in enumerate(wanted))
    return {name: value for each in numbered for name, value in each.items()}


@lru_cache(SHAPES)
def within_query(seen: Shape, shapes: tuple[Shape, ...]) -> Query:
    """Build the statement that counts several conditions among the tickets seen."""
    ids = counted(BARE, seen, "seen", "s")
    met = (where(shape, BARE.names, f"q{n}_") for n, shape in enumerate(shapes))
    counts = [
        func.least(func.count().filter(each), MOST_COUNTED + 1).label(f"depth{n}")
        for n, each in enumerate(met)
    ]
    rows = BARE.sortable["id"].in_(select(ids.c.id))
    return Query(select(*counts).select_from(BARE.bare).where(rows), by_values=True)


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
