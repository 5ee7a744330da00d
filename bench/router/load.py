"""Fifty connections that ask one thing after another, and what that costs a process."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from router.executor.transport.over_http import HttpTransport

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run came to: CPU in milliseconds and latency, each per request."""

    requests: int
    cpu_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float
    bytes: int


async def load(
    url: str, bodies: Sequence[bytes], pid: int, *, connections: int, seconds: float
) -> Cost:
    """Ask for some seconds; CPU is that of the process and of its children."""
    transport = HttpTransport(url)
    latencies: list[float] = []
    sizes: list[int] = []
    end = 0.0

    async def ask(number: int) -> None:
        while time.perf_counter() < end:
            started = time.perf_counter()
            reply = await transport.send(bodies[number % len(bodies)], ())
            if reply.status != 200 or b'"errors"' in reply.body[:20]:
                raise RuntimeError(f"{url} answered {reply.status} {reply.body[:300]}")
            latencies.append(time.perf_counter() - started)
            sizes.append(len(reply.body))
            number += connections + 1

    end = time.perf_counter() + min(2.0, seconds / 2)  # warm up: connections, JIT
    await asyncio.gather(*(ask(n) for n in range(connections)))
    latencies.clear()
    sizes.clear()
    before, began = cpu_seconds(pid), time.perf_counter()
    end = began + seconds
    await asyncio.gather(*(ask(n) for n in range(connections)))
    cpu, wall = cpu_seconds(pid) - before, time.perf_counter() - began
    await transport.close()
    count = len(latencies)
    latencies.sort()
    return Cost(
        count,
        cpu / count * 1000,
        count / wall,
        latencies[count // 2] * 1000,
        latencies[int(count * 0.99)] * 1000,
        max(sizes),
    )


def cpu_seconds(pid: int) -> float:
    """Add up user and system time of a process with all its threads and children."""
    total = 0
    for each in family(pid):
        for thread in Path(f"/proc/{each}/task").glob("*/schedstat"):
            try:
                total += int(thread.read_text().split()[0])
            except FileNotFoundError:
                continue  # it has ended
    return total / NANOSECONDS


def resident_mb(pid: int) -> float:
    """Add up the memory of a process and its children."""
    total = 0
    for each in family(pid):
        status = Path(f"/proc/{each}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        total += int(line.split()[1])
    return total / 1024


def family(pid: int) -> list[int]:
    """List a process and its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]
