"""One subgraph, asked safely: in time, at most once more, and once for equals."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from time import perf_counter

from router.executor.breaker import Breaker
from router.executor.faults import SERVER_ERROR, unavailable
from router.executor.patience import Patience
from router.executor.sharing import Sharing
from router.executor.streams.interface import StreamTransport
from router.executor.transport.interface import (
    FAILED,
    GIVEN_UP,
    HTTP_ERROR,
    OK,
    Headers,
    Meter,
    Reply,
    Transport,
    TransportError,
    UnreachableError,
)

REFUSED = 400


@dataclass(slots=True)
class Subgraph:
    """A subgraph's transport with its share of patience.

    ``timeout`` is in seconds; ``deduplicate`` lets identical queries that are on
    their way at the same time share one answer; ``include_errors`` lets clients
    read its errors whole, ``readable`` the messages of these codes. With a
    ``breaker`` it is left alone while it mostly fails; a ``meter`` is told what became
    of each request, and how long that took.
    """

    name: str
    transport: Transport
    timeout: float = 3.0
    deduplicate: bool = True
    include_errors: bool = False
    readable: frozenset[str] = frozenset()
    breaker: Breaker | None = None
    streams: StreamTransport | None = None
    meter: Meter | None = None
    _sharing: Sharing[Reply] = field(default_factory=Sharing[Reply])
    _patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self._patience = Patience(self.timeout)

    async def ask(
        self,
        body: bytes,
        headers: Headers,
        *,
        seconds: float,
        same_as: Hashable = None,
        repeatable: bool = False,
    ) -> tuple[Reply, bool]:
        """Send the body and wait at most ``seconds``, or the subgraph's own limit.

        ``same_as`` is what makes questions identical besides their body; None
        keeps this one to itself. ``repeatable`` (a query) is sent once more when
        nothing came back at all. Told beside the reply is whether it was shared.

        Raises:
            SubgraphFault: no whole answer in time.

        """
        limit = min(seconds, self.timeout)
        if limit <= 0:
            raise unavailable(self.name, "the request's time was over")
        if self.breaker is not None and self.breaker.open:
            self._spare(self.breaker)
        patience = self._patience
        wait = patience.begin(limit)
        try:
            if same_as is None or not self.deduplicate:
                return await self._send(body, headers, repeatable=repeatable), False
            return await self._sharing.get(
                (body, same_as), lambda: self._send(body, headers, repeatable=True)
            )
        except asyncio.CancelledError as error:
            if not wait.was_over():
                raise
            # Where the request had less time than that, it is not the subgraph's fault.
            if self.breaker is not None and limit == self.timeout:
                self.breaker.failed()
            raise unavailable(self.name, f"no answer in {limit:.3g} s") from error
        except TransportError as error:
            raise unavailable(self.name, str(error)) from error
        finally:
            patience.end(wait)

    def _spare(self, breaker: Breaker) -> None:
        if not breaker.admits():
            raise unavailable(
                self.name, "it failed too often of late and is left alone for a moment"
            )

    async def _send(self, body: bytes, headers: Headers, *, repeatable: bool) -> Reply:
        breaker = self.breaker
        while True:
            began, outcome = perf_counter(), GIVEN_UP
            try:
                reply = await self.transport.send(body, headers)
                outcome = OK if reply.status < REFUSED else HTTP_ERROR
                break
            except TransportError as error:
                outcome = FAILED
                if repeatable and isinstance(error, UnreachableError):
                    repeatable = False
                    continue
                if breaker is not None:
                    breaker.failed()
                raise
            finally:
                if self.meter is not None:
                    self.meter.took(outcome, perf_counter() - began)
        if breaker is not None and (breaker.attentive or reply.status >= SERVER_ERROR):
            breaker.answered(well=reply.status < SERVER_ERROR)
        return reply
