"""An application on a port of its own, in the test's own event loop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from helpnest.serve import listen
from router.app.connection import Connection


@asynccontextmanager
async def served(app: Any) -> AsyncGenerator[str]:
    """Serve an application on a port of its own."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        http=Connection,
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
        server.force_exit = True
        await running
        listener.close()
