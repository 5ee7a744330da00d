"""A subgraph's address and settings → the way to its events."""

from contextlib import AbstractAsyncContextManager

from router.executor.streams.in_process import InProcessStreams
from router.executor.streams.interface import Events, StreamTransport
from router.executor.transport.choose import IN_PROCESS_PATH
from router.executor.transport.in_process import AsgiApp
from router.executor.transport.interface import Headers, Reply
from router.settings.subscription import Passthrough


def open_streams(
    target: str | AsgiApp,
    *,
    largest_answer: int,
    secret: bytes | None,
    passthrough: Passthrough | None,
) -> StreamTransport:
    """Choose by what the target is, and how router.yaml wants it asked."""
    if not isinstance(target, str):
        return InProcessStreams(
            target,
            path=IN_PROCESS_PATH,
            largest_answer=largest_answer,
            secret=secret,
        )
    return OnFirstUse(
        target,
        largest_answer=largest_answer,
        secret=secret,
        passthrough=passthrough,
    )


class OnFirstUse:
    """A way over HTTP that is not made before somebody wants events.

    Its library takes a tenth of a second and ten megabytes.
    """

    def __init__(
        self,
        url: str,
        *,
        largest_answer: int,
        secret: bytes | None,
        passthrough: Passthrough | None,
    ) -> None:
        self._url = url
        self._largest = largest_answer
        self._secret = secret
        self._passthrough = passthrough
        self._made: StreamTransport | None = None

    def events(
        self, body: bytes, headers: Headers
    ) -> AbstractAsyncContextManager[Events | Reply]:
        """Ask for events."""
        if self._made is None:
            self._made = self._make()
        return self._made.events(body, headers)

    def _make(self) -> StreamTransport:
        from router.executor.streams.over_http import (  # noqa: PLC0415 - see above
            HttpStreams,
        )

        passthrough = self._passthrough
        return HttpStreams(
            self._url,
            largest_answer=self._largest,
            secret=self._secret,
            websocket=passthrough is not None,
            path=passthrough.path if passthrough else None,
        )

    async def close(self) -> None:
        """Hang up, if there was anything."""
        if self._made is not None:
            await self._made.close()
