"""Subgraphs over HTTP(S) with keep-alive."""

import asyncio
import ssl
from collections import deque
from urllib.parse import urlsplit

from kit.connection.heads import header_lines
from router.executor.transport.connection import Connection, Heads
from router.executor.transport.interface import (
    FIXED,
    LARGEST_ANSWER,
    Headers,
    Reply,
    UnreachableError,
    Written,
)

CONNECT_SECONDS = 2.0
IDLE_SECONDS = 4.0
"""Shorter than the 5 s after which uvicorn hangs up on an idle connection."""


class HttpTransport:
    """One subgraph behind a URL, and the connections to it that are idle."""

    def __init__(self, url: str, *, largest_answer: int = LARGEST_ANSWER) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or (443 if secure else 80)
        self._ssl = ssl.create_default_context() if secure else None
        self._limit = largest_answer
        self._idle: deque[Connection] = deque()
        self._closed = False
        self._heads: Heads = {}
        self._head = request_head(
            f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", parts.netloc
        )

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """POST over an idle connection, or a new one."""
        lines = headers.lines if isinstance(headers, Written) else None
        if lines is None:
            lines = header_lines(headers)
            if isinstance(headers, Written):
                headers.lines = lines
        request = b"%s%scontent-length: %d\r\n\r\n%s" % (
            self._head,
            lines,
            len(body),
            body,
        )
        connection = self._take() or await self._connect()
        try:
            reply = await connection.ask(request)
        except UnreachableError:
            self._distrust()
            raise
        except BaseException:
            connection.abort()  # also when the caller has gone: let it be noticed
            raise
        self._give_back(connection)
        return reply

    def _take(self) -> Connection | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()  # the last used, so that the rest can age
            if connection.reusable and now - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.abort()
        return None

    def _give_back(self, connection: Connection) -> None:
        if self._closed or not connection.reusable:
            connection.abort()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle.append(connection)
        oldest = self._idle[0]
        if connection.idle_since - oldest.idle_since >= IDLE_SECONDS:
            self._idle.popleft().abort()

    def _distrust(self) -> None:
        """Drop the idle connections: where one was dead, so may the others be.

        Who asks again then gets a new one.
        """
        while self._idle:
            self._idle.pop().abort()

    async def _connect(self) -> Connection:
        if self._closed:
            raise UnreachableError("the router is stopping")
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._open()
        except TimeoutError as error:
            raise UnreachableError("it does not accept connections") from error
        except OSError as error:
            raise UnreachableError(reason_of(error)) from error

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(self._limit, self._heads),
            self._host,
            self._port,
            ssl=self._ssl,
        )
        return connection

    async def close(self) -> None:
        """Hang up on every idle connection; those in use follow when they end."""
        self._closed = True
        self._distrust()


def request_head(target: str, host: str) -> bytes:
    r"""Write what the requests to one subgraph have in common.

    >>> request_head("/graphql", "users:4001").split(b"\r\n")[:2]
    [b'POST /graphql HTTP/1.1', b'host: users:4001']
    """
    start = f"POST {target} HTTP/1.1\r\nhost: {host}\r\n".encode("ascii")
    return start + header_lines(FIXED)


def reason_of(error: OSError) -> str:
    """Say why no connection came about, without address or stack.

    >>> reason_of(ConnectionRefusedError(111, "Connection refused"))
    'Connection refused'
    """
    return error.strerror or type(error).__name__
