"""The router's figures: every instrument, with its name as Prometheus has it."""

from collections.abc import Callable

from router.telemetry.instruments import FINE, Counter, Gauge, Histogram
from router.telemetry.record import Record

PREFIX = "helpnest_router_"

NO_KIND = ("none",)
DOCUMENTS, PLANS = ("documents",), ("plans",)
KINDS = {kind: (kind,) for kind in ("query", "mutation", "subscription", "none")}
STAGES = {name: (name,) for name in ("parse", "plan", "execute", "project")}
STATUSES = {status: (str(status),) for status in range(200, 600)}
"""Labels that need not be made for each request."""


class Metrics:
    """All instruments of one router; they outlive every reload.

    ``sizes`` asks what serves now how many documents and plans it keeps.
    """

    def __init__(self) -> None:
        self.requests = Counter(
            f"{PREFIX}requests_total", "Requests to the endpoint.", ("status",)
        )
        self.duration = Histogram(
            f"{PREFIX}request_duration_seconds",
            "From a request's headers to its answer.",
            ("kind",),
        )
        self.stages = Histogram(
            f"{PREFIX}stage_duration_seconds",
            "What each stage took: parse (and validate), plan, execute, project.",
            ("stage",),
            buckets=FINE,
        )
        self.queue = Histogram(
            f"{PREFIX}queue_seconds",
            "How long what is ready waits for the event loop, sampled.",
            buckets=FINE,
        )
        self.subgraphs = Histogram(
            f"{PREFIX}subgraph_request_duration_seconds",
            "Requests to subgraphs; outcome: ok, http_error, failed, given_up.",
            ("subgraph", "outcome"),
        )
        self.errors = Counter(
            f"{PREFIX}errors_total", "Errors told to clients.", ("code",)
        )
        self.cache_hits = Counter(
            f"{PREFIX}cache_hits_total", "What was known already.", ("cache",)
        )
        self.cache_misses = Counter(
            f"{PREFIX}cache_misses_total", "What had to be worked out.", ("cache",)
        )
        self.cache_sizes: dict[str, Callable[[], int]] = {}
        self.in_flight = Gauge(
            f"{PREFIX}requests_in_flight", "Requests being answered."
        )
        self.subscriptions = Gauge(f"{PREFIX}subscriptions_open", "Open subscriptions.")
        self.subscriptions_opened = Counter(
            f"{PREFIX}subscriptions_opened_total",
            "Subscriptions that were opened, by how events travel.",
            ("protocol",),
        )
        self.subscription_events = Counter(
            f"{PREFIX}subscription_events_total", "Events sent to clients."
        )
        self.reloads = Counter(
            f"{PREFIX}reloads_total", "Changes taken, or refused.", ("result",)
        )
        for name in ("documents", "plans"):
            self.cache_hits.add((name,), 0)
            self.cache_misses.add((name,), 0)
        for result in ("taken", "refused"):
            self.reloads.add((result,), 0)

    @property
    def counters(self) -> tuple[Counter, ...]:
        """Every counter."""
        return (
            self.requests,
            self.errors,
            self.cache_hits,
            self.cache_misses,
            self.subscriptions_opened,
            self.subscription_events,
            self.reloads,
        )

    @property
    def histograms(self) -> tuple[Histogram, ...]:
        """Every histogram."""
        return self.duration, self.stages, self.queue, self.subgraphs

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """Every gauge."""
        return self.in_flight, self.subscriptions

    def count(self, record: Record, seconds: float) -> None:
        """Count one request that has been answered."""
        status = STATUSES.get(record.status)
        self.requests.add((str(record.status),) if status is None else status)
        kind = record.kind
        self.duration.observe(seconds, KINDS.get(kind or "none", NO_KIND))
        self.note(record)
        if kind is not None:
            parsed, planned = record.parsed, record.planned
            (self.cache_misses if parsed else self.cache_hits).add(DOCUMENTS)
            (self.cache_misses if planned else self.cache_hits).add(PLANS)

    def note(self, record: Record) -> None:
        """Count stages and errors: of a request, or of one answer of a stream."""
        for name, began, ended in record.stages:
            self.stages.observe(ended - began, STAGES[name])
        for code in record.codes:
            self.errors.add((code,))
