"""The router and nothing else: subgraphs answer the same bytes at once.

The router has a core of its own; all subgraphs and the clients share the other.
"""

from asyncio.subprocess import DEVNULL
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson

from bench.reload.asking import Asking
from bench.reload.messages import ANSWER, DOCUMENTS, QUERY, bodies_of
from bench.reload.processes import Served, cores, reachable, start, start_logged, stop
from helpnest.supergraph import SUPERGRAPH, domains
from tests.support.tokens import jwks, sign

CONFIG = """
authentication:
  router:
    jwt:
      jwks: [{{url: "{keys}", issuers: [helpnest], audiences: [helpnest]}}]
override_subgraph_url:
{urls}
"""


def configured(folder: Path, subgraphs: int) -> list[str]:
    """Write what the router needs; give its arguments."""
    keys, config = folder / "jwks.json", folder / "router.yaml"
    keys.write_bytes(orjson.dumps(jwks()))
    urls = "".join(f"  {name}: http://127.0.0.1:{subgraphs}\n" for name in domains())
    config.write_text(CONFIG.format(keys=keys.as_uri(), urls=urls))
    file = folder / "supergraph.graphql"
    file.write_text(SUPERGRAPH.read_text(encoding="utf-8"))
    return ["-s", str(file), "-c", str(config)]


@asynccontextmanager
async def router_alone(port: int, folder: Path, clients: int) -> AsyncGenerator[Served]:
    """Serve until the block ends, and write down what clients ask."""
    others, own = cores()
    given = (*configured(folder, port + 1), "--port", str(port))
    tokens = [
        sign(f"usr_{number}", scopes=["tickets:read"], lifetime=3_600)
        for number in range(clients)
    ]
    bodies = bodies_of([QUERY.format(n=n) for n in range(DOCUMENTS)])
    Asking(tokens, [bodies] * clients, ANSWER.decode()).keep(folder)
    behind = ("bench.reload.subgraphs", str(port + 1))
    subgraphs = await start(others, *behind, stdout=DEVNULL)
    router = await start_logged(own, "router", "serve", *given)
    try:
        await reachable(f"http://127.0.0.1:{port}/graphql")
        parts = {"subgraphs": subgraphs, "router": router}
        yield Served(router, folder / "supergraph.graphql", parts, others)
    finally:
        await stop([router, subgraphs])
