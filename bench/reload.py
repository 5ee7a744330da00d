"""``make bench-reload``: fifty clients while the supergraph changes twenty times.

The router runs alone (``python -m router serve``) on the project's own supergraph;
this process asks, and answers for its subgraphs, over sockets. One change in the
middle is broken. Told are failed requests, the median, and the slowest request that
was under way during a reload. Without ``--pause`` clients ask as fast as they can.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvicorn
import uvloop

from helpnest.supergraph import SUPERGRAPH, domains
from router.executor.transport.interface import TransportError
from router.executor.transport.over_http import HttpTransport
from tests.support.tokens import jwks, sign

CLIENTS, RELOADS, BROKEN = 50, 20, 10
PAUSE = 0.5
"""Seconds between two reloads, of which the median is taken."""

QUERY = (
    'query Q{n} {{ ticket(number: "INC{n}") {{ id number title status {{ key }} }} }}'
)
ANSWER = orjson.dumps(
    {
        "data": {
            "ticket": {
                "id": "tkt_1",
                "number": "INC0000045",
                "title": "No network",
                "status": {"key": "new"},
            }
        }
    }
)
DOCUMENTS = 30
"""Different operations in use: each is planned anew before a switch."""


async def subgraph(scope: Any, receive: Any, send: Any) -> None:
    """Answer at once, whatever is asked."""
    if scope["type"] != "http":
        return
    await receive()
    kind = (b"content-type", b"application/json")
    length = (b"content-length", b"%d" % len(ANSWER))
    start = {"type": "http.response.start", "status": 200, "headers": [kind, length]}
    await send(start)
    await send({"type": "http.response.body", "body": ANSWER})


async def answering(port: int) -> None:
    """Serve every subgraph."""
    config = uvicorn.Config(subgraph, port=port, log_level="error", lifespan="off")
    await uvicorn.Server(config).serve()


CONFIG = """
authentication:
  router:
    jwt:
      jwks: [{{url: "{keys}", issuers: [helpnest], audiences: [helpnest]}}]
override_subgraph_url:
{urls}
"""


@dataclass
class Run:
    """What happened: each request, and when reloads were."""

    requests: list[tuple[float, float]] = field(
        default_factory=list[tuple[float, float]]
    )
    reloads: list[tuple[float, float]] = field(
        default_factory=list[tuple[float, float]]
    )
    outcomes: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    pause: float = 0.0
    over: bool = False

    async def ask(self, url: str, number: int) -> None:
        """Ask one thing after another, each client its own operations in turn."""
        transport = HttpTransport(url)
        token = sign(f"usr_{number}", scopes=["tickets:read"], lifetime=3_600)
        headers = ((b"authorization", f"Bearer {token}".encode()),)
        bodies = [orjson.dumps({"query": QUERY.format(n=n)}) for n in range(DOCUMENTS)]
        while not self.over:
            began = time.perf_counter()
            try:
                reply = await transport.send(bodies[number % DOCUMENTS], headers)
            except TransportError as error:
                self.failed.append(str(error))
                continue
            self.requests.append((began, time.perf_counter()))
            if reply.status != 200 or reply.body != ANSWER:
                self.failed.append(f"{reply.status} {reply.body[:200]!r}")
            number += 1
            await asyncio.sleep(self.pause)
        await transport.close()

    async def change(self, router: asyncio.subprocess.Process, file: Path) -> None:
        """Change the supergraph again and again, and note how each reload ended."""
        sdl = SUPERGRAPH.read_text(encoding="utf-8")
        await asyncio.sleep(2)
        for number in range(RELOADS):
            text = "broken" if number == BROKEN else f"{sdl}#{number}\n"
            await asyncio.to_thread(file.write_text, text)
            began = time.perf_counter()
            router.send_signal(signal.SIGHUP)
            self.outcomes.append(await ended(router))
            self.reloads.append((began, time.perf_counter()))
            await asyncio.sleep(PAUSE)
        self.over = True

    def told(self) -> str:
        """Say it all in a few lines."""
        calm = sorted(
            end - began
            for began, end in self.requests
            if not any(began < r[1] and end > r[0] for r in self.reloads)
        )
        during = sorted(
            end - began
            for began, end in self.requests
            if any(began < r[1] and end > r[0] for r in self.reloads)
        )
        took = sorted(end - began for began, end in self.reloads)
        taken, refused = map(self.outcomes.count, ("taken", "refused"))
        return (
            f"{len(self.requests)} requests, failed {len(self.failed)} "
            f"{self.failed[:3]}\n"
            f"reloads: {taken} taken, {refused} refused, each {of(took, 0.5):.0f} ms "
            f"(median), {of(took, 1):.0f} ms at most\n"
            f"without a reload: median {of(calm, 0.5):.1f} ms, "
            f"99 % {of(calm, 0.99):.1f}, slowest {of(calm, 1):.1f}\n"
            f"during reloads: median {of(during, 0.5):.1f} ms, "
            f"99 % {of(during, 0.99):.1f}, slowest {of(during, 1):.1f}: "
            f"{of(during, 1) / of(calm, 0.5):.1f} x the median\n"
        )


def of(times: list[float], part: float) -> float:
    """Give the time within which a part of the sorted ones lie, in milliseconds."""
    return times[min(int(len(times) * part), len(times) - 1)] * 1000


async def ended(router: asyncio.subprocess.Process) -> str:
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


async def measure(port: int, subgraphs: int, folder: Path, pause: float) -> Run:
    """Run the router, the clients and the changes."""
    file, config = folder / "supergraph.graphql", folder / "router.yaml"
    file.write_text(SUPERGRAPH.read_text(encoding="utf-8"))
    urls = "".join(
        f"  {domain}: http://127.0.0.1:{subgraphs}\n" for domain in domains()
    )
    keys = folder / "jwks.json"
    keys.write_bytes(orjson.dumps(jwks()))
    config.write_text(CONFIG.format(keys=keys.as_uri(), urls=urls))
    given = ("-s", str(file), "-c", str(config), "--port", str(port))
    router = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "router", "serve", *given),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    run = Run(pause=pause)
    answers = asyncio.create_task(answering(subgraphs))
    try:
        url = f"http://127.0.0.1:{port}/graphql"
        await reachable(url)
        clients = [run.ask(url, number) for number in range(CLIENTS)]
        await asyncio.gather(run.change(router, file), *clients)
    finally:
        answers.cancel()
        router.kill()
        await router.wait()
    return run


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=4748)
    parser.add_argument("--pause", type=float, default=0.0, metavar="SECONDS")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = uvloop.run(measure(given.port, given.port + 1, Path(folder), given.pause))
    sys.stdout.write(run.told())


if __name__ == "__main__":
    main()
