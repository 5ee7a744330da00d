"""Work that a service does by itself: again and again, and each due thing once.

A *round* is done every so many seconds for as long as the service runs. What is due
stands in the database and nowhere else, so that nothing is forgotten by a restart,
and rows are claimed with ``FOR UPDATE SKIP LOCKED``, so that however many processes
make the same round, none does what another one does.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, TypeVarTuple

import structlog
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.database.faults import is_lost

log = structlog.get_logger(__name__)

RETRY_FIRST: Final = 0.25
RETRY_LAST: Final = 5.0
"""Seconds before a round that failed is made again, doubling between the two."""

GRACE: Final = 2.0
"""Seconds that a round under way has to end by itself when the service stops."""

BATCH: Final = 100
"""Rows that one unit of work claims: others wait no longer for them than for these."""

Item = TypeVar("Item")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Round:
    """Something to do every ``every`` seconds, the first time at once."""

    name: str
    every: float
    work: Callable[[], Awaitable[object]]


class Rounds:
    """The rounds of one service, each in a task of its own."""

    def __init__(self, *rounds: Round) -> None:
        self.rounds = rounds

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Make the rounds until the block ends; those under way then come to an end.

        One that takes longer than `GRACE` is cancelled: its unit of work leaves
        nothing, and what it had claimed is due still.
        """
        stopping = asyncio.Event()
        tasks = [
            asyncio.create_task(repeat(each, stopping), name=each.name)
            for each in self.rounds
        ]
        try:
            yield
        finally:
            stopping.set()
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=GRACE)
                for task in late:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


async def repeat(each: Round, stopping: asyncio.Event) -> None:
    """Make a round until told to stop; one that fails is logged and soon made again.

    A database that restarts fails it, and so does a bug: neither ends the rounds.
    """
    failures = 0
    while not stopping.is_set():
        try:
            await each.work()
            pause, failures = each.every, 0
        except Exception as error:  # noqa: BLE001 - the next try may go well
            log.warning("round.failed", round=each.name, error=repr(error))
            pause = min(RETRY_FIRST * 2 ** min(failures, 9), RETRY_LAST, each.every)
            failures += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)


def claimed(
    statement: "Select[*Columns]", of: Any, most: int = BATCH
) -> "Select[*Columns]":
    """Have a statement lock the rows of a table that nobody else has locked.

    It should be sorted by what makes a row due, and begin after the last item that
    `sweep` names.
    """
    return statement.limit(most).with_for_update(of=of, skip_locked=True)


async def sweep(
    database: Database,
    claim: Callable[[AsyncSession, Item | None], Awaitable[Sequence[Item]]],
    do: Callable[[AsyncSession, Item], Awaitable[None]],
) -> int:
    """Do all that is due, some rows to a unit of work; say how many were done.

    ``claim`` locks the next rows (see `claimed`) after the item given, from the
    start where that is None, and ``do`` makes one of them no longer due. An item
    that cannot be done is logged, leaves nothing, and stands in no other's way; it
    is tried again in the next round.
    """
    done, last = 0, None
    while True:
        async with database.unit_of_work() as session:
            items = await claim(session, last)
            for item in items:
                done += await _done(session, item, do)
        if not items:
            return done
        last = items[-1]


async def _done(
    session: AsyncSession,
    item: Item,
    do: Callable[[AsyncSession, Item], Awaitable[None]],
) -> bool:
    try:
        async with session.begin_nested():
            await do(session, item)
    except Exception as error:
        if is_lost(error):
            raise  # the claim went with the connection
        log.exception("round.item_failed", item=repr(item))
        return False
    return True
