"""Serve the router with uvicorn, uvloop and httptools."""

from pathlib import Path

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
    uvicorn.run(
        app,
        host=host or own_host,
        port=own_port if port is None else port,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe, router.yaml says
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


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
