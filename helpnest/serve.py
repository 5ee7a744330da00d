"""Serve an ASGI application on a socket until a signal says stop."""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable, Coroutine, Generator
from typing import Literal

import uvicorn
import uvloop

from helpnest.errors import CannotStartError
from helpnest.lifespan import AsgiApp
from kit.garbage import look_seldom, settle

BACKLOG = 2048
DRAIN_SECONDS = 10  # for requests under way when the stop comes
LARGEST_MESSAGE = 4_000_000  # bytes of one WebSocket message; what serves takes less


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is started for it.

    Raises:
        CannotStartError: it is taken, or the host is not ours; what to do about it.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        raise CannotStartError(_why_not(host, port, error)) from error
    return taken


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop that one, or choose "
            f"another port: PORT={port + 1} make up."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is for root alone. Choose one above 1023: PORT=4000."
    return (
        f"HelpNest cannot listen on {host}, port {port}: {error.strerror or error}. "
        "Choose another HOST; 127.0.0.1 always works."
    )


class Server(uvicorn.Server):
    """uvicorn, but the signals are ours, and it says when it listens."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._leave = leave

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        settle()
        self._ready()

    def stop(self) -> None:
        """Finish what is under way and end; asked twice, end at once."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._leave()


async def serve(
    app: AsgiApp, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Answer requests on ``listener`` until SIGINT or SIGTERM, then finish them.

    The application's lifespan is its caller's matter. ``ready`` is called when
    the first request can be answered. An application that has a ``leave`` ends its
    streams there: they would go on for ever.
    """
    # What it says at INFO, we say in our own words.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe, router.yaml says
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # a window for each connection, and bombs
        http=_protocol(app),
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    leave: Callable[[], None] = getattr(app, "leave", _nothing)
    server = Server(config, ready, leave)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, server.stop)
    await server.serve(sockets=[listener])


def _protocol(app: AsgiApp) -> "type[asyncio.Protocol] | Literal['httptools']":
    """Choose how connections are served: an application may have its own short way."""
    if not hasattr(app, "short_way"):
        return "httptools"
    from kit.connection.connection import Connection  # noqa: PLC0415 - it takes uvicorn's protocol, and some never listen

    return Connection


def _nothing() -> None:
    """Leave: an application without streams has nothing that would not end."""


def run(work: Coroutine[object, object, None]) -> None:
    """Run ``work`` on the fast event loop."""
    look_seldom()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
