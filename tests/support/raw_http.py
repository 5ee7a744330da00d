"""Bytes on a connection, and the answers that come back: what no library would do."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Answered:
    """One answer as it came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give a header's value."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass
class Raw:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *pieces: bytes) -> None:
        """Write each piece apart."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            if len(pieces) > 1:
                await asyncio.sleep(0.01)  # so that each arrives by itself

    async def read(self) -> Answered:
        """Read the next answer."""
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip("\r\n").split("\r\n")
            parts = [line.partition(":") for line in lines]
            headers = [(name.lower(), value.strip()) for name, _, value in parts]
            answered = Answered(int(first.split()[1]), headers, b"")
            length = int(answered.header("content-length") or 0)
            answered.body = await self.reader.readexactly(length)
        return answered

    async def ask(self, *pieces: bytes) -> Answered:
        """Send one request and read its answer."""
        await self.send(*pieces)
        return await self.read()

    async def is_over(self) -> bool:
        """Wait for the other side to hang up."""
        async with asyncio.timeout(10):
            return await self.reader.read() == b""


def post(body: bytes, *lines: bytes, path: bytes = b"/graphql") -> bytes:
    """Write a request as every client does."""
    head = [
        b"POST %s HTTP/1.1" % path,
        b"host: router",
        b"content-type: application/json",
        b"content-length: %d" % len(body),
        *lines,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Raw]:
    """Open a connection to where a URL leads."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()
