"""``make bench-router``: the router beside its peers, on the same subgraphs.

One core for the gateways under test, the other for subgraphs and load. Those that
share the same run at the same time, and are asked one after another, round by round:
whatever else the machine does meanwhile, it does to all. Needs Linux, two cores, and
npm's registry once, for the peers.
"""

import argparse
import json
import os
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

import orjson
import uvloop

from bench.router.contenders import (
    OURS,
    SHARED,
    bodies_of,
    install,
    ready,
    running,
    serving,
)
from bench.router.load import Cost, load, resident_mb
from router.executor.transport.over_http import HttpTransport

PORT, SUBGRAPHS = 4210, 4200
QUERIES = ("heavy", "varied", "tiny")
ROUNDS = 8
YARDSTICK, ROUTER = "yardstick", "router"


@dataclass(slots=True)
class Contender:
    """One contender under way, and what each round of each query came to."""

    name: str
    port: int
    pid: int
    start_s: float
    idle_mb: float
    costs: dict[str, list[Cost]] = field(default_factory=dict[str, list[Cost]])
    requests: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def url(self) -> str:
        """Its endpoint."""
        return f"http://127.0.0.1:{self.port}/graphql"

    def least(self, query: str) -> float:
        """Give its CPU per request in the best round: what else happens only adds."""
        return min(each.cpu_ms for each in self.costs[query])


async def measure(
    names: list[str], shared: str, given: argparse.Namespace
) -> list[Contender]:
    """Measure contenders that share the same, in turn."""
    with ExitStack() as stack:
        found: list[Contender] = []
        for number, name in enumerate(names):
            port, began = PORT + number, time.perf_counter()
            pid = stack.enter_context(serving(name, port, shared))
            one = Contender(name, port, pid, 0.0, 0.0)
            await ready(one.url, bodies_of("tiny")[0])
            one.start_s, one.idle_mb = time.perf_counter() - began, resident_mb(pid)
            found.append(one)
        for query in given.queries:
            await compare(found, query)
            for number in range(ROUNDS):
                turn = number % len(found)
                for one in [*found[turn:], *found[:turn]]:  # each is first in turn
                    cost = await load(
                        one.url,
                        bodies_of(query),
                        one.pid,
                        connections=given.connections,
                        seconds=given.seconds / ROUNDS,
                    )
                    one.costs.setdefault(query, []).append(cost)
    return found


async def compare(contenders: list[Contender], query: str) -> None:
    """See that all answer the same, and count what each asks subgraphs for it.

    Raises:
        RuntimeError: one answers something else.

    """
    for body in bodies_of(query):
        answers: list[object] = []
        for one in contenders:
            await ready(one.url, body)
            await count()
            answers.append(orjson.loads(await ready(one.url, body))["data"])
            one.requests[query] = await count()
        for one, answer in zip(contenders, answers, strict=True):
            if answer != answers[0]:
                raise RuntimeError(f"{one.name} answers {query} otherwise")


async def count() -> int:
    """Ask the subgraphs how many requests came since they were asked last."""
    reply = await HttpTransport(f"http://127.0.0.1:{SUBGRAPHS}/count").send(b"", ())
    return int(orjson.loads(reply.body)["requests"])


def line(one: Contender) -> str:
    """Write one contender's figures in a line."""
    cells = [f"  {one.name:<16}"]
    for query, costs in one.costs.items():
        best = min(costs, key=lambda each: each.cpu_ms)
        cells.append(
            f"{query} {best.cpu_ms:7.3f} ms {best.per_second:5.0f}/s "
            f"p99 {best.p99_ms:6.1f} ({one.requests[query]} req)"
        )
    cells.append(f"idle {one.idle_mb:.0f} MB, up in {one.start_s:.2f} s")
    return " | ".join(cells)


def ratios(router: Contender, other: Contender) -> str:
    """Write what the router costs beside another: at least, and round by round."""
    cells: list[str] = []
    for query, costs in router.costs.items():
        pairs = zip(costs, other.costs[query], strict=True)
        each = sorted(ours.cpu_ms / theirs.cpu_ms for ours, theirs in pairs)
        cells.append(
            f"{query} {router.least(query) / other.least(query):.2f} "
            f"(rounds {each[0]:.2f} to {each[-1]:.2f}, {statistics.median(each):.2f})"
        )
    return f"  router / {other.name:<16} " + " | ".join(cells)


def show(shared: str, contenders: list[Contender]) -> None:
    """Print the figures of those that share the same."""
    print(f"{shared or 'nothing'} shared", flush=True)
    for one in contenders:
        print(line(one))
    for router in contenders:
        for other in contenders:
            if router.name == ROUTER and other.name != ROUTER:
                print(ratios(router, other), flush=True)


def written(one: Contender) -> dict[str, object]:
    """Give a contender's figures for a program."""
    costs = {
        query: {
            "cpu_ms": [round(each.cpu_ms, 4) for each in rounds],
            "p99_ms": round(min(each.p99_ms for each in rounds), 1),
            "subgraph_requests": one.requests[query],
        }
        for query, rounds in one.costs.items()
    }
    return {"start_s": one.start_s, "idle_mb": one.idle_mb, **costs}


def main() -> None:
    """Measure, and print one line for each contender."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=list(SHARED))
    parser.add_argument("--queries", nargs="*", default=list(QUERIES))
    parser.add_argument("--shared", nargs="*", default=["", "fetches", "requests"])
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if set(given.only) - set(OURS):
        install()
    os.sched_setaffinity(0, {1})
    results: dict[str, dict[str, object]] = {}
    subgraphs = [sys.executable, "-m", "bench.router.subgraphs", str(SUBGRAPHS)]
    with running(subgraphs, 1):
        for shared in given.shared:
            names = [name for name in given.only if shared in SHARED[name]]
            if not names:
                continue
            found = uvloop.run(measure(names, shared, given))
            results[shared or "nothing"] = {one.name: written(one) for one in found}
            if not given.json:
                show(shared, found)
    if given.json:
        print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
