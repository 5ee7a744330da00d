"""The ceiling: asyncpg and orjson by hand, for these three answers and no others.

No schema, no token, no rights, no errors: what the machine can do at most.
"""

from datetime import datetime
from typing import Any

import asyncpg
import orjson

from bench.subgraph.operations import ENTITIES, LIST, ONE

COLUMNS = (
    "id, number, title, type, impact, urgency, priority, opened_at, updated_at,"
    " version, assignee_id"
)
SQL_ONE = f"SELECT {COLUMNS} FROM tickets WHERE id = $1"  # noqa: S608 - our own columns
SQL_LIST = f"SELECT {COLUMNS} FROM tickets ORDER BY opened_at DESC, id DESC LIMIT 50"  # noqa: S608 - the same
SQL_MANY = f"SELECT {COLUMNS} FROM tickets WHERE id = ANY($1::text[])"  # noqa: S608 - the same


def instant(value: datetime) -> str:
    """Write an instant as the graph does; it is in UTC already."""
    text = orjson.dumps(value).decode()
    return f"{text[1:24]}Z" if value.microsecond else f"{text[1:20]}.000Z"


def ticket(row: asyncpg.Record) -> dict[str, Any]:
    """Write a row as the graph does."""
    (key, number, title, kind, impact, urgency, priority, opened, updated,
     version, assignee) = row  # fmt: skip
    return {
        "id": key,
        "number": number,
        "title": title,
        "type": kind,
        "impact": impact,
        "urgency": urgency,
        "priority": priority,
        "openedAt": instant(opened),
        "updatedAt": instant(updated),
        "version": version,
        "assignee": assignee and {"__typename": "User", "id": assignee},
    }


class Ceiling:
    """A bare ASGI app over one read pool."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.free: list[Any] = []

    async def fetch(self, sql: str, *values: object) -> list[asyncpg.Record]:
        """Read on a connection that nobody uses; none is ever reset."""
        connection = (
            self.free.pop()
            if self.free
            else await asyncpg.connect(self.url, server_settings={"timezone": "UTC"})
        )
        try:
            return await connection.fetch(sql, *values)
        finally:
            self.free.append(connection)

    async def answer(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Answer one of the three."""
        if query == ONE:
            rows = await self.fetch(SQL_ONE, variables["id"])
            return {"ticket": ticket(rows[0]) if rows else None}
        if query == LIST:
            rows = await self.fetch(SQL_LIST)
            return {"tickets": {"nodes": [ticket(row) for row in rows]}}
        assert query == ENTITIES  # noqa: S101 - there is no fourth
        keys = [each["id"] for each in variables["representations"]]
        found = {row["id"]: row for row in await self.fetch(SQL_MANY, keys)}
        tickets = [ticket(found[key]) if key in found else None for key in keys]
        return {"_entities": tickets}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        pieces: list[bytes] = []
        more = True
        while more:
            message = await receive()
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        request = orjson.loads(b"".join(pieces))
        data = await self.answer(request["query"], request["variables"])
        body = orjson.dumps({"data": data})
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
