"""An application on a port of its own, in the test's own event loop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from helpnest.serve import listen
from kit.connection.connection import Connection


@asynccontextmanager
async def served(
    app: Any,
    protocol: type[asyncio.Protocol] = Connection,
    *,
    keep_alive: int = 5,
    drain: int | None = None,
) -> AsyncGenerator[str]:
    """Serve an application on a port of its own; with ``drain`` end gracefully."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        http=protocol,
        proxy_headers=False,  # it would stand before the application's short way
        timeout_keep_alive=keep_alive,
        timeout_graceful_shutdown=drain,
        ws="websockets-sansio",
    )
    server = uvicorn.Server(config)
    server.config.load()
    running = asyncio.create_task(server._serve(sockets=[listener]))
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.002)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    finally:
        server.should_exit = True
        server.force_exit = drain is None
        await running
        listener.close()
