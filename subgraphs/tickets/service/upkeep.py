"""What the desk does by itself while it runs: one round for each kind of due thing."""

from functools import partial
from typing import Final

from kit.database import Database
from kit.rounds import Round
from subgraphs.tickets.service.close_resolved import close_resolved

CLOSE_EVERY: Final = 10.0
"""Seconds; a ticket closes so long after its time at the latest."""


def rounds_of(database: Database) -> tuple[Round, ...]:
    """Name the rounds; each finds in the database alone what is due."""
    return (Round("tickets.close", CLOSE_EVERY, partial(close_resolved, database)),)
