"""Any way to a subgraph's events, with hooks before and behind it."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from router.executor.streams.interface import Events, StreamTransport
from router.executor.transport.interface import Headers, Reply
from router.hooks.load import Hooks
from router.hooks.transport import Around

EVENT = 200
"""What the status of an event is: that of the stream which brings it."""


class HookedStreams:
    """One subgraph's events; a hook that fails ends the stream and no other.

    To open a stream is a request; each event is an answer.
    """

    def __init__(self, inner: StreamTransport, subgraph: str, hooks: Hooks) -> None:
        self.inner = inner
        self._around = Around(subgraph, hooks)

    def events(
        self, body: bytes, headers: Headers
    ) -> AbstractAsyncContextManager[Events | Reply]:
        """Ask the hooks, and then for events.

        Raises:
            SubgraphFault: a hook failed.

        """
        return self._events(body, headers)

    @asynccontextmanager
    async def _events(
        self, body: bytes, headers: Headers
    ) -> AsyncGenerator[Events | Reply]:
        asked = await self._around.request(body, headers)
        if isinstance(asked, Reply):
            yield asked
            return
        async with self.inner.events(*asked) as found:
            if isinstance(found, Reply):
                yield await self._around.response(found)
            else:
                yield self._each(found)

    async def _each(self, events: Events) -> AsyncGenerator[bytes]:
        async for event in events:
            yield (await self._around.response(Reply(EVENT, event))).body

    async def close(self) -> None:
        """Close the way itself."""
        await self.inner.close()
