"""What the desk does by itself while it runs: one round for each kind of due thing."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from kit.database import Database
from kit.rounds import Round, Rounds
from subgraphs.tickets.service.close_resolved import close_resolved
from subgraphs.tickets.service.sla.rounds import (
    FIRE_EVERY,
    FOLLOW_EVERY,
    fire,
    follow,
)

CLOSE_EVERY: Final = 10.0
"""Seconds; a ticket closes so long after its time at the latest."""


@asynccontextmanager
async def upkeep(url: str) -> AsyncGenerator[None]:
    """Make the rounds until the block ends, on connections of their own.

    So requests never wait for a connection that a round holds.
    """
    database = Database(url)
    try:
        async with Rounds(*rounds_of(database)).running():
            yield
    finally:
        await database.engine.dispose()


def rounds_of(database: Database) -> tuple[Round, ...]:
    """Name the rounds; each finds in the database alone what is due."""
    return (
        Round("tickets.close", CLOSE_EVERY, partial(close_resolved, database)),
        Round("tickets.clocks.fire", FIRE_EVERY, partial(fire, database)),
        Round("tickets.clocks.follow", FOLLOW_EVERY, partial(follow, database)),
    )
