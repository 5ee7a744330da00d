"""A domain with nothing but a feed, made as its migration would."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database, naming_metadata
from kit.identity import Identity
from kit.outbox import FeedSource, Part, clock_table, cursor_table, outbox_table, record
from kit.outbox.ddl import CLOCK_DDL, KEEPING, REVOKING, stamping

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
