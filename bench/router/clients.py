"""``python -m bench.router.clients``: what a request to a subgraph costs, by client.

POST of a small GraphQL request over keep-alive; the server runs on the other core and
answers from memory. CPU (user and system, all threads) per request, in microseconds.
The last column says whether a server notices that its caller has given up.
"""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import uvloop
from pyreqwest.client import ClientBuilder

from router.executor.transport.over_http import HttpTransport

PORT = 4230
URL = f"http://127.0.0.1:{PORT}/graphql"
BODY = b'{"query":"{topProducts{upc name price reviews{id body author{id name}}}}"}'
HEADERS = {"content-type": "application/json", "authorization": "Bearer token"}
SIZES = {"small": 200, "large": 10_000}

Ask = Callable[[], Awaitable[Any]]


class Server(asyncio.Protocol):
    """Answers each request with as many bytes as it was started with."""

    answer = b""
    left = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self.transport: Any = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        """Answer whole requests; one that asks to wait is not answered at all."""
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head = self.waiting[:end].lower()
            start = head.find(b"content-length:") + 15
            length = int(head[start:].split(b"\r\n", 1)[0])
            if len(self.waiting) < end + 4 + length:
                return
            body = self.waiting[end + 4 : end + 4 + length]
            self.waiting = self.waiting[end + 4 + length :]
            if body == b"left":
                self.transport.write(with_head(str(Server.left).encode()))
            elif body != b"wait":
                self.transport.write(Server.answer)
            else:
                self.hung = True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - its name
        """Count callers that went away while they were waited for."""
        Server.left += getattr(self, "hung", False)


def with_head(body: bytes) -> bytes:
    """Write a whole HTTP answer."""
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
    return head + body


def serve(size: int) -> None:
    """Be the server, on a core of its own."""
    os.sched_setaffinity(0, {1})
    Server.answer = with_head(b'{"data":"%s"}' % (b"x" * size))

    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Server, "127.0.0.1", PORT)
        await server.serve_forever()

    uvloop.run(forever())


def with_aiohttp() -> Callable[[bytes], Awaitable[Any]]:
    """Ask by aiohttp's client."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    )

    async def ask(body: bytes) -> bytes:
        async with session.post(URL, data=body, headers=HEADERS) as answer:
            return await answer.read()

    return ask


def with_pyreqwest() -> Callable[[bytes], Awaitable[Any]]:
    """Ask by Rust's reqwest."""
    client = ClientBuilder().build()

    async def ask(body: bytes) -> bytes:
        request = client.post(URL).headers(HEADERS).body_bytes(body).build()
        return bytes(await (await request.send()).bytes())

    return ask


def with_ours() -> Callable[[bytes], Awaitable[Any]]:
    """Ask by the router's own."""
    transport = HttpTransport(URL)

    async def ask(body: bytes) -> bytes:
        return (await transport.send(body, ((b"authorization", b"Bearer token"),))).body

    return ask


CLIENTS = {"aiohttp": with_aiohttp, "pyreqwest": with_pyreqwest, "ours": with_ours}


async def measure(ask: Callable[[bytes], Awaitable[Any]], together: int) -> float:
    """Give the least of several runs."""

    async def some(count: int) -> None:
        for _ in range(count):
            async with asyncio.timeout(3):
                await ask(BODY)

    best = float("inf")
    for _ in range(6):
        before = time.process_time()
        await asyncio.gather(*(some(2_000 // together) for _ in range(together)))
        best = min(best, (time.process_time() - before) / 2_000)
    return best * 1e6


async def notices(ask: Callable[[bytes], Awaitable[Any]]) -> bool:
    """Say whether the server sees that a caller gave up."""
    before = int(await ask(b"left"))
    try:
        async with asyncio.timeout(0.2):
            await ask(b"wait")
    except TimeoutError:
        await asyncio.sleep(0.2)
    return int(await ask(b"left")) > before


async def main() -> None:
    """Measure each client with short and with long answers."""
    for label, size in SIZES.items():
        server = multiprocessing.Process(target=serve, args=(size,), daemon=True)
        server.start()
        await asyncio.sleep(1)
        for name, make in CLIENTS.items():
            ask = make()
            one, many = await measure(ask, 1), await measure(ask, 16)
            seen = "noticed" if await notices(ask) else "not noticed"
            print(f"{label:<6} {name:<10} one {one:6.1f}  sixteen {many:6.1f}  {seen}")
        server.terminate()
        server.join()
    os._exit(0)  # aiohttp's session is not closed; nothing is left to lose


if __name__ == "__main__":
    os.sched_setaffinity(0, {0})
    multiprocessing.set_start_method("spawn")
    uvloop.run(main())
