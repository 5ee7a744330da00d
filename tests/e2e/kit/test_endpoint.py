"""A service on a real port: what clients do that no function call can do."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import asyncpg
import httpx
import pytest
import strawberry
import uvicorn
from sqlalchemy import func, select, text

from kit.app import Service, Surroundings, create_service
from kit.database import Query
from kit.graphql import Context, Schema
from kit.settings import ServiceSettings
from tests.support.execution import EXECUTION
from tests.support.tokens import bearer, verifier

SLEEP = Query(select(func.pg_sleep(30)))
BUSY = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND state <> 'idle'"
)
HELLO = b'{"query":"{hello}"}'


@strawberry.type(name="Query")
class Questions:
    @strawberry.field
    def hello(self) -> str:
        return "hi"

    @strawberry.field
    async def read(self, info: strawberry.Info[Context, None]) -> int:
        return len(await info.context.database.rows(SLEEP))


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write(self, info: strawberry.Info[Context, None]) -> int:
        async with info.context.database.unit_of_work() as session:
            await session.execute(text("CREATE TABLE trace (n int)"))
            await session.execute(text("SELECT pg_sleep(30)"))
        return 1


@pytest.fixture
async def service(url: str) -> AsyncGenerator[Service]:
    async with httpx.AsyncClient() as elsewhere:
        made = create_service(
            Schema(query=Questions, mutation=Mutation),
            ServiceSettings(domain="users", database_url=url, execution=EXECUTION),
            Context,
            surroundings=Surroundings(verifier(), elsewhere, poll=False),
        )
        yield made


@pytest.fixture
async def port(service: Service) -> AsyncGenerator[int]:
    """The service, served by uvicorn as in production."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(service, log_config=None, lifespan="on", http="httptools")
    )
    server.capture_signals = contextlib.nullcontext  # pyright: ignore[reportAttributeAccessIssue] - the tests have their own
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    await running
    listener.close()


@pytest.fixture
async def busy(url: str) -> AsyncGenerator[Callable[[], Any]]:
    """Count the sessions of the database that do anything."""
    connection = await asyncpg.connect(url)
    yield lambda: connection.fetchval(BUSY)
    await connection.close()


async def until(condition: Callable[[], Any], wanted: int) -> None:
    deadline = time.monotonic() + 60
    while await condition() != wanted:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def request_of(body: bytes, headers: str = "", length: int | None = None) -> bytes:
    return (
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        f"authorization: {bearer('usr_1')['authorization']}\r\n"
        f"content-length: {len(body) if length is None else length}\r\n{headers}\r\n"
    ).encode() + body


async def raw(port: int, *pieces: bytes) -> bytes:
    """Send bytes on a connection of its own and read what comes until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    try:
        return await asyncio.wait_for(reader.read(65536), 8)
    finally:
        writer.close()


@pytest.mark.parametrize("query", ["{ read }", "mutation { write }"])
async def test_clients_that_hang_up_leave_no_query_and_no_transaction_behind(
    port: int, busy: Callable[[], Any], service: Service, query: str
) -> None:
    clients = [
        await asyncio.open_connection("127.0.0.1", port)
        for _ in range(5 if "read" in query else 1)
    ]
    for _, writer in clients:
        writer.write(request_of(b'{"query":"%s"}' % query.encode()))
    await until(busy, len(clients))
    for _, writer in clients:
        writer.close()

    await until(busy, 0)
    traces = Query(select(func.to_regclass("trace")))
    assert (await service.database.rows(traces))[0][0] is None
    assert b'{"data":{"hello":"hi"}}' in await raw(
        port, request_of(HELLO, "connection: close\r\n")
    )


async def test_a_hundred_clients_that_drop_leave_the_service_as_it_was(
    port: int, busy: Callable[[], Any]
) -> None:
    async def drop() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_of(b'{"query":"{ read }"}'))
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()

    await asyncio.gather(*(drop() for _ in range(100)))
    await until(busy, 0)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        begun = time.monotonic()
        answer = await http.get("/health")
        assert (answer.status_code, answer.json()) == (200, {"status": "UP"})
        assert time.monotonic() - begun < 3


async def test_a_body_too_large_is_refused_before_it_was_sent(port: int) -> None:
    answer = await raw(port, request_of(b"", length=10**9), b"x" * 1000)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer


async def test_head_and_options_are_answered_by_http_alone(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        for method in ("HEAD", "OPTIONS", "GET"):
            answer = await http.request(method, "/graphql")
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert (await http.head("/graphql")).content == b""


async def test_two_requests_on_one_connection_are_answered_in_turn(port: int) -> None:
    last = request_of(HELLO, "connection: close\r\n")
    answer = await raw(port, request_of(HELLO) + last)

    assert answer.count(b'{"data":{"hello":"hi"}}') == 2
