"""A thousand clients hang up in the middle of their queries, and nothing is left."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import pytest

from kit.database import database
from tests.support.stack import Graph
from tests.support.tokens import bearer

CLIENTS = 1_000
QUERY = "query($n: String) { tickets(filter: {title: {eq: $n}}) { nodes { id } } }"
SCOPES = ["tickets:read", "tickets:read_all"]

# The clients' own statements: what works by itself waits for the lock too.
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND application_name = 'helpnest-read' AND state <> 'idle'
  AND query LIKE '%tickets.title = %'
"""


async def leave_in_the_middle(graph: Graph, n: int, leave: asyncio.Event) -> list[Any]:
    """Send a query of one's own, hang up when told, and give what was answered."""
    body = orjson.dumps({"query": QUERY, "variables": {"n": str(n)}})
    token = bearer("usr_1", scopes=SCOPES)["authorization"]
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        await leave.wait()
        return {"type": "http.disconnect"}

    answered: list[Any] = []

    async def send(message: Any) -> None:
        answered.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": [
            (b"content-type", b"application/json"),
            (b"authorization", token.encode()),
        ],
    }
    await graph.stack.app(scope, receive, send)
    return answered


@pytest.fixture(autouse=True)
def patient_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no statement time out either: those here wait for a lock."""
    monkeypatch.setattr(database, "COMMAND_SECONDS", 120.0)


def patient(graph: Graph) -> None:
    """Let nothing time out: on a busy machine a thousand queries take a while."""
    entrance: Any = graph.stack.app
    entrance.app.gateway.patience = 120.0
    entrance.app.gateway.subgraphs["tickets"].timeout = 120.0


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await done():  # noqa: ASYNC110 - what is waited for raises no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_clients_that_leave_take_their_work_with_them(
    graph: Graph, database_url: Callable[[str], str]
) -> None:
    patient(graph)
    leave = asyncio.Event()
    before = len(asyncio.all_tasks())
    url = database_url("tickets")
    async with connected(url) as locking, connected(url) as looking:

        async def nothing_runs() -> bool:
            return await looking.fetchval(BUSY) == 0

        async def some_run() -> bool:
            return not await nothing_runs()

        async def no_task_is_left() -> bool:
            return len(asyncio.all_tasks()) <= before

        async with locking.transaction():
            # Nobody reads tickets while this lasts: every query is in its middle.
            await locking.execute("LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE")
            clients = [
                asyncio.create_task(leave_in_the_middle(graph, n, leave))
                for n in range(CLIENTS)
            ]
            await until(some_run)
            leave.set()
            assert await asyncio.gather(*clients) == [[]] * CLIENTS
            await until(nothing_runs)  # in the server too, though the lock is held
        await until(no_task_is_left)
        found = await graph.data(QUERY, {"n": "1"}, subject="usr_1", scopes=SCOPES)
        assert found == {"tickets": {"nodes": []}}
        assert await nothing_runs()
