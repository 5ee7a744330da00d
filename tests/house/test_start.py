"""A router that starts loads what serving needs, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

START = """
import sys
import uvicorn
from router.__main__ import main

def run(server):
    print(*sys.modules)
    server.started = True

uvicorn.Server.run = run
sys.argv = ["router", "serve", "-s", sys.argv[1]]
main()
"""
"""Everything up to listening, and then what has been loaded until there."""

LATER = {
    "typer",  # the other commands
    "rich",  # their colours, and structlog's
    "yaml",  # a router.yaml
    "zstandard",  # a client that reads it
    "httpx",  # an issuer's keys
    "opentelemetry",  # spans, where they are exported
    "prometheus_client",
    "websockets",  # a subgraph that is followed by WebSocket
    "strawberry",  # subgraphs' own
    "fastapi",
    "starlette",
    "sqlalchemy",
    "asyncpg",
    "helpnest",
    "subgraphs",
    "jit",
}
"""What only some routers need, or only some requests; and what none does."""


def loaded(supergraph: str) -> set[str]:
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", START, supergraph],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "supergraph", ["schema/supergraph.graphql", "bench/router/supergraph.graphql"]
)
def test_what_is_not_needed_is_not_loaded(supergraph: str) -> None:
    modules = loaded(supergraph)
    assert {"router.app.application", "graphql", "uvicorn"} <= modules
    assert modules & LATER == set()
