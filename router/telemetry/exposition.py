"""Metrics → Prometheus's text form; its library is loaded when somebody asks."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from router.telemetry.metrics import PREFIX, Metrics

CONTENT_TYPE = CONTENT_TYPE_LATEST.encode("ascii")


class Figures(Collector):
    """Our instruments, as the library wants to see them."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """Give every instrument as it stands."""
        metrics = self._metrics
        for counter in metrics.counters:
            counted = CounterMetricFamily(
                counter.name.removesuffix("_total"), counter.help, labels=counter.labels
            )
            for labels, value in counter.values.items():
                counted.add_metric(labels, value)
            yield counted
        for histogram in metrics.histograms:
            timed = HistogramMetricFamily(
                histogram.name, histogram.help, labels=histogram.labels
            )
            for labels, series in histogram.series.items():
                buckets = list(histogram.cumulated(series))
                timed.add_metric(labels, buckets, series.total)
            yield timed
        for gauge in metrics.gauges:
            yield GaugeMetricFamily(gauge.name, gauge.help, value=gauge.value)
        sizes = GaugeMetricFamily(
            f"{PREFIX}cache_entries", "What is kept.", labels=("cache",)
        )
        for name, size in metrics.cache_sizes.items():
            sizes.add_metric((name,), size())
        yield sizes


def exposition_of(metrics: Metrics) -> Callable[[], bytes]:
    """Make the function that writes all figures, the process's own included."""
    registry = CollectorRegistry()
    registry.register(Figures(metrics))
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return lambda: generate_latest(registry)
