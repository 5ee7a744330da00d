"""Eight connections that ask one thing after another, and what that costs a process."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.router.load import cpu_seconds
from router.executor.transport.over_http import HttpTransport

CONNECTIONS = 8
WARM_UP_SECONDS = 3.0
ROUNDS = 5
"""Other work on the machine only adds to what is measured: the best round counts."""

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run came to, per request: CPU in microseconds, latency in milliseconds."""

    cpu_us: float
    per_second: float
    p50_ms: float
    p99_ms: float


async def load(
    url: str, bodies: Sequence[bytes], headers: Headers, pid: int, seconds: float
) -> Cost:
    """Ask for some seconds, after a warm-up; CPU is that of the process alone."""
    transport = HttpTransport(url)
    latencies: list[float] = []
    end = 0.0

    async def ask(number: int) -> None:
        while time.perf_counter() < end:
            started = time.perf_counter()
            reply = await transport.send(bodies[number % len(bodies)], headers)
            if reply.status != 200 or b'"errors"' in reply.body:
                raise RuntimeError(f"{url} answered {reply.status} {reply.body[:300]}")
            latencies.append(time.perf_counter() - started)
            number += CONNECTIONS

    async def run(duration: float) -> None:
        nonlocal end
        end = time.perf_counter() + duration
        await asyncio.gather(*(ask(n) for n in range(CONNECTIONS)))

    await run(WARM_UP_SECONDS)
    latencies.clear()
    costs: list[float] = []
    rates: list[float] = []
    for _ in range(ROUNDS):
        done, before, began = len(latencies), cpu_seconds(pid), time.perf_counter()
        await run(seconds / ROUNDS)
        count = max(len(latencies) - done, 1)
        costs.append((cpu_seconds(pid) - before) / count)
        rates.append(count / (time.perf_counter() - began))
    await transport.close()
    latencies.sort()
    count = len(latencies)
    return Cost(
        min(costs) * 1e6,
        max(rates),
        latencies[count // 2] * 1000,
        latencies[int(count * 0.99)] * 1000,
    )
