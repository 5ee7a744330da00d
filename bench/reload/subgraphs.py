"""Every subgraph at once, in a process of its own: the same bytes whatever comes."""

import asyncio
import sys
from typing import cast

import uvloop

from bench.reload.messages import FROM_SUBGRAPH, let_no_garbage_be_looked_for, whole


class Answering(asyncio.Protocol):
    """Answer each whole request."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer at once; who asks does so one after the other."""
        self._waiting += data
        if self._transport is not None and whole(self._waiting):
            self._waiting = b""
            self._transport.write(FROM_SUBGRAPH)


async def serve(port: int) -> None:
    """Listen until the end."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "127.0.0.1", port)
    let_no_garbage_be_looked_for()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
