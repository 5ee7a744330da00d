"""Groups that come to be while everything is killed, and what tickets know of them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg
import httpx

from tests.support.processes import HelpNest

CREATE = """
mutation ($in: CreateGroupInput!) {
  createGroup(input: $in) { userErrors { code } group { id } }
}
"""
PAUSE = 0.1


@dataclass
class Teams:
    """Makes groups until told to stop, each again and again until it is answered."""

    nest: HelpNest
    ids: list[str] = field(default_factory=list[str])
    stopping: bool = False

    async def make(self) -> None:
        """Make one group after the other."""
        while not self.stopping:
            with suppress(httpx.HTTPError, KeyError, TypeError):
                self.ids.append(await asyncio.to_thread(self._one, len(self.ids)))
            await asyncio.sleep(PAUSE)

    def _one(self, n: int) -> str:
        given = {"name": f"Team {n}", "kind": "ASSIGNMENT", "idempotencyKey": f"t{n}"}
        answer = self.nest.ask(CREATE, {"in": given})
        return answer["data"]["createGroup"]["group"]["id"]

    async def all_known(self) -> bool:
        """Say whether tickets know just these groups."""
        connection = await asyncpg.connect(self.nest.database_url("tickets"))
        try:
            rows = await connection.fetch("SELECT id, name FROM groups_known")
            applied = await connection.fetchval("SELECT applied FROM feed_cursors")
        finally:
            await connection.close()
        made = {(key, f"Team {n}") for n, key in enumerate(self.ids)}
        found = {(row["id"], row["name"]) for row in rows}
        return found == made and applied == len(made)
