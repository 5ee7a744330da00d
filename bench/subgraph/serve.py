"""``python -m bench.subgraph.serve CONTENDER PORT``: one of ours in one process."""

import os
import sys
from typing import Any

import httpx
import orjson
import uvicorn

from bench.subgraph import ceiling, stock
from helpnest.lifespan import lifespan
from helpnest.serve import listen, run, serve
from kit.app import Surroundings
from kit.key_set import KeySet
from kit.settings import ServiceSettings
from kit.tokens import TokenVerifier
from subgraphs.tickets.app import create_app

OURS = ("compiled", "standard")


def app_of(contender: str) -> Any:
    """Make a contender's app; its database and the tokens' key come by name."""
    url = os.environ["BENCH_DATABASE"]  # noqa: TID251 - handed to this process alone
    if contender == "ceiling":
        return ceiling.Ceiling(url)
    if contender == "stock":
        return stock.create_app(url)
    keys = KeySet()
    keys.replace(orjson.loads(os.environ["BENCH_JWKS"]))  # noqa: TID251 - as above
    settings = ServiceSettings(
        domain="tickets",
        database_url=url,
        execution="standard" if contender == "standard" else "compiled",
    )
    verifier = TokenVerifier(settings.issuer, settings.audience, keys=keys)
    around = Surroundings(verifier, httpx.AsyncClient(), poll=False)
    return create_app(settings, surroundings=around)


async def ship(app: Any, port: int) -> None:
    """Serve a subgraph as the product does."""
    async with lifespan(app, "tickets"):
        await serve(app, listen("127.0.0.1", port), lambda: None)


def main(contender: str, port: int) -> None:
    """Serve ours as they ship, and the others as uvicorn's documentation shows it."""
    app = app_of(contender)
    if contender in OURS:
        run(ship(app, port))
        return
    uvicorn.run(
        app,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
