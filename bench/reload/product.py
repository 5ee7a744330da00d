"""The whole product, as ``make up`` runs it: fifty agents look at their list.

It runs in a folder of links to this checkout, with a ``schema/`` of its own that may
be changed, and with a PostgreSQL and a demo company of its own. Three agents have
signed in for the fifty; a filter of its own keeps the list of each from being
another's, whose answer the router would share.
"""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bench.reload.asking import Asking
from bench.reload.messages import DOCUMENTS, bodies_of
from bench.reload.processes import Served, start_logged, stop
from helpnest.demo.credentials import kept
from helpnest.demo.graph import Graph
from helpnest.supergraph import ROOT, SCHEMAS
from kit.settings import environment

OPERATION = SCHEMAS / "operations" / "agent-queue.graphql"
AGENTS = (
    "callum.reyes@marlow.example",
    "nadia.ferrand@marlow.example",
    "owen.tadesse@marlow.example",
)
READY = b"HelpNest is ready"
RENEW_EVERY = 240.0
"""Seconds after which clients get new tokens; those they have live for 600."""


def linked_checkout(folder: Path) -> Path:
    """Fill the folder; give the supergraph in it."""
    folder.parent.chmod(0o755)  # PostgreSQL may be somebody else, and passes through
    folder.mkdir()
    for each in ROOT.iterdir():
        if each != SCHEMAS and not each.name.startswith(".helpnest"):
            (folder / each.name).symlink_to(each)
    shutil.copytree(SCHEMAS, folder / SCHEMAS.name)
    return folder / SCHEMAS.name / "supergraph.graphql"


async def tokens_of(url: str, home: Path, clients: int) -> list[str]:
    """Sign agents in; give a token for each client."""
    known = kept(home)
    if known is None:
        raise RuntimeError("The demo company has not moved in.")
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        signed = [await Graph(http).sign_in(e, known.passwords[e]) for e in AGENTS]
    return [signed[number % len(signed)] for number in range(clients)]


def filter_of(client: int) -> dict[str, object]:
    """Write a filter that all tickets meet, and no other client asks with."""
    return {"openedAt": {"lt": f"2100-01-01T00:00:{client:02d}Z"}}


@asynccontextmanager
async def whole_product(
    port: int, folder: Path, clients: int
) -> AsyncGenerator[Served]:
    """Serve until the block ends, and write down what clients ask."""
    checkout, home = folder / "checkout", folder / "home"
    supergraph = linked_checkout(checkout)
    text = OPERATION.read_text(encoding="utf-8")
    named = [text.replace("AgentQueue", f"AgentQueue{n}") for n in range(DOCUMENTS)]
    bodies = [bodies_of(named, {"filter": filter_of(n)}) for n in range(clients)]
    env = {**environment(), "HELPNEST_HOME": str(home)}
    product = await start_logged(
        set(), "helpnest", "up", "--port", str(port), cwd=str(checkout), env=env
    )
    try:
        while product.stdout and READY not in (line := await product.stdout.readline()):
            if not line:
                raise RuntimeError("HelpNest did not start.")
        url = f"http://127.0.0.1:{port}"
        tokens = await tokens_of(url, home, clients)
        Asking(tokens, bodies).keep(folder)

        async def renew() -> None:
            while True:
                await asyncio.sleep(RENEW_EVERY)
                tokens = await tokens_of(url, home, clients)
                Asking(tokens, bodies).keep(folder)

        renewing = asyncio.create_task(renew())
        try:
            yield Served(product, supergraph, {"product": product})
        finally:
            renewing.cancel()
    finally:
        await stop([product])
