"""One scripted subgraph, reached in each of the three ways.

The network is what transports are about, so these tests do open sockets: loopback
and a temporary unix socket.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from router.executor.transport.in_process import InProcessTransport, Message
from router.executor.transport.interface import Transport
from router.executor.transport.over_http import HttpTransport
from router.executor.transport.over_unix import UnixTransport

LIMIT = 50_000
ANSWER = b'{"data":{"ok":true}}'


@dataclass
class Scripted:
    """What the subgraph does next, and what it was asked."""

    behaviour: str = "answer"
    bodies: list[bytes] = field(default_factory=list[bytes])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    cancelled: bool = False
    connections: set[asyncio.StreamWriter] = field(
        default_factory=set[asyncio.StreamWriter]
    )

    async def kill(self, server: asyncio.Server) -> None:
        """End the server and its open connections, as a killed process does."""
        server.close()
        for writer in tuple(self.connections):
            writer.transport.abort()
        await server.wait_closed()
        await asyncio.sleep(0.01)

    async def asgi(self, scope: Message, receive: Any, send: Any) -> None:
        self.bodies.append((await receive())["body"])
        self.headers.append({k.decode(): v.decode() for k, v in scope["headers"]})
        if self.behaviour == "hang up":
            raise ConnectionResetError
        if self.behaviour == "hang":
            await self.hang()
        status = 503 if self.behaviour == "fail" else 200
        kind = [(b"Content-Type", b"application/json"), (b"x-two", b"1")]
        await send({"type": "http.response.start", "status": status, "headers": kind})
        more = self.behaviour in {"truncate", "chunks", "large chunks"}
        body = b"x" * (LIMIT + 1) if "large" in self.behaviour else ANSWER
        await send({"type": "http.response.body", "body": body, "more_body": more})
        if "chunks" in self.behaviour:
            await send({"type": "http.response.body", "body": b" "})

    async def hang(self) -> None:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    async def stream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections.add(writer)
        try:
            while await self.exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        finally:
            self.connections.discard(writer)
            writer.close()

    async def exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head)}
        self.headers.append(headers)
        self.bodies.append(await reader.readexactly(int(headers["content-length"])))
        if self.behaviour == "hang up":
            return False
        if self.behaviour == "hang":
            # The client leaving shows as the end of its stream.
            await asyncio.wait_for(reader.read(1), 30)
            self.cancelled = True
            return False
        writer.write(self.response())
        await writer.drain()
        return self.behaviour != "truncate"

    def response(self) -> bytes:
        start = b"HTTP/1.1 503 Down" if self.behaviour == "fail" else b"HTTP/1.1 200 OK"
        start += b"\r\nContent-Type: application/json\r\nx-two: 1\r\n"
        body = b"x" * (LIMIT + 1) if "large" in self.behaviour else ANSWER
        if "chunks" in self.behaviour:
            chunks = [b"%x\r\n%s\r\n" % (len(c), c) for c in (body, b" ", b"")]
            return start + b"transfer-encoding: chunked\r\n\r\n" + b"".join(chunks)
        promised = len(body) + (10 if self.behaviour == "truncate" else 0)
        return start + b"content-length: %d\r\n\r\n" % promised + body


@dataclass
class Reached:
    """A transport, the subgraph behind it, and how to kill and restart that."""

    transport: Transport
    subgraph: Scripted
    stop: Callable[[], Awaitable[None]] | None = None
    start: Callable[[], Awaitable[None]] | None = None


@asynccontextmanager
async def over_http(subgraph: Scripted) -> AsyncGenerator[Reached]:
    server = await asyncio.start_server(subgraph.stream, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    running = {"server": server}

    async def stop() -> None:
        await subgraph.kill(running["server"])

    async def start() -> None:
        running["server"] = await asyncio.start_server(
            subgraph.stream, "127.0.0.1", port
        )

    transport = HttpTransport(f"http://127.0.0.1:{port}/graphql", largest_answer=LIMIT)
    yield Reached(transport, subgraph, stop, start)
    await transport.close()
    await stop()


@asynccontextmanager
async def over_unix(subgraph: Scripted, folder: Path) -> AsyncGenerator[Reached]:
    path = str(folder / "s.sock")
    running = {"server": await asyncio.start_unix_server(subgraph.stream, path)}

    async def stop() -> None:
        await subgraph.kill(running["server"])

    async def start() -> None:
        Path(path).unlink(missing_ok=True)  # noqa: ASYNC240 - a test's own file
        running["server"] = await asyncio.start_unix_server(subgraph.stream, path)

    transport = UnixTransport(f"unix://{path}?path=/graphql", largest_answer=LIMIT)
    yield Reached(transport, subgraph, stop, start)
    await transport.close()
    await stop()


@pytest.fixture(params=["http", "unix", "in process"])
async def reached(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[Reached]:
    subgraph = Scripted()
    if request.param == "http":
        async with over_http(subgraph) as found:
            yield found
    elif request.param == "unix":
        async with over_unix(subgraph, tmp_path) as found:
            yield found
    else:
        yield Reached(InProcessTransport(subgraph.asgi, largest_answer=LIMIT), subgraph)
