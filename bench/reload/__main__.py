"""``make bench-reload``: fifty clients while the supergraph changes twenty times.

With ``--product`` it is the whole product, as ``make up`` runs it, and each client is
an agent who asks for the list of the app. Without, it is the router alone, on a core
of its own (``python -m router serve`` on the project's own supergraph); subgraphs that
answer at once and the clients are on another. Clients ask as fast as they can, unless
they ``--pause``: then what answers is what everything waits for, and the median is
fifty times what one request costs it.

One change in the middle is broken. Told are failed requests, the median, and the
slowest request that was under way during a reload, against the same without one. With
``--still`` nothing is changed: what remains is what the machine and the router do by
themselves.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import uvloop

from bench.reload.alone import router_alone
from bench.reload.core import spread
from bench.reload.processes import Served, cores, start
from bench.reload.product import whole_product
from bench.router.load import cpu_seconds

CLIENTS, RELOADS = 50, 20
BEFORE, BETWEEN = 3.0, 0.5
"""Seconds before the first change, and from the end of each to the next."""

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


async def change(run: Run, served: Served, times: int) -> None:
    """Change the supergraph again and again, and note how each reload ended."""
    file = served.supergraph
    sdl = file.read_text(encoding="utf-8")
    for number in range(times):
        text = "broken" if number == times // 2 else f"{sdl}#{number}\n"
        await asyncio.to_thread(file.write_text, text)
        began = time.perf_counter()
        served.router.send_signal(signal.SIGHUP)
        run.outcomes.append(await served.ended())
        run.reloads.append((began, time.perf_counter()))
        await asyncio.sleep(BETWEEN)


async def measure(folder: Path, given: argparse.Namespace) -> Run:
    """Run what answers, the clients and the changes."""
    run, serving = Run(), whole_product if given.product else router_alone
    async with serving(given.port, folder, CLIENTS) as served:
        asking = ("bench.reload.clients", str(given.port), str(folder))
        clients = await start(served.others, *asking, str(given.pause), stdin=PIPE)
        parts = {**served.parts, "clients": clients}
        await asyncio.sleep(BEFORE)
        before = {name: cpu_seconds(each.pid) for name, each in parts.items()}
        began = time.perf_counter()
        if given.still:
            await asyncio.sleep(given.still)
        else:
            await change(run, served, given.reloads)
        run.seconds = time.perf_counter() - began
        run.cpu = {n: cpu_seconds(p.pid) - before[n] for n, p in parts.items()}
        await clients.communicate(b"")
    told = orjson.loads((folder / "times.json").read_bytes())
    run.failed = told["failed"]
    times = zip(told["began"], told["ended"], strict=True)
    run.requests = [each for each in times if began < each[0]]
    return run


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=4748)
    parser.add_argument("--product", action="store_true")
    parser.add_argument("--pause", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--still", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--reloads", type=int, default=RELOADS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = uvloop.run(measure(Path(folder), given))
    core = set[int]() if given.product else cores()[1]
    sys.stdout.write(f"{spread(core)}\n{run.told()}")


if __name__ == "__main__":
    main()
