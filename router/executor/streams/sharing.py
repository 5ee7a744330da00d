"""One stream from a subgraph for all of one caller who ask for the same."""

import asyncio
from collections.abc import Hashable
from contextlib import suppress

import structlog

from kit.streams.mailbox import COMPLETE, TRY_LATER, Ending, Mailbox
from router.executor.faults import SubgraphFault, unavailable
from router.executor.streams.interface import StreamEndedError, StreamTransport
from router.executor.transport.interface import Headers, Reply, TransportError

log = structlog.get_logger(__name__)

TOO_SLOW = Ending(
    "TOO_SLOW", "The events were not read in time; subscribe again.", TRY_LATER
)


class TooManyStreamsError(Exception):
    """So many streams are open that no other is opened."""


class Upstream:
    """One stream from a subgraph, and who reads it.

    ``over`` says that its readers have been told the end: nobody else may join.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.over = False
        self.readers: dict[Mailbox, None] = {}
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.task: asyncio.Task[None] | None = None

    async def run(
        self, transport: StreamTransport, body: bytes, headers: Headers
    ) -> None:
        """Connect, and give every reader each event until there are no more."""
        try:
            async with transport.events(body, headers) as events:
                self._open()
                if isinstance(events, Reply):
                    self._give(events.body)
                else:
                    async for event in events:
                        self._give(event)
            self._end(COMPLETE)
        except StreamEndedError as error:
            self._end(error.ending)
        except SubgraphFault as fault:
            self._fail(fault)
        except TransportError as error:
            self._fail(unavailable(self.service, str(error)))
        except Exception:
            log.exception("subscription.upstream_failed", service=self.service)
            self._fail(unavailable(self.service, "its stream could not be read"))
        finally:
            if not self.opened.done():
                self.opened.cancel()

    def _open(self) -> None:
        if not self.opened.done():
            self.opened.set_result(None)

    def _give(self, event: bytes) -> None:
        for reader in list(self.readers):
            if not reader.offer(event):
                reader.drop(TOO_SLOW)
                del self.readers[reader]

    def _end(self, ending: Ending) -> None:
        self.over = True
        self._open()
        for reader in self.readers:
            reader.end(ending)

    def _fail(self, fault: SubgraphFault) -> None:
        self.over = True
        if not self.opened.done():
            self.opened.set_exception(fault)
            self.opened.exception()  # who waits raises it; if nobody does, be quiet
        for reader in self.readers:
            reader.end(Ending(fault.code, fault.problem().message))


class Upstreams:
    """Every stream from subgraphs that is open, by what makes it the same stream."""

    def __init__(self, most: int | None, capacity: int) -> None:
        self._most = most
        self._capacity = capacity
        self._known: dict[Hashable, Upstream] = {}

    def __len__(self) -> int:
        return len(self._known)

    def each(self) -> list[Upstream]:
        """Give every stream that is open."""
        return list(self._known.values())

    async def join(
        self,
        key: Hashable,
        service: str,
        transport: StreamTransport,
        body: bytes,
        headers: Headers,
        *,
        seconds: float,
    ) -> Mailbox:
        """Read a stream with those who read it already, or open it.

        Raises:
            SubgraphFault: it cannot be opened (in time).
            TooManyStreamsError: too many are open.

        """
        upstream = self._known.get(key)
        if upstream is None or upstream.over:
            if self._most is not None and len(self._known) >= self._most:
                raise TooManyStreamsError
            upstream = self._known[key] = Upstream(service)
            run = upstream.run(transport, body, headers)
            upstream.task = asyncio.create_task(run)
            upstream.task.add_done_callback(lambda _: self._forget(key, upstream))
        mailbox = Mailbox(self._capacity)
        upstream.readers[mailbox] = None
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(upstream.opened)
        except TimeoutError:
            await self.leave(key, mailbox)
            raise unavailable(service, f"no stream in {seconds:.3g} s") from None
        except BaseException:
            await self.leave(key, mailbox)
            raise
        return mailbox

    async def leave(self, key: Hashable, mailbox: Mailbox) -> None:
        """Read no more; a stream without readers is closed."""
        upstream = self._known.get(key)
        if upstream is None:
            return
        upstream.readers.pop(mailbox, None)
        if not upstream.readers and upstream.task is not None:
            self._forget(key, upstream)
            upstream.task.cancel()
            with suppress(asyncio.CancelledError):
                await upstream.task

    def _forget(self, key: Hashable, upstream: Upstream) -> None:
        if self._known.get(key) is upstream:
            del self._known[key]

    async def close(self) -> None:
        """Close every stream."""
        for upstream in self.each():
            if upstream.task is not None:
                upstream.task.cancel()
                with suppress(asyncio.CancelledError):
                    await upstream.task
