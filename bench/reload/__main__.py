"""``make bench-reload``: fifty clients while the supergraph changes twenty times.

Four processes: the router (``python -m router serve`` on the project's own
supergraph) on a core of its own; all subgraphs and fifty clients on another; and this
one, which changes the supergraph and otherwise sleeps. One change in the middle is
broken. Told are failed requests, the median, and the slowest request that was under
way during a reload, against the same without one. Without ``--pause`` clients ask as
fast as they can: then the router is what everything waits for, and the median is fifty
times what one request costs it. With ``--still`` nothing is changed: what remains is
what the machine and the router do by themselves.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process, create_subprocess_exec
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import uvloop

from bench.reload.core import spread
from bench.router.load import cpu_seconds
from helpnest.supergraph import SUPERGRAPH, domains
from router.executor.transport.interface import TransportError
from router.executor.transport.over_http import HttpTransport
from tests.support.tokens import jwks, sign

CLIENTS, RELOADS = 50, 20
BEFORE, BETWEEN = 3.0, 0.5
"""Seconds before the first change, and from the end of each to the next."""

CONFIG = """
authentication:
  router:
    jwt:
      jwks: [{{url: "{keys}", issuers: [helpnest], audiences: [helpnest]}}]
override_subgraph_url:
{urls}
"""

Span = tuple[float, float]


@dataclass
class Run:
    """What happened: each request, when reloads were, and what CPU each part took."""

    requests: list[Span] = field(default_factory=list[Span])
    reloads: list[Span] = field(default_factory=list[Span])
    outcomes: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    cpu: dict[str, float] = field(default_factory=dict[str, float])
    seconds: float = 0.0

    @property
    def a_second(self) -> float:
        """How many requests were answered, a second."""
        return len(self.requests) / self.seconds

    def told(self) -> str:
        """Say it all in a few lines."""
        ends = [end for _, end in self.reloads]

        def reloading(request: Span) -> bool:
            after = bisect_left(ends, request[0])
            return after < len(ends) and self.reloads[after][0] < request[1]

        during = [r[1] - r[0] for r in self.requests if reloading(r)]
        calm = [r[1] - r[0] for r in self.requests if not reloading(r)]
        took = sorted(end - began for began, end in self.reloads)
        taken, refused = map(self.outcomes.count, ("taken", "refused"))
        busy = ", ".join(f"{k} {v / self.seconds:.0%}" for k, v in self.cpu.items())
        lines = [
            f"{len(self.requests)} requests, {self.a_second:.0f} a second",
            f"failed: {len(self.failed)} {self.failed[:3]}",
            f"CPU: {busy} of a core",
            shown("without a reload", calm, calm),
        ]
        if took:
            lines += [
                f"reloads: {taken} taken, {refused} refused",
                f"each: {took[len(took) // 2]:.1f} s (median), {took[-1]:.1f} at most",
                shown("during reloads", during, calm),
            ]
        return "\n".join(lines) + "\n"


def shown(when: str, times: list[float], calm: list[float]) -> str:
    """Say how long requests took, the slowest against the median of calm ones."""
    ordered = sorted(each * 1000 for each in times)
    median = sorted(calm)[len(calm) // 2] * 1000

    def of(part: float) -> float:
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)]

    return (
        f"{when}: median {of(0.5):.2f} ms, 99 % {of(0.99):.2f}, 99.9 % "
        f"{of(0.999):.2f}, slowest {of(1):.2f}: {of(1) / median:.1f} x the calm "
        f"median, {of(1) / of(0.5):.1f} x its own"
    )


async def change(run: Run, router: Process, file: Path, times: int) -> None:
    """Change the supergraph again and again, and note how each reload ended."""
    sdl = SUPERGRAPH.read_text(encoding="utf-8")
    for number in range(times):
        text = "broken" if number == times // 2 else f"{sdl}#{number}\n"
        await asyncio.to_thread(file.write_text, text)
        began = time.perf_counter()
        router.send_signal(signal.SIGHUP)
        run.outcomes.append(await ended(router))
        run.reloads.append((began, time.perf_counter()))
        await asyncio.sleep(BETWEEN)


async def ended(router: Process) -> str:
    """Read the log until a reload is over; give its end."""
    while router.stdout and (line := await router.stdout.readline()):
        for each in ("taken", "refused"):
            if f"reload.{each}".encode() in line:
                return each
    raise RuntimeError("The router ended.")


async def reachable(url: str) -> None:
    """Wait until the router listens."""
    transport = HttpTransport(url)
    while True:
        try:
            await transport.send(b"{}", ())
        except TransportError:
            await asyncio.sleep(0.1)
        else:
            await transport.close()
            return


def configured(folder: Path, subgraphs: int) -> list[str]:
    """Write what the router needs; give its arguments."""
    keys, config = folder / "jwks.json", folder / "router.yaml"
    keys.write_bytes(orjson.dumps(jwks()))
    tokens = [
        sign(f"usr_{number}", scopes=["tickets:read"], lifetime=3_600)
        for number in range(CLIENTS)
    ]
    (folder / "tokens.json").write_bytes(orjson.dumps(tokens))
    urls = "".join(f"  {name}: http://127.0.0.1:{subgraphs}\n" for name in domains())
    config.write_text(CONFIG.format(keys=keys.as_uri(), urls=urls))
    file = folder / "supergraph.graphql"
    file.write_text(SUPERGRAPH.read_text(encoding="utf-8"))
    return ["-s", str(file), "-c", str(config)]


def cores() -> tuple[set[int], set[int]]:
    """Give a core for those who ask and answer, and another for the router."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    usable = sorted(os.sched_getaffinity(0))
    return {usable[0]}, {usable[-1]}


