"""Work that ends when the client goes away."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from router.app.asgi import Receive

Result = TypeVar("Result")

MOST_MESSAGES = 2
"""The empty body of a GET, and the end: a server that says more is not listened to."""


class ClientGoneError(Exception):
    """Nobody is there any more to answer."""


async def attended(work: Coroutine[Any, Any, Result], receive: Receive) -> Result:
    """Do the work; stop when the client has hung up.

    The request's body has been read: what comes now can only be the end.

    Raises:
        ClientGoneError: the client went away first.

    """
    worker = asyncio.current_task()
    gone = False

    async def watch() -> None:
        nonlocal gone
        for _ in range(MOST_MESSAGES):
            if (await receive())["type"] == "http.disconnect":
                gone = True
                if worker is not None:
                    worker.cancel()
                return

    watcher = asyncio.create_task(watch())
    try:
        return await work
    except asyncio.CancelledError as error:
        if not gone or worker is None:
            raise
        worker.uncancel()
        raise ClientGoneError from error
    finally:
        watcher.cancel()
