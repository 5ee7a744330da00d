"""Serve the router with uvicorn, uvloop and httptools."""

import asyncio
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn

from kit.connection.connection import Connection
from kit.garbage import keep, look_seldom, settle
from kit.logs import configure_logs
from router.app import create_app
from router.app.reload import Source
from router.errors import ConfigurationError
from router.settings import load_settings

DRAIN_SECONDS = 15
"""Longer than the longest request, so that none is cut off when the router stops."""

LAST_WORDS = 0.1
"""Seconds in which streams say why they end."""

LARGEST_MESSAGE = 4_000_000
"""Bytes of one WebSocket message; what serves takes less."""


def run_server(
    supergraph: Path, config: Path | None, host: str | None, port: int | None
) -> None:
    """Listen until a signal says stop.

    Raises:
        RouterError: the supergraph or the settings cannot be used.

    """
    configure_logs("json")
    settings = load_settings(config)
    own_host, own_port = address_of(settings.supergraph.listen)
    source = Source(supergraph, config)
    app = create_app(*source.read(), source=source, settle=settle)
    look_seldom()
    keep()
    served = uvicorn.Config(
        app,
        host=host or own_host,
        port=own_port if port is None else port,
        loop="uvloop",
        http=Connection,
        ws=websocket,  # pyright: ignore[reportArgumentType] - uvicorn only calls it
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # a window for each connection, and bombs
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe, router.yaml says
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = Server(served, app.leave)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(1)


class Server(uvicorn.Server):
    """uvicorn's server, which tells streams first that it is going to stop.

    They would not end by themselves, and uvicorn would wait for them to the last.
    """

    def __init__(self, config: uvicorn.Config, leave: Callable[[], None]) -> None:
        super().__init__(config)
        self._leave = leave

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams end with a reason, and then all else."""
        self._leave()
        await asyncio.sleep(LAST_WORDS)
        await super().shutdown(sockets)


def websocket(**given: Any) -> asyncio.Protocol:
    """Serve a connection that became a WebSocket; the first loads what that needs."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import (  # noqa: PLC0415 - see above
        WebSocketsSansIOProtocol,
    )

    return WebSocketsSansIOProtocol(**given)


def address_of(listen: str) -> tuple[str, int]:
    """Split an address into host and port.

    >>> address_of("127.0.0.1:4000"), address_of("[::1]:80")
    (('127.0.0.1', 4000), ('::1', 80))

    Raises:
        ConfigurationError: there is no port.

    """
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal():
        raise ConfigurationError(f"supergraph.listen: {listen!r} is not host:port")
    return host.strip("[]"), int(port)
