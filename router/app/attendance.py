"""Work that ends when the client goes away."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from kit.patience import ClientGoneError
from router.app.asgi import Receive

Result = TypeVar("Result")

UNATTENDED_SECONDS = 0.02
"""Work that is done sooner is not worth a second task beside it."""

MOST_MESSAGES = 2
"""The empty body of a GET, and the end: a server that says more is not listened to."""


async def attended(work: Coroutine[Any, Any, Result], receive: Receive) -> Result:
    """Do the work; stop when the client has hung up.

    The request's body has been read: what comes now can only be the end.

    Raises:
        ClientGoneError: the client went away first.

    """
    loop = asyncio.get_running_loop()
    watch = Watch(asyncio.current_task(), receive)
    timer = loop.call_later(UNATTENDED_SECONDS, watch.start)
    try:
        return await work
    except asyncio.CancelledError as error:
        if watch.gone:
            raise ClientGoneError from error
        raise
    finally:
        timer.cancel()
        watch.stop()


class Watch:
    """A look at the client while work for it is under way."""

    __slots__ = ("_receive", "_watcher", "_worker", "gone")

    def __init__(self, worker: "asyncio.Task[Any] | None", receive: Receive) -> None:
        self._worker = worker
        self._receive = receive
        self._watcher: asyncio.Task[None] | None = None
        self.gone = False

    def start(self) -> None:
        """Begin to look."""
        self._watcher = asyncio.ensure_future(self._look())

    def stop(self) -> None:
        """Look no longer."""
        if self._watcher is not None:
            self._watcher.cancel()
        if self.gone and self._worker is not None:
            self._worker.uncancel()

    async def _look(self) -> None:
        for _ in range(MOST_MESSAGES):
            if (await self._receive())["type"] == "http.disconnect":
                self.gone = True
                if self._worker is not None:
                    self._worker.cancel()
                return
