"""Any way to a subgraph, timed, traced, and told which trace it belongs to."""

from bisect import bisect_left
from collections.abc import AsyncGenerator, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from time import perf_counter
from typing import TYPE_CHECKING

from router.executor.streams.interface import (
    Events,
    StreamEndedError,
    StreamTransport,
)
from router.executor.transport.interface import (
    FAILED,
    GIVEN_UP,
    HTTP_ERROR,
    OK,
    Headers,
    Reply,
    Transport,
    TransportError,
)
from router.telemetry.instruments import Series
from router.telemetry.metrics import Metrics
from router.telemetry.trace_context import trace_context

if TYPE_CHECKING:
    from router.telemetry.spans import Spans

OK_HTTP, REFUSED = 200, 400


class SubgraphMeter:
    """The figures of requests to one subgraph."""

    def __init__(self, subgraph: str, metrics: Metrics) -> None:
        self._histogram = metrics.subgraphs
        self._subgraph = subgraph
        self._series: dict[str, Series] = {}

    def took(self, outcome: str, seconds: float) -> None:
        """Take note of one request: what became of it, and how long that took."""
        series = self._series.get(outcome)
        if series is None:
            series = self._histogram.of((self._subgraph, outcome))
            self._series[outcome] = series
        series.counts[bisect_left(series.buckets, seconds)] += 1  # as it observes
        series.total += seconds


class Measure:
    """A clock beside one subgraph.

    With ``tells`` the subgraph learns of the trace here, and not by the caller.
    """

    def __init__(
        self, subgraph: str, metrics: Metrics, spans: "Spans | None", *, tells: bool
    ) -> None:
        self._meter = SubgraphMeter(subgraph, metrics)
        self._spans = spans
        self._subgraph = subgraph
        self._tells = tells

    @contextmanager
    def of(self, headers: Headers) -> Generator["Measured"]:
        """Measure one request, from when it leaves until its outcome is known."""
        context = trace_context.get()
        span = None
        if context is not None and self._tells:
            if self._spans is None:
                headers += context.headers
            else:
                span, trace = self._spans.fetch(context, self._subgraph)
                headers += trace
        began = perf_counter()
        measured = Measured(headers)
        try:
            yield measured
        except TransportError:
            measured.outcome = FAILED
            raise
        finally:
            self._meter.took(measured.outcome, perf_counter() - began)
            if span is not None and self._spans is not None:
                outcome = measured.outcome
                self._spans.end_fetch(span, outcome, well=outcome == OK)


class Measured:
    """One request to a subgraph: what it is sent with, and what becomes of it."""

    __slots__ = ("headers", "outcome")

    def __init__(self, headers: Headers) -> None:
        self.headers = headers
        self.outcome = GIVEN_UP

    def answered(self, status: int) -> None:
        """Take note of a whole answer."""
        self.outcome = OK if status < REFUSED else HTTP_ERROR


class MeasuredTransport:
    """One subgraph, with a clock beside it."""

    def __init__(
        self, inner: Transport, subgraph: str, metrics: Metrics, spans: "Spans | None"
    ) -> None:
        self.inner = inner
        self._measure = Measure(subgraph, metrics, spans, tells=True)

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """Send, and note how long it took and what became of it."""
        with self._measure.of(headers) as measured:
            reply = await self.inner.send(body, measured.headers)
            measured.answered(reply.status)
        return reply

    async def close(self) -> None:
        """Close the way itself."""
        await self.inner.close()


class MeasuredStreams:
    """One subgraph's events, with a clock beside their beginning."""

    def __init__(self, inner: StreamTransport, measure: Measure) -> None:
        self.inner = inner
        self._measure = measure

    def events(
        self, body: bytes, headers: Headers
    ) -> AbstractAsyncContextManager[Events | Reply]:
        """Ask for events, and note how long it took until there is a stream."""
        return self._events(body, headers)

    @asynccontextmanager
    async def _events(
        self, body: bytes, headers: Headers
    ) -> AsyncGenerator[Events | Reply]:
        async with AsyncExitStack() as stack:
            with self._measure.of(headers) as measured:
                way = self.inner.events(body, measured.headers)
                try:
                    found = await stack.enter_async_context(way)
                except StreamEndedError:
                    measured.outcome = FAILED
                    raise
                measured.answered(found.status if isinstance(found, Reply) else OK_HTTP)
            yield found

    async def close(self) -> None:
        """Close the way itself."""
        await self.inner.close()
