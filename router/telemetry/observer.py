"""One request, observed: counted, traced, and told of in the log."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import Token
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from router.settings.model import Settings
from router.telemetry.access_log import AccessLog
from router.telemetry.metrics import Metrics
from router.telemetry.record import Record
from router.telemetry.trace_context import TraceContext, read_context, trace_context

if TYPE_CHECKING:
    from router.telemetry.spans import Spans

RawHeaders = list[tuple[bytes, bytes]]

QUEUE_EVERY = 0.25
"""Seconds between two looks at how long the event loop lets things wait."""


@dataclass(slots=True)
class Observed:
    """A request that is being observed."""

    record: Record
    context: TraceContext
    token: Token[TraceContext | None]


class Observer:
    """Everything that watches requests; made once, it outlives every reload."""

    def __init__(
        self,
        settings: Settings,
        metrics: Metrics | None = None,
        spans: "Spans | None" = None,
        access_log: AccessLog | None = None,
    ) -> None:
        self.metrics = metrics or Metrics()
        self.spans = spans
        self.access_log = access_log
        if access_log is None and settings.helpnest.access_log:
            self.access_log = AccessLog()
        if spans is None and settings.telemetry.exporters.tracing.otlp.enabled:
            # Its library takes a tenth of a second and 15 MB.
            from router.telemetry.spans import Spans  # noqa: PLC0415 - see above

            self.spans = Spans(settings.telemetry.exporters.tracing)
        named = settings.telemetry.apollo
        self._client = (
            named.client_name_header.lower().encode("ascii"),
            named.client_version_header.lower().encode("ascii"),
        )

    def begin(self, headers: RawHeaders) -> Observed:
        """Take note of a request that has come."""
        return self.start(read_context(headers))

    def start(self, context: TraceContext) -> Observed:
        """Take note of a request that belongs to this trace."""
        self.metrics.in_flight.value += 1
        if self.spans is not None:
            context = self.spans.begin(context)
        return Observed(Record(), context, trace_context.set(context))

    def end(self, observed: Observed, headers: RawHeaders, request_id: str) -> None:
        """Take note of its end, whatever it was; status 499 is a client that left."""
        trace_context.reset(observed.token)
        record, metrics = observed.record, self.metrics
        seconds = perf_counter() - record.began
        metrics.in_flight.value -= 1
        metrics.count(record, seconds)
        if self.spans is not None:
            self.spans.end(observed.context, record)
        if self.access_log is not None:
            client = self.client_of(headers)
            trace = observed.context.trace_id
            self.access_log.tell(record, seconds, request_id, client, trace)

    @contextmanager
    def part(self, context: TraceContext | None, name: str) -> Generator[Record]:
        """Take note of one more answer of a request in ``context``, as it is made."""
        if self.spans is not None:
            context = self.spans.part(context, name)
        record, token = Record(), trace_context.set(context)
        try:
            yield record
        finally:
            trace_context.reset(token)
            self.metrics.note(record)
            if self.spans is not None and context is not None:
                self.spans.end(context, record)

    def client_of(self, headers: RawHeaders) -> tuple[str, str]:
        """Read which program asks, and which version of it."""
        name = version = b""
        for key, value in headers:
            if key == self._client[0]:
                name = value
            elif key == self._client[1]:
                version = value
        return name.decode("latin-1"), version.decode("latin-1")

    @asynccontextmanager
    async def watching(self) -> AsyncGenerator[None]:
        """Sample, while this lasts, how long what is ready waits for its turn."""
        sampler = asyncio.create_task(self._sample())
        try:
            yield
        finally:
            sampler.cancel()
            with suppress(asyncio.CancelledError):
                await sampler
            if self.spans is not None:
                await asyncio.to_thread(self.spans.close)

    async def _sample(self) -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(QUEUE_EVERY)
            late = perf_counter() - before - QUEUE_EVERY
            self.metrics.queue.observe(max(late, 0.0))
