"""``make bench-hostile``: how long each hostile request takes, and others beside it.

One process serves the router, as shipped, over subgraphs that answer at once; this one
sends every request of ``tests/support/hostile.py`` and ``hostile_edge.py`` in turn,
while another client keeps asking a tiny query. A tenth of a second is promised for
each refusal, and for whoever asks meanwhile, on a machine that has nothing else to do.
"""

import argparse
import asyncio
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator

import httpx
import uvloop

from bench.edge import BODY, SHIPPED, application
from helpnest.serve import listen, run, serve
from kit.garbage import settle
from router.settings import load_settings
from tests.support.hostile import JSON, Hostile, requests, values
from tests.support.hostile_edge import of_router
from tests.support.tokens import private_key, sign

CALM = 200
"""Tiny queries before the first hostile request: what is usual."""


def all_of_them() -> Iterator[Hostile]:
    """Give what is meant for a router."""
    yield from (e for e in requests() if not e.only or "router" in e.only)
    yield from of_router()
    for name, body in values("tickets"):
        yield Hostile(name, json.dumps(body).encode())


def serving(port: int) -> None:
    """Serve until the end of the process."""
    app = application(load_settings(SHIPPED, {}))
    run(serve(app, listen("127.0.0.1", port), settle))


class Bystander:
    """Somebody who asks a tiny query, again and again."""

    def __init__(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._http = http
        self._headers = headers
        self.took: list[float] = []

    async def ask(self) -> float:
        """Ask once; give the seconds."""
        began = time.perf_counter()
        answer = await self._http.post("/graphql", content=BODY, headers=self._headers)
        answer.raise_for_status()
        return time.perf_counter() - began

    async def go_on(self) -> None:
        """Ask until cancelled."""
        while True:
            self.took.append(await self.ask())


async def attack(
    port: int, each: Hostile, headers: dict[str, str]
) -> tuple[float, int]:
    """Send one past any client's own checks; give the seconds and the status."""
    url = "/graphql" + (f"?{each.query}" if each.query else "")
    length = {"content-length": str(len(each.body))}
    ends = {"host": "helpnest.example", "connection": "close"}
    given = {**length, **each.headers, **headers, **ends}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    head = f"{each.method} {url} HTTP/1.1\r\n{lines}\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.perf_counter()
    writer.write(head + each.body)
    answer = await reader.readuntil(b"\r\n\r\n")
    took = time.perf_counter() - began
    writer.close()
    return took, int(answer.split(b" ", 2)[1])


async def measure(port: int) -> None:
    """Send all, and print what took longest."""
    token = sign("usr_1", scopes=["tickets:read", "users:read"], lifetime=3_600)
    known = {"authorization": f"Bearer {token}"}
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, timeout=30.0) as tiny:
        beside = Bystander(tiny, {**JSON, **known})
        calm = sorted([await beside.ask() for _ in range(CALM)])
        going = asyncio.create_task(beside.go_on())
        found: list[tuple[float, float, int, str]] = []
        for each in all_of_them():
            beside.took.clear()
            took, status = await attack(port, each, known)
            await asyncio.sleep(0.02)  # the bystander's answer comes after it
            found.append((took, max(beside.took, default=0), status, each.name))
        going.cancel()
    wrong = [each for each in found if not 400 <= each[2] < 500]
    found.sort(reverse=True)
    others = sorted(each[1] for each in found)
    sys.stdout.write(
        f"{len(found)} requests, {len(wrong)} not refused with 4xx {wrong[:3]}\n"
        f"refused within {found[0][0] * 1000:.1f} ms, half of them within "
        f"{found[len(found) // 2][0] * 1000:.1f}; the slowest:\n"
        + "".join(f"  {t * 1000:6.1f} ms  {s}  {name}\n" for t, _, s, name in found[:5])
        + f"another client: usually {calm[CALM // 2] * 1000:.1f} ms, "
        f"at most {others[-1] * 1000:.1f} ms beside them\n"
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=4749)
    given = parser.parse_args()
    private_key()  # made once, before there are two processes
    server = multiprocessing.get_context("fork").Process(
        target=serving, args=(given.port,), daemon=True
    )
    server.start()
    time.sleep(2.0)
    try:
        uvloop.run(measure(given.port))
    finally:
        server.kill()
        server.join()


if __name__ == "__main__":
    main()
