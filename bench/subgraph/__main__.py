"""``make bench-subgraph``: the tickets subgraph beside its peers, on one table.

One core for the contender, the other for PostgreSQL and the load; figures are the
contender's CPU. Needs Linux, two cores, and npm's registry once, for PostGraphile.
"""

import argparse
import asyncio
import os
import sys
from dataclasses import asdict
from pathlib import Path

import orjson

from bench.router.contenders import NODE, running
from bench.router.load import resident_mb
from bench.subgraph.data import fill
from bench.subgraph.load import Cost, Headers, load
from bench.subgraph.operations import scenarios
from bench.subgraph.peers import install
from helpnest.postgres import EmbeddedPostgres
from kit import migrations
from router.executor.transport.interface import TransportError
from router.executor.transport.over_http import HttpTransport
from tests.support.tokens import jwks, sign

HERE = Path(__file__).parent
HOME = HERE.parents[1] / ".cache" / "bench-subgraph"
PORT = 4391
URL = f"http://127.0.0.1:{PORT}/graphql"
CONTENDERS = ("compiled", "ceiling", "postgraphile", "standard", "stock")
WANTED = {
    "stock": {"a": 40.0, "b": 20.0, "c": 20.0},
    "postgraphile": {"a": 3.0, "b": 2.5},
    "ceiling": {"a": 0.5, "b": 0.5, "c": 0.5},
}
"""How many times the compiled subgraph's CPU each contender is to cost, at least."""

Found = dict[str, dict[str, Cost]]


def command(contender: str) -> list[str]:
    """Tell how a contender is started."""
    if contender == "postgraphile":
        return [NODE, str(HERE / "peers" / "server.mjs"), str(PORT)]
    return [sys.executable, "-m", "bench.subgraph.serve", contender, str(PORT)]


async def ready(body: bytes, headers: Headers) -> bytes:
    """Ask until there is a first answer, and give it."""
    transport = HttpTransport(URL)
    for _ in range(300):
        try:
            reply = await transport.send(body, headers)
        except TransportError:
            await asyncio.sleep(0.1)
            continue
        if reply.status == 200:
            await transport.close()
            return reply.body
        raise RuntimeError(f"{reply.status}: {reply.body[:500]}")
    raise RuntimeError(f"{URL} does not start")


async def measure(
    contender: str, seconds: float, only: str, answers: dict[str, object]
) -> dict[str, Cost]:
    """Measure one contender; ours must all give the same answers."""
    token = sign("usr_1", scopes=["tickets:read", "tickets:read_all"], lifetime=3000)
    headers = ((b"authorization", f"Bearer {token}".encode()),)
    found: dict[str, Cost] = {}
    peer = contender == "postgraphile"
    with running(command(contender), 0) as pid:
        for scenario in scenarios(peer=peer):
            if scenario.name not in only:
                continue
            answer = orjson.loads(await ready(scenario.bodies[0], headers))
            if "errors" in answer:
                raise RuntimeError(f"{contender}: {answer}")
            if not peer and answers.setdefault(scenario.name, answer) != answer:
                raise RuntimeError(f"{contender} answers ({scenario.name}) differently")
            cost = await load(URL, scenario.bodies, headers, pid, seconds)
            found[scenario.name] = cost
        print(line(contender, found, resident_mb(pid)), flush=True)
    return found


def line(contender: str, found: dict[str, Cost], memory: float) -> str:
    """Write one contender's figures in a line."""
    cells = [
        f"({name}) {cost.cpu_us:7.0f} µs {cost.per_second:6.0f}/s"
        f" p50 {cost.p50_ms:5.1f} p99 {cost.p99_ms:5.1f}"
        for name, cost in found.items()
    ]
    return " | ".join([f"{contender:<13}", *cells, f"{memory:.0f} MB"])


def verdicts(found: Found) -> list[str]:
    """Compare with what was promised."""
    ours = found.get("compiled", {})
    lines: list[str] = []
    for contender, promised in WANTED.items():
        for name, least in promised.items():
            if name in ours and name in found.get(contender, {}):
                ratio = found[contender][name].cpu_us / ours[name].cpu_us
                kept = "kept" if ratio >= least else "NOT KEPT"
                lines.append(
                    f"{contender} / compiled ({name}): {ratio:.2f},"
                    f" wanted {least:g}: {kept}"
                )
    return lines


async def compare(given: argparse.Namespace, url: str) -> Found:
    """Fill the table, then measure one contender after the other."""
    await migrations.upgrade("tickets", url)
    await fill(url)
    answers: dict[str, object] = {}
    found: Found = {}
    for contender in given.only:
        found[contender] = await measure(
            contender, given.seconds, given.operations, answers
        )
    return found


def main() -> None:
    """Measure, and print one line for each contender, then the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=list(CONTENDERS))
    parser.add_argument("--operations", default="abc", help="such as: ab")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if "postgraphile" in given.only:
        install(HERE / "peers")
    os.sched_setaffinity(0, {1})
    with EmbeddedPostgres(HOME, ["tickets"], durable=False) as server:
        os.environ["BENCH_DATABASE"] = server.url("tickets")  # noqa: TID251 - for the contenders
        os.environ["BENCH_JWKS"] = orjson.dumps(jwks()).decode()  # noqa: TID251 - the same
        found = asyncio.run(compare(given, server.url("tickets")))
    print("\n".join(verdicts(found)))
    if given.json:
        told = {
            name: {key: asdict(cost) for key, cost in costs.items()}
            for name, costs in found.items()
        }
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
