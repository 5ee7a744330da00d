"""Subgraphs on the same machine, behind a unix socket."""

import asyncio
from urllib.parse import parse_qs, urlsplit

from router.executor.transport.connection import Connection
from router.executor.transport.interface import LARGEST_ANSWER
from router.executor.transport.over_http import HttpTransport


class UnixTransport(HttpTransport):
    """One subgraph behind ``unix:///path/to.sock?path=/graphql``."""

    def __init__(self, url: str, *, largest_answer: int = LARGEST_ANSWER) -> None:
        self._socket, path = socket_and_path(url)
        super().__init__(f"http://localhost{path}", largest_answer=largest_answer)

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_unix_connection(
            lambda: Connection(self._limit, self._heads), self._socket
        )
        return connection


def socket_and_path(url: str) -> tuple[str, str]:
    """Split a unix URL into the socket's file and the HTTP path.

    >>> socket_and_path("unix:///run/users.sock?path=/graphql")
    ('/run/users.sock', '/graphql')
    >>> socket_and_path("unix:///run/users.sock")
    ('/run/users.sock', '/')
    """
    parts = urlsplit(url)
    return parts.path, parse_qs(parts.query).get("path", ["/"])[0]
