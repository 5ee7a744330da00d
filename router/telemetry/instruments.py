"""Figures that cost next to nothing: one thread writes them, nobody locks.

The event loop alone records. Whoever fetches the figures runs on it too.
"""

from bisect import bisect_left
from collections.abc import Iterator

Labels = tuple[str, ...]

MOST_SERIES = 200
"""Of one instrument; what comes from outside must not fill the memory."""

OTHER = "other"
"""Where everything beyond that is counted."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Buckets of what takes as long as a request."""

FINE = (0.0001, 0.00025, 0.0005, *SECONDS)
"""Buckets of what takes as long as a stage of one."""


class Counter:
    """How often something happened, by what its labels say.

    >>> counter = Counter("errors_total", "Errors.", ("code",))
    >>> counter.add(("NOT_FOUND",)); counter.add(("NOT_FOUND",))
    >>> counter.values
    {('NOT_FOUND',): 2}
    """

    __slots__ = ("help", "labels", "name", "values")

    def __init__(self, name: str, about: str, labels: Labels = ()) -> None:
        self.name = name
        self.help = about
        self.labels = labels
        self.values: dict[Labels, int] = {} if labels else {(): 0}

    def add(self, labels: Labels = (), amount: int = 1) -> None:
        """Count."""
        known = self.values.get(labels)
        if known is None and len(self.values) >= MOST_SERIES:
            labels = (OTHER,) * len(labels)
            known = self.values.get(labels)
        self.values[labels] = (known or 0) + amount


class Series:
    """One histogram's counts, bucket by bucket, and the sum of what was seen."""

    __slots__ = ("buckets", "counts", "total")

    def __init__(self, buckets: tuple[float, ...]) -> None:
        self.buckets = buckets
        self.counts = [0] * (len(buckets) + 1)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """Take note of one duration."""
        self.counts[bisect_left(self.buckets, seconds)] += 1
        self.total += seconds


class Histogram:
    """How long something took, in seconds, by what its labels say.

    >>> histogram = Histogram("took_seconds", "Time.", buckets=(0.1, 1.0))
    >>> for seconds in (0.05, 0.1, 0.5, 3.0):
    ...     histogram.observe(seconds)
    >>> histogram.series[()].counts
    [2, 1, 1]
    """

    __slots__ = ("buckets", "help", "labels", "name", "series")

    def __init__(
        self,
        name: str,
        about: str,
        labels: Labels = (),
        *,
        buckets: tuple[float, ...] = SECONDS,
    ) -> None:
        self.name = name
        self.help = about
        self.labels = labels
        self.buckets = buckets
        self.series: dict[Labels, Series] = {}
        if not labels:
            self.series[()] = Series(buckets)

    def observe(self, seconds: float, labels: Labels = ()) -> None:
        """Take note of one duration."""
        series = self.series.get(labels) or self.of(labels)
        # As the series itself would, without a call: several times for each request.
        series.counts[bisect_left(series.buckets, seconds)] += 1
        series.total += seconds

    def of(self, labels: Labels) -> Series:
        """Give the series that these labels are counted in."""
        found = self.series.get(labels)
        if found is None:
            if len(self.series) >= MOST_SERIES:
                labels = (OTHER,) * len(labels)
            found = self.series.setdefault(labels, Series(self.buckets))
        return found

    @property
    def count(self) -> int:
        """How many durations were noted, all series together."""
        return sum(sum(series.counts) for series in self.series.values())

    def cumulated(self, series: Series) -> Iterator[tuple[str, float]]:
        """Give each bucket's upper end with how many were not above it."""
        seen = 0
        for end, count in zip((*self.buckets, None), series.counts, strict=True):
            seen += count
            yield ("+Inf" if end is None else repr(end)), seen


class Gauge:
    """How much of something there is now."""

    __slots__ = ("help", "name", "value")

    labels: Labels = ()

    def __init__(self, name: str, about: str) -> None:
        self.name = name
        self.help = about
        self.value = 0.0
