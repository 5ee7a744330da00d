"""The plans of `bench.router.yardstick`, on the router's own server instead of uvicorn.

What is left between this and the router is the router: reading and checking requests
and answers, plans, merging, projecting, time-outs, metrics, traces.
"""

import sys
from types import SimpleNamespace
from typing import Any

import orjson
import uvicorn

from bench.router.yardstick import QUERIES, SUBGRAPHS, TRANSPORTS
from kit.connection.connection import Connection
from router.executor.transport.over_http import HttpTransport

LINES = b"content-type: application/json\r\n"


class Short:
    """One of the three queries, answered past ASGI."""

    serving = SimpleNamespace(current=True)

    def __init__(self, length: int) -> None:
        self.length = length

    async def answer(self, body: bytes, _: object) -> tuple[int, bytes, bytes]:
        """Answer it."""
        request = orjson.loads(body)
        if not TRANSPORTS:
            for name in ("accounts", "inventory", "products", "reviews"):
                TRANSPORTS[name] = HttpTransport(f"{SUBGRAPHS}/{name}")
        data = await QUERIES[request["operationName"]](request.get("variables") or {})
        return 200, LINES, orjson.dumps({"data": data})


class App:
    """Nothing but the short way."""

    def short_way(self, _: bytes, pairs: list[tuple[bytes, bytes]], __: object) -> Any:
        """Take every request."""
        return Short(int(dict(pairs)[b"content-length"]))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer nothing by ASGI."""


if __name__ == "__main__":
    uvicorn.run(
        App(),
        port=int(sys.argv[1]),
        loop="uvloop",
        http=Connection,
        lifespan="off",
        access_log=False,
        proxy_headers=False,  # it would stand before the short way
        log_level="warning",
    )
