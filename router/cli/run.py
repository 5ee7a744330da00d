"""Run one operation against the subgraphs, and show where the time went."""

import asyncio
from pathlib import Path

import orjson
import typer

from kit.guard import GraphQLRequest, parse_json
from kit.identity import ANONYMOUS
from router.executor.gathered import FetchTrace
from router.gateway.opening import open_gateway
from router.gateway.pipeline import Asked, Outcome
from router.gateway.refusals import RefusedError
from router.settings import Settings, load_settings

BAR = 40
"""Characters for the longest bar of a trace."""


def run_operation(
    supergraph: Path,
    config: Path | None,
    operation: Path,
    *,
    name: str | None,
    variables: str,
    token: str | None,
    trace: bool,
) -> None:
    """Print the answer; with ``trace``, what each fetch took, to standard error.

    Raises:
        RouterError: the supergraph, the settings or the operation cannot be used.

    """
    request = GraphQLRequest(
        operation.read_text(encoding="utf-8"), name, parse_json(variables.encode())
    )
    authorization = (b"authorization", f"Bearer {token}".encode()) if token else None
    asked = Asked(
        request,
        ANONYMOUS,
        [authorization] if authorization else [],
        "command-line",
        trace=trace,
    )
    sdl = supergraph.read_text(encoding="utf-8")
    try:
        outcome = asyncio.run(answer(load_settings(config), sdl, asked))
    except RefusedError as refusal:
        typer.echo(pretty(refusal.body()))
        raise typer.Exit(1) from refusal
    typer.echo(pretty(outcome.body))
    if outcome.gathered.trace is not None:
        typer.echo(draw_trace(outcome.gathered.trace, outcome), err=True)


async def answer(settings: Settings, sdl: str, asked: Asked) -> Outcome:
    """Open the gateway for this one request."""
    gateway = open_gateway(settings, sdl)
    try:
        return await gateway.answer(asked)
    finally:
        await gateway.close()


def draw_trace(trace: list[FetchTrace], outcome: Outcome) -> str:
    """Draw each fetch on one time line: blank is waiting, the bar is the subgraph.

    In milliseconds since execution began, and bytes.
    """
    end = max((each.started + each.seconds for each in trace), default=0.0)
    scale = BAR / end if end else 0.0
    lines = [f"planned in {outcome.prepared.planned_in * 1000:.1f} ms"]
    for each in sorted(trace, key=lambda fetch: fetch.started):
        before = round(each.started * scale)
        bar = " " * before + "█" * max(1, round(each.seconds * scale))
        lines.append(
            f"{each.id:>3} {each.service:<14} {bar:<{BAR + 1}} "
            f"waited {each.started * 1000:6.1f}  took {each.seconds * 1000:6.1f}  "
            f"sent {each.sent:>6}  received {each.received:>7}  "
            f"entities {each.entities:>4}{'  shared' if each.shared else ''}"
        )
    lines.append(f"{len(trace)} requests in {end * 1000:.1f} ms")
    return "\n".join(lines)


def pretty(body: bytes) -> str:
    """Indent JSON."""
    return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
