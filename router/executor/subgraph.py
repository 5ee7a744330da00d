"""One subgraph, asked safely: in time, at most once more, and once for equals."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field

from router.executor.faults import unavailable
from router.executor.transport.interface import (
    Headers,
    Reply,
    Transport,
    TransportError,
    UnreachableError,
)


class LeaderGoneError(Exception):
    """The request that others waited for was given up; they ask for themselves."""


@dataclass(slots=True)
class Asked:
    """What one question came to, for the trace."""

    reply: Reply
    shared: bool


@dataclass(slots=True)
class Subgraph:
    """A subgraph's transport with its share of patience.

    ``timeout`` is in seconds; ``deduplicate`` lets identical queries that are on
    their way at the same time share one answer; ``include_errors`` lets clients
    read its errors whole.
    """

    name: str
    transport: Transport
    timeout: float = 3.0
    deduplicate: bool = True
    include_errors: bool = False
    _in_flight: dict[Hashable, asyncio.Future[Reply]] = field(
        default_factory=dict[Hashable, "asyncio.Future[Reply]"]
    )

    async def ask(
        self,
        body: bytes,
        headers: Headers,
        *,
        seconds: float,
        same_as: Hashable = None,
        repeatable: bool = False,
    ) -> Asked:
        """Send the body and wait at most ``seconds``, or the subgraph's own limit.

        ``same_as`` is what makes questions identical besides their body; None
        keeps this one to itself. ``repeatable`` (a query) is sent once more when
        nothing came back at all.

        Raises:
            SubgraphFault: no whole answer in time.

        """
        limit = min(seconds, self.timeout)
        if limit <= 0:
            raise unavailable(self.name, "the request's time was over")
        try:
            async with asyncio.timeout(limit):
                if same_as is None or not self.deduplicate:
                    reply = await self._send(body, headers, repeatable=repeatable)
                    return Asked(reply, shared=False)
                return await self._share((body, same_as), body, headers)
        except TimeoutError as error:
            raise unavailable(self.name, f"no answer in {limit:.3g} s") from error
        except TransportError as error:
            raise unavailable(self.name, str(error)) from error

    async def _share(self, key: Hashable, body: bytes, headers: Headers) -> Asked:
        while (leader := self._in_flight.get(key)) is not None:
            try:
                return Asked(await asyncio.shield(leader), shared=True)
            except LeaderGoneError:
                continue
        promise = asyncio.get_running_loop().create_future()
        self._in_flight[key] = promise
        try:
            reply = await self._send(body, headers, repeatable=True)
        except TransportError as error:
            settle(promise, error)
            raise
        except BaseException:
            settle(promise, LeaderGoneError())
            raise
        else:
            promise.set_result(reply)
            return Asked(reply, shared=False)
        finally:
            del self._in_flight[key]

    async def _send(self, body: bytes, headers: Headers, *, repeatable: bool) -> Reply:
        try:
            return await self.transport.send(body, headers)
        except UnreachableError:
            if not repeatable:
                raise
        return await self.transport.send(body, headers)


def settle(promise: "asyncio.Future[Reply]", error: Exception) -> None:
    """Tell those who wait; if nobody does, that is no error to report."""
    promise.set_exception(error)
    promise.exception()
