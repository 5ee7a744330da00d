"""``make bench-replay``: events a second of a real log, end to end, and what they cost.

The whole stack runs as ``helpnest up`` does, in a process of its own over a home folder
that is new; ``helpnest replay`` feeds it a log over HTTP, in another. Printed are the
replay's own summary and the processor's milliseconds that each event took of the
server, of PostgreSQL and of the client.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from bench.router.load import cpu_seconds, family
from helpnest.demo.credentials import kept
from helpnest.demo.graph import Graph
from helpnest.replay.client import SCOPES
from kit.settings import environment

MAKE_ACCOUNT = """
mutation ($input: CreateServiceAccountInput!) {
  createServiceAccount(input: $input) {
    serviceAccount { id } clientSecret userErrors { message }
  }
}
"""
ADMINISTRATOR = "nadia.ferrand@marlow.example"


async def account(
    url: str, home: Path, server: "subprocess.Popen[bytes]"
) -> tuple[str, str]:
    """Wait until the demo company is there; make a service account in it."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        while True:
            known = kept(home)
            if known is not None and known.complete:
                break
            if server.poll() is not None:
                raise SystemExit(f"`helpnest up` ended with {server.returncode}.")
            await asyncio.sleep(0.5)
        graph = Graph(http)
        await graph.sign_in(ADMINISTRATOR, known.passwords[ADMINISTRATOR])
        given = {"name": "replay", "scopes": list(SCOPES)}
        made = (await graph.ask(MAKE_ACCOUNT, {"input": given}))["createServiceAccount"]
        return made["serviceAccount"]["id"], made["clientSecret"]


def postgres_of(server: int) -> int:
    """Find the PostgreSQL that a server has started."""
    for each in family(server):
        if "postgres" in Path(f"/proc/{each}/comm").read_text():
            return each
    raise SystemExit("The server has no PostgreSQL of its own.")


def feed(url: str, who: tuple[str, str], given: argparse.Namespace) -> Any:
    """Replay the log in a process of its own; give its summary and its CPU seconds."""
    command = [sys.executable, "-m", "helpnest", "replay", str(given.log), "--json"]
    command += ["--url", url, "--format", given.format]
    if given.events:
        command += ["--limit", str(given.events)]
    secrets = {"HELPNEST_CLIENT_ID": who[0], "HELPNEST_CLIENT_SECRET": who[1]}
    began = os.times()
    done = subprocess.run(  # noqa: S603 - our own command line
        command, env={**environment(), **secrets}, stdout=subprocess.PIPE, check=True
    )
    ended = os.times()
    spent = ended.children_user + ended.children_system
    spent -= began.children_user + began.children_system
    return json.loads(done.stdout), spent


def measure(given: argparse.Namespace, home: Path) -> None:
    """Start the stack, feed it, and say what that took."""
    url = f"http://127.0.0.1:{given.port}"
    settings = {"HELPNEST_HOME": str(home), "PORT": str(given.port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "helpnest", "up"],
        env={**environment(), **settings, "HELPNEST_GRAPHIQL": "off"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        who = asyncio.run(account(url, home, server))
        time.sleep(given.settle)
        database = postgres_of(server.pid)
        before = cpu_seconds(database), cpu_seconds(server.pid)
        summary, client = feed(url, who, given)
        data, whole = cpu_seconds(database), cpu_seconds(server.pid)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
    data, whole = data - before[0], whole - before[1]
    summary.pop("rejectedEvents")
    print(json.dumps(summary))
    events = summary["read"]
    for name, spent in {
        "server": whole - data,
        "PostgreSQL": data,
        "client": client,
    }.items():
        print(f"{name:<12} {spent / events * 1000:6.2f} ms of CPU for each event")
    print(f"{summary['eventsPerSecond']} events a second")


def main() -> None:
    """Measure one log."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("--format", choices=["servicenow", "xes"], default="servicenow")
    parser.add_argument("--events", type=int, default=0, help="0: all of them")
    parser.add_argument("--port", type=int, default=4391)
    parser.add_argument("--settle", type=float, default=3, help="seconds before it")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server ends too
    with tempfile.TemporaryDirectory(prefix="helpnest-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's own user has to come through
        measure(given, Path(folder) / "home")


if __name__ == "__main__":
    main()
