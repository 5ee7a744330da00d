"""A listener of its own for the metrics: no client reaches it, no middleware waits."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

PATIENCE = 5.0
"""Seconds for a whole request."""

LARGEST_HEAD = 8192

NONSENSE = (
    *(OSError, TimeoutError, ValueError),
    *(asyncio.IncompleteReadError, asyncio.LimitOverrunError),
)
"""What a client may do to a connection; it ends, and nobody is told."""


@asynccontextmanager
async def metrics_served(
    host: str, port: int, path: str, write: Callable[[], tuple[bytes, bytes]]
) -> AsyncGenerator[int]:
    """Answer ``GET path`` with what ``write`` gives; yields the port.

    ``write`` gives content type and body. One request, one connection.
    """

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(reply(head, path, write))
                await writer.drain()
        except NONSENSE:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, host, port, limit=LARGEST_HEAD)
    async with server:
        yield server.sockets[0].getsockname()[1]


def reply(head: bytes, path: str, write: Callable[[], tuple[bytes, bytes]]) -> bytes:
    r"""Answer one request, whatever it is.

    >>> reply(b"GET /other HTTP/1.1\r\n\r\n", "/metrics", lambda: (b"t", b"b"))[:22]
    b'HTTP/1.1 404 Not Found'
    """
    words = head.split(b"\r\n", 1)[0].split(b" ")
    target = words[1].partition(b"?")[0].decode("latin-1") if len(words) > 1 else ""
    status, media, body = b"404 Not Found", b"text/plain", b"There is nothing here.\n"
    if target == path and words[0] == b"GET":
        status = b"200 OK"
        media, body = write()
    return (
        b"HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n"
        b"connection: close\r\n\r\n%s" % (status, media, len(body), body)
    )
