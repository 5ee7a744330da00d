"""A domain with nothing but a feed, made as its migration would, and who follows it."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, naming_metadata
from kit.errors import LostPlaceError
from kit.identity import Identity
from kit.outbox import FeedSource, Part, clock_table, cursor_table, outbox_table, record
from kit.outbox.ddl import CLOCK_DDL, KEEPING, REVOKING, stamping
from kit.outbox.follower import Follower, Told
from kit.own_graph import GraphRefusedError
from tests.support.consumer import FeedItself

ADA = Identity("usr_ada")


class Word(Enum):
    """What can happen here."""

    SAID = "SAID"


@dataclass
class Journal:
    """The database and its feed, and how a test writes and reads them."""

    database: Database
    metadata: MetaData

    def __post_init__(self) -> None:
        self.events = self.metadata.tables["events"]
        clock = self.metadata.tables["feed_clock"]
        self.feed = FeedSource("notes", self.events, clock, dict(self.events.c))

    async def say(self, session: AsyncSession, entity: str, words: Any) -> None:
        """Record an event inside a unit of work."""
        payload = {"words": words}
        await record(session, self.events, ADA, Word.SAID, of=entity, payload=payload)

    async def said(self, entity: str, words: Any) -> None:
        """Record an event in a unit of work of its own."""
        async with self.database.unit_of_work() as session:
            await self.say(session, entity, words)

    async def read(self, after: str | None = None, first: int = 100) -> Part:
        """Read a part of the feed."""
        return await self.feed.read(self.database, after, first)

    async def kept(self) -> list[dict[str, Any]]:
        """Read all that was recorded, whether or not the feed may tell it yet."""
        async with self.database.unit_of_work() as session:
            rows = await session.execute(self.events.select())
            return [dict(row) for row in rows.mappings()]

    async def words(self, after: str | None = None) -> list[Any]:
        """Read what was said, in the feed's order."""
        part = await self.read(after)
        return [row["payload"]["words"] for row in part.rows]

    async def run(self, *statements: str) -> None:
        """Run statements as the owner."""
        async with self.database.unit_of_work() as session:
            for each in statements:
                await session.execute(text(each))


@pytest.fixture
async def journal(database: Database) -> Journal:
    metadata = naming_metadata()
    outbox_table(metadata)
    clock_table(metadata)
    cursor_table(metadata)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        made = (CLOCK_DDL, *stamping("entity_id", numbered=True), *KEEPING, REVOKING)
        for statement in made:
            await connection.execute(text(statement))
    return Journal(database, metadata)


class Graph(FeedItself):
    """The journal's feed, as the public graph would tell it, and what was asked."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal.database)
        self.asked: list[str | None] = []

    async def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a follower's question."""
        self.asked.append(variables["after"])
        try:
            return await super().ask(query, variables)
        except LostPlaceError as error:
            raise GraphRefusedError(frozenset({error.code})) from error


@dataclass
class Consumer:
    """A domain that writes down what it hears; a second copy would be seen."""

    database: Database
    graph: Graph
    fails_at: Any = None

    def __post_init__(self) -> None:
        metadata = naming_metadata()
        self.cursors = cursor_table(metadata)
        self.metadata = metadata

    async def apply(self, session: AsyncSession, events: Sequence[Told]) -> None:
        """Write each event down; not even the same one twice is refused."""
        for event in events:
            words = event.payload["words"]
            if words == self.fails_at:
                raise ZeroDivisionError
            await session.execute(
                text("INSERT INTO heard (entity, seq) VALUES (:entity, :seq)"),
                {"entity": event.entity_id, "seq": event.seq},
            )

    async def forget(self, session: AsyncSession) -> None:
        """Know nothing any more."""
        await session.execute(text("DELETE FROM heard"))

    def follower(self, **more: Any) -> Follower:
        """Make a follower, as each process does."""
        how: dict[str, Any] = {"batch": 3, **more}
        return Follower(
            "tests.notes",
            "notesFeed",
            self.graph,
            self.database,
            cursors=self.cursors,
            apply=self.apply,
            **how,
        )

    async def heard(self) -> list[tuple[str, int]]:
        """Read what was written down, in the order of writing."""
        async with self.database.unit_of_work() as session:
            found = await session.execute(
                text("SELECT entity, seq FROM heard ORDER BY n")
            )
            return [(row.entity, row.seq) for row in found]

    async def place(self) -> tuple[str | None, int]:
        """Read how far it has come."""
        async with self.database.unit_of_work() as session:
            found = await session.execute(
                text("SELECT cursor, applied FROM feed_cursors")
            )
            row = found.one_or_none()
            return (row.cursor, row.applied) if row else (None, 0)


@pytest.fixture
async def consumer(
    journal: Journal, empty_database_url: Callable[[str], str]
) -> AsyncGenerator[Consumer]:
    async with Database(empty_database_url("groups")) as database:
        made = Consumer(database, Graph(journal))
        async with database.engine.begin() as connection:
            await connection.run_sync(made.metadata.create_all)
            await connection.execute(
                text("CREATE TABLE heard (n serial, entity text, seq int)")
            )
        yield made