async def start(on: set[int], module: str, *given: str, **streams: int) -> Process:
    """Start a module of ours on a core of its own."""
    command = (sys.executable, "-u", "-m", module, *given)
    process = await create_subprocess_exec(*command, **streams)  # pyright: ignore[reportArgumentType] - typeshed names each
    if on:
        os.sched_setaffinity(process.pid, on)
    return process


async def measure(
    port: int, folder: Path, pause: float, still: float, reloads: int
) -> Run:
    """Run the router, the subgraphs, the clients and the changes."""
    run, given = Run(), (*configured(folder, port + 1), "--port", str(port))
    others, own = cores()
    started = [
        await start(others, "bench.reload.subgraphs", str(port + 1), stdout=DEVNULL),
        router := await start(
            own, "router", "serve", *given, stdout=PIPE, stderr=STDOUT
        ),
    ]
    try:
        await reachable(f"http://127.0.0.1:{port}/graphql")
        asking = ("bench.reload.clients", str(port), str(folder), str(pause))
        started += [clients := await start(others, *asking, stdin=PIPE)]
        await asyncio.sleep(BEFORE)
        parts = dict(zip(("subgraphs", "router", "clients"), started, strict=True))
        before = {name: cpu_seconds(each.pid) for name, each in parts.items()}
        began = time.perf_counter()
        if still:
            await asyncio.sleep(still)
        else:
            await change(run, router, folder / "supergraph.graphql", reloads)
        run.seconds = time.perf_counter() - began
        run.cpu = {n: cpu_seconds(p.pid) - before[n] for n, p in parts.items()}
        await clients.communicate(b"")
        told = orjson.loads((folder / "times.json").read_bytes())
    finally:
        for each in started:
            if each.returncode is None:
                each.kill()
                await each.wait()
    run.failed = told["failed"]
    times = zip(told["began"], told["ended"], strict=True)
    run.requests = [each for each in times if began < each[0]]
    return run


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=4748)
    parser.add_argument("--pause", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--still", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--reloads", type=int, default=RELOADS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = measure(
            given.port, Path(folder), given.pause, given.still, given.reloads
        )
        run = uvloop.run(made)
    sys.stdout.write(f"{spread(cores()[1])}\n{run.told()}")


if __name__ == "__main__":
    main()
