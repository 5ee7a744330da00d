"""Follow another domain's feed: each event takes effect exactly once.

How far a follower has come stands in its own database and moves in the transaction of
the effects. If that commits, the events are applied and never asked for again; if it
does not, nothing of them was done. Where a process dies in between, another one goes
on from there.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, Self

import structlog
from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, IdText, Query
from kit.outbox.feed import LARGEST_PAGE
from kit.outbox.turn import Turn
from kit.own_graph import GraphRefusedError
from kit.rounds import Round, Rounds

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between looks at a feed that had nothing more to tell."""

QUESTION: Final = """
query Follow($after: String, $first: Int!) {
  feed: %s(after: $after, first: $first) {
    events { id entityId seq kind at actorId requestId payload } nextCursor caughtUp
  }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as a follower is told it."""

    id: str
    entity_id: str
    seq: int
    kind: str
    at: datetime
    actor_id: str | None
    request_id: str | None
    payload: Mapping[str, Any]

    @classmethod
    def of(cls, node: Mapping[str, Any]) -> Self:
        """Read it off the graph."""
        return cls(
            id=node["id"],
            entity_id=node["entityId"],
            seq=node["seq"],
            kind=node["kind"],
            at=datetime.fromisoformat(node["at"]),
            actor_id=node["actorId"],
            request_id=node["requestId"],
            payload=node["payload"],
        )


class Graph(Protocol):
    """Where a feed is asked for: `kit.own_graph.OwnGraph`."""

    async def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Run a query and give its data."""
        ...


Apply = Callable[[AsyncSession, Sequence[Told]], Awaitable[None]]
"""Do what events mean, in the unit of work given and in no other way."""

Forget = Callable[[AsyncSession], Awaitable[None]]
"""Undo all that events ever did, so that they can be applied from the beginning."""


class Follower:
    """One reader of one feed, by its name; however many processes run it."""

    def __init__(
        self,
        name: str,
        feed: str,
        graph: Graph,
        database: Database,
        *,
        cursors: Table,
        apply: Apply,
        forget: Forget | None = None,
        batch: int = LARGEST_PAGE,
    ) -> None:
        """Follow the root field ``feed``; ``cursors`` is this domain's `cursor_table`.

        Without ``forget``, a feed that was restored as it was earlier stops the
        follower, and the log says so: a person decides.
        """
        self.name = name
        self.question = QUESTION % feed
        self.graph = graph
        self.database = database
        self.cursors = cursors
        self.apply = apply
        self.forget = forget
        self.batch = batch
        self.turn = Turn(database, name)
        self._place = Query(
            select(cursors.c.cursor).where(
                cursors.c.follower == bindparam("name", type_=IdText)
            )
        )

    async def look(self) -> int:
        """Apply all that can be read now, if it is this process's turn to follow.

        Returns how many events were applied here.

        Raises:
            GraphUnavailableError: the feed cannot be read at this moment.
            GraphRefusedError: it cannot be read as it is asked for.

        """
        if not await self.turn.mine():
            return 0
        applied = 0
        while True:
            count, caught_up = await self.step()
            applied += count
            if caught_up:
                return applied

    async def step(self) -> tuple[int, bool]:
        """Read one page and apply it; say how many events, and whether that is all.

        Nothing is held while the feed is asked. Where another process was faster,
        nothing is applied here.
        """
        row = await self.database.row(self._place, name=self.name)
        after = row["cursor"] if row else None
        try:
            page = await self._page(after)
        except GraphRefusedError as error:
            if "CURSOR_LOST" not in error.codes or self.forget is None:
                raise
            log.warning("follower.begins_anew", follower=self.name)
            await self.begin_anew()
            return 0, False
        events = [Told.of(node) for node in page["events"]]
        if events and not await self._applied(events, after, page["nextCursor"]):
            return 0, True
        return len(events), bool(page["caughtUp"])

    async def _page(self, after: str | None) -> dict[str, Any]:
        variables = {"after": after, "first": self.batch}
        found: dict[str, Any] = (await self.graph.ask(self.question, variables))["feed"]
        return found

    async def _applied(
        self, events: Sequence[Told], after: str | None, cursor: str
    ) -> bool:
        async with self.database.unit_of_work() as session:
            if await self._locked(session) != after:
                return False
            await self.apply(session, events)
            count = self.cursors.c.applied + len(events)
            await self._move(session, cursor=cursor, applied=count)
        return True

    async def begin_anew(self) -> None:
        """Undo what was applied, and read the feed from its beginning."""
        if self.forget is None:
            raise TypeError(f"{self.name} cannot undo what it did.")
        async with self.database.unit_of_work() as session:
            await self._locked(session)
            await self.forget(session)
            await self._move(session, cursor=None, applied=0)

    async def _locked(self, session: AsyncSession) -> str | None:
        """Give the place, and hold it against every other process until the end."""
        mine = self.cursors.c.follower == self.name
        place = select(self.cursors.c.cursor).where(mine).with_for_update()
        found = (await session.execute(place)).one_or_none()
        if found is None:
            made = insert(self.cursors).values(follower=self.name)
            await session.execute(made.on_conflict_do_nothing())
            found = (await session.execute(place)).one()
        return found.cursor

    async def _move(self, session: AsyncSession, **values: object) -> None:
        await session.execute(
            update(self.cursors)
            .where(self.cursors.c.follower == self.name)
            .values(moved_at=func.now(), **values)
        )


@asynccontextmanager
async def following(*followers: Follower) -> AsyncGenerator[None]:
    """Have followers look at their feeds, again and again, until the block ends."""
    rounds = (Round(f"follow {each.name}", LOOK_EVERY, each.look) for each in followers)
    try:
        async with Rounds(*rounds).running():
            yield
    finally:
        for each in followers:
            each.turn.over()
