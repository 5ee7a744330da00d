"""What the router's core does by itself: one piece of work, again and again.

Virtual cores run slower at times, by ten times for some milliseconds, and say nothing
of it. Whoever reads how long the slowest request took wants to know this beside it.
"""

import os
import time
from typing import Final

SECONDS: Final = 3.0
STEPS: Final = 40_000
"""Of one piece of work: some milliseconds, as a request in a crowd takes."""


def spread(core: set[int]) -> str:
    """Do the same again and again on a core; say how much longer it takes at times."""
    before = os.sched_getaffinity(0) if core else core
    if core:
        os.sched_setaffinity(0, core)
    try:
        took = sorted(pieces())
    finally:
        if core:
            os.sched_setaffinity(0, before)
    median = took[len(took) // 2]
    parts = {part: took[int(len(took) * part)] / median for part in (0.99, 0.999)}
    return (
        f"this core alone, the same work each time: median {median * 1000:.2f} ms, "
        f"99 % {parts[0.99]:.1f} x the median, 99.9 % {parts[0.999]:.1f} x, "
        f"slowest {took[-1] / median:.1f} x"
    )


def pieces() -> list[float]:
    """Give the seconds of each piece of work."""
    took: list[float] = []
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        for _ in range(STEPS):
            pass
        took.append(time.perf_counter() - began)
    return took
