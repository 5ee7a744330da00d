"""Any way to a subgraph, timed, traced, and told which trace it belongs to."""

from bisect import bisect_left
from time import perf_counter
from typing import TYPE_CHECKING

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

REFUSED = 400


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


class MeasuredTransport:
    """One subgraph, with a clock beside it."""

    def __init__(
        self, inner: Transport, subgraph: str, metrics: Metrics, spans: "Spans | None"
    ) -> None:
        self.inner = inner
        self._meter = SubgraphMeter(subgraph, metrics)
        self._spans = spans
        self._subgraph = subgraph

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """Send, and note how long it took and what became of it."""
        context = trace_context.get()
        span = None
        if context is not None:
            if self._spans is None:
                headers += context.headers
            else:
                span, trace = self._spans.fetch(context, self._subgraph)
                headers += trace
        began = perf_counter()
        outcome = GIVEN_UP
        try:
            reply = await self.inner.send(body, headers)
            outcome = OK if reply.status < REFUSED else HTTP_ERROR
        except TransportError:
            outcome = FAILED
            raise
        else:
            return reply
        finally:
            self._meter.took(outcome, perf_counter() - began)
            if span is not None:
                span.set_attribute("outcome", outcome)
                span.end()

    async def close(self) -> None:
        """Close the way itself."""
        await self.inner.close()
