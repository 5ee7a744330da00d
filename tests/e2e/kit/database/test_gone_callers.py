"""Readers whose callers go away while a connection is being made."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from kit.database import Database
from kit.database.database import READ_CONNECTIONS
from tests.support.notes import ALL, PID, until_none

READERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'helpnest-read'
"""


# Half way: the session is asked how it writes JSON, before anybody may have it.
@pytest.mark.parametrize("after", [0.0, 0.001, 0.004, 0.01, 0.02])
async def test_whoever_goes_while_we_connect_leaves_no_connection_and_no_gap(
    notes: Database, side: Callable[[str], Any], after: float
) -> None:
    await notes.close()
    for _ in range(5):
        await notes.open()
        reading = [asyncio.create_task(notes.rows(ALL)) for _ in range(20)]
        await asyncio.sleep(after)
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        assert await side(READERS) <= READ_CONNECTIONS

        pids = await asyncio.gather(*(notes.row(PID) for _ in range(50)))
        assert len({row["pid"] for row in pids if row}) <= READ_CONNECTIONS
        await notes.close()
    gc.collect()  # what was lost on the way would warn now
    await until_none(side, READERS)
