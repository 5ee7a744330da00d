"""Spans for an OpenTelemetry collector; loaded only where router.yaml asks for them."""

import time
from time import perf_counter

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    ParentBased,
    Sampler,
    TraceIdRatioBased,
)
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from router.settings.telemetry import Tracing
from router.telemetry.record import Record
from router.telemetry.trace_context import Pairs, TraceContext

FAILED = 500


class Spans:
    """Begin and end spans: one a request, one a stage, one a fetch."""

    def __init__(
        self, settings: Tracing, processor: SpanProcessor | None = None
    ) -> None:
        self._provider = TracerProvider(
            sampler=sampler_of(settings.common.sampler),
            resource=Resource.create({"service.name": settings.common.service_name}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor or exporting(settings))
        self._tracer = self._provider.get_tracer("helpnest.router")
        self._form = TraceContextTextMapPropagator()

    def begin(self, given: TraceContext) -> TraceContext:
        """Begin the span of a request, below the caller's if there is one."""
        carrier = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in given.headers
        }
        above = self._form.extract(carrier) if given.given else Context()
        span = self._tracer.start_span("request", above, SpanKind.SERVER)
        return TraceContext(self.headers(span), given.given, span)

    def fetch(self, context: TraceContext, subgraph: str) -> tuple[Span, Pairs]:
        """Begin the span of one request to a subgraph; give what tells it so."""
        if context.executing is None:
            context.executing = self._tracer.start_span("execute", above_of(context))
        span = self._tracer.start_span(
            "fetch",
            below(context.executing),
            SpanKind.CLIENT,
            {"subgraph.name": subgraph},
        )
        return span, self.headers(span)

    def part(self, context: TraceContext | None, name: str) -> TraceContext:
        """Begin the span of one more answer of a request: an event, a deferred part."""
        above = Context() if context is None else above_of(context)
        span = self._tracer.start_span(name, above)
        return TraceContext(self.headers(span), given=True, span=span)

    def end_fetch(self, span: Span, outcome: str, *, well: bool) -> None:
        """End a fetch's span, and say what became of it."""
        span.set_attribute("outcome", outcome)
        if not well:
            span.set_status(StatusCode.ERROR, outcome)
        span.end()

    def end(self, context: TraceContext, record: Record) -> None:
        """End a request's span; its stages become spans below it."""
        span = context.span
        if not isinstance(span, Span):
            return
        self._end_stages(context, record, span)
        if record.kind is not None:
            span.set_attribute("graphql.operation.type", record.kind)
            span.set_attribute("graphql.operation.name", record.operation or "")
            span.update_name(f"{record.kind} {record.operation or ''}".strip())
        if record.status:
            span.set_attribute("http.response.status_code", record.status)
        if record.codes:
            codes = list(dict.fromkeys(record.codes))
            span.set_attribute("graphql.error.codes", codes)
        if record.status >= FAILED:
            span.set_status(StatusCode.ERROR)
        span.end()

    def _end_stages(self, context: TraceContext, record: Record, span: Span) -> None:
        above = above_of(context)
        since = time.time_ns() - round(perf_counter() * 1e9)
        executing, until = context.executing, perf_counter()
        for name, began, ended in record.stages:
            if name == "execute" and isinstance(executing, Span):
                until = ended
                continue  # it has begun already, with its first fetch
            stage = self._tracer.start_span(
                name, above, start_time=since + round(began * 1e9)
            )
            stage.end(since + round(ended * 1e9))
        if isinstance(executing, Span):
            executing.end(since + round(until * 1e9))
        # What is fetched later (deferred parts, a mutation whose client left) has none.
        context.executing = span

    def headers(self, span: Span) -> Pairs:
        """Write what names a span to others."""
        carrier: dict[str, str] = {}
        self._form.inject(carrier, set_span_in_context(span, Context()))
        return tuple(
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in carrier.items()
        )

    def close(self) -> None:
        """Send what is left; blocks, for a collector that is down up to seconds."""
        self._provider.shutdown()


def above_of(context: TraceContext) -> Context:
    """Give the context below which new spans stand."""
    return below(context.span)


def below(span: object) -> Context:
    """Give the context below one span; none is the beginning of a trace."""
    if isinstance(span, Span):
        return set_span_in_context(span, Context())
    return Context()


def sampler_of(share: float | str) -> Sampler:
    """Make the sampler; the caller's decision goes before it."""
    if isinstance(share, str):
        return ParentBased(ALWAYS_ON if share == "always_on" else ALWAYS_OFF)
    return ParentBased(TraceIdRatioBased(share))


def exporting(settings: Tracing) -> SpanProcessor:
    """Send spans in batches, from a thread of their own."""
    # Only here: tests and other processors do without its HTTP client.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - see above
        OTLPSpanExporter,
    )

    return BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.otlp.endpoint))
