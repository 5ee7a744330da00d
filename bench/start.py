"""``make bench-start``: how long a router takes from its command to its readiness.

``python -m router serve`` is started again and again on the project's own supergraph
and on that of ``bench/router``, and asked for ``/health?ready`` until it answers. The
first start of each is not counted: it writes what Python keeps of modules. Told are
wall time, CPU (which other work on the machine changes less), and idle memory.
"""

import argparse
import resource
import socket
import statistics
import sys
import time
from dataclasses import dataclass

from bench.router.contenders import running
from bench.router.load import resident_mb

KEEP_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
SUPERGRAPHS = ("schema/supergraph.graphql", "bench/router/supergraph.graphql")
PATIENCE = 30.0
LOOK_EVERY = 0.001
SETTLE = 0.3
"""Seconds after which a router that nobody asks holds what it is going to hold."""

REQUEST = b"GET /health?ready HTTP/1.1\r\nhost: router\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until ready, seconds of CPU in all, megabytes when idle."""

    wall: float
    cpu: float
    idle_mb: float


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(port: int) -> None:
    """Ask until the router says that it is ready.

    Raises:
        RuntimeError: it does not, for a long time.

    """
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.sendall(REQUEST)
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(LOOK_EVERY)
    raise RuntimeError(f"nobody is ready on port {port}")


def start(supergraph: str) -> Start:
    """Start one router, and end it again."""
    port, before = free_port(), used()
    began = time.perf_counter()
    command = [sys.executable, "-m", "router", "serve", "-s", supergraph]
    with running([*command, "--port", str(port)], None, **KEEP_COMPILED) as pid:
        wait_until_ready(port)
        wall = time.perf_counter() - began
        time.sleep(SETTLE)
        idle = resident_mb(pid)
    return Start(wall, used() - before, idle)


def used() -> float:
    """Say how much CPU the processes have used that this one started and that ended."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def main() -> None:
    """Measure, and print a line for each supergraph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--supergraphs", nargs="*", default=SUPERGRAPHS)
    given = parser.parse_args()
    for supergraph in given.supergraphs:
        start(supergraph)
        starts = [start(supergraph) for _ in range(given.times)]
        wall = spread([each.wall for each in starts])
        cpu = spread([each.cpu for each in starts])
        idle = max(each.idle_mb for each in starts)
        print(f"{supergraph:<34} ready in {wall}; CPU {cpu}; idle {idle:.0f} MB")


def spread(seconds: list[float]) -> str:
    """Write the median, and between what all lie."""
    middle = statistics.median(seconds)
    return f"{middle:.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


if __name__ == "__main__":
    main()
