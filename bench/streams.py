"""``make bench-streams``: many subscriptions on one process, an event, and their end.

One process serves the router with its subgraphs inside it, on a socket; this one opens
the streams, each by a caller of its own, lets something happen to the ticket that all
of them follow, and measures until the last has heard of it. Then it hangs up on all of
them at once and asks what is left. Both share the machine's cores.
"""

import argparse
import asyncio
import gc
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import uvloop

from helpnest.serve import listen, run, serve
from tests.support.following import Following, following
from tests.support.tokens import private_key, sign

PLANS = {
    "local": 'subscription { ticketChanged(id: "1") { id title } }',
    "entity": 'subscription { ticketChanged(id: "1") { id title assignee { name } } }',
}
YAML = """
helpnest: {subscriptions: {max_per_identity: 5000}}
supergraph: {introspection: false}
"""
Streams = list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]


class Door:
    """The router, and two addresses beside it: let something happen; what is left."""

    def __init__(self, graph: Following) -> None:
        self.graph = graph

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""
        if scope["type"] != "http" or scope["path"] == "/graphql":
            await self.graph.app(scope, receive, send)
            return
        if scope["path"] == "/happen":
            self.graph.happenings.happen("now")
        body = orjson.dumps(self.left())
        length = (b"content-length", b"%d" % len(body))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    def left(self) -> dict[str, int]:
        """Count what a stream holds on to."""
        gc.collect()
        return {
            "tasks": len(asyncio.all_tasks()),
            "streams": len(self.graph.app.serving.endpoint.streams),
            "upstreams": len(self.graph.app.gateway.upstreams),
            "listeners": len(self.graph.happenings.listeners),
            "files": len(list(Path("/proc/self/fd").iterdir())),
            "cpu_ms": round(time.process_time() * 1000),
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def serving(port: int) -> None:
    """Serve until the end of the process."""

    async def work() -> None:
        async with following(YAML) as graph:
            door = Door(graph)
            await serve(door, listen("127.0.0.1", port), lambda: None)

    run(work())


async def ask(port: int, path: str) -> dict[str, int]:
    """GET one of the two addresses."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    found: dict[str, int] = orjson.loads(answer.partition(b"\r\n\r\n")[2])
    return found


async def follow(port: int, token: str, query: str) -> Any:
    """Open one stream by multipart, and read its head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = orjson.dumps({"query": query})
    head = (
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
        "accept: multipart/mixed;subscriptionSpec=1.0, application/json\r\n"
        f"authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await reader.readuntil(b"--graphql")
    return reader, writer


async def hear(reader: asyncio.StreamReader) -> float:
    """Wait for an event; give the instant."""
    await reader.readuntil(b'"title":"now"')
    return time.perf_counter()


async def measure(port: int, clients: int, plan: str, *, shared: bool) -> None:
    """Open, let happen, hang up; print what it took and what is left."""
    before = await ask(port, "/left")
    tokens = [sign("usr_1" if shared else f"usr_{n}") for n in range(clients)]
    if shared:
        tokens = [tokens[0]] * clients
    began = time.perf_counter()
    streams: Streams = []
    for start in range(0, clients, 50):
        opening = (follow(port, each, PLANS[plan]) for each in tokens[start:][:50])
        streams += await asyncio.gather(*opening)
    opened = time.perf_counter() - began
    during = await ask(port, "/left")
    took: list[float] = []
    spent = during["cpu_ms"]
    for _ in range(3):
        waiting = [asyncio.create_task(hear(reader)) for reader, _ in streams]
        await asyncio.sleep(0.1)
        began = time.perf_counter()
        await ask(port, "/happen")
        heard = await asyncio.gather(*waiting)
        took.append(max(heard) - began)
    spent = (await ask(port, "/left"))["cpu_ms"] - spent
    for _, writer in streams:
        writer.transport.abort()
    await asyncio.sleep(0.1)
    after, until = await ask(port, "/left"), time.perf_counter() + 10
    while after["tasks"] > before["tasks"] and time.perf_counter() < until:
        await asyncio.sleep(0.1)
        after = await ask(port, "/left")
    kept = {key: after[key] - before[key] for key in ("tasks", "files")}
    whose = "one caller" if shared else "callers of their own"
    sys.stdout.write(
        f"{clients} streams, {plan} plan, {whose}: opened in {opened:.2f} s, "
        f"upstreams {during['upstreams']}, an event to all in "
        f"{', '.join(f'{each * 1000:.0f}' for each in took)} ms "
        f"(CPU of the router and its subgraphs {spent / 3:.0f} ms); "
        f"left: streams {after['streams']}, upstreams {after['upstreams']}, "
        f"listeners {after['listeners']}, more tasks {kept['tasks']}, "
        f"more files {kept['files']}; {after['rss_mb']} MB\n"
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--port", type=int, default=4747)
    given = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    del soft
    private_key()  # made once, before there are two processes
    server = multiprocessing.get_context("fork").Process(
        target=serving, args=(given.port,), daemon=True
    )
    server.start()
    time.sleep(1.0)
    try:
        for plan in PLANS:
            for shared in (False, True):
                uvloop.run(measure(given.port, given.clients, plan, shared=shared))
    finally:
        server.kill()
        server.join()


if __name__ == "__main__":
    main()
