"""Fifty clients in a process of their own, each with one connection.

What they ask is in a file of the folder (`Asking`), which may be written anew. They ask
until standard input ends.
``times.json`` then says when each request was written, when the last byte of its answer
was there, and what failed.
"""

import argparse
import asyncio
import sys
import time
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import orjson
import uvloop

from bench.reload.asking import FILE, Asking
from bench.reload.messages import (
    ERRORS,
    OK,
    let_no_garbage_be_looked_for,
    requests_with,
    whole,
)

LOOK_EVERY = 1.0
"""Seconds between two looks at the file."""


class Asked:
    """What all clients have seen, and whether they go on."""

    def __init__(self, pause: float, answer: bytes) -> None:
        self.pause = pause
        self.answer = answer
        self.over = False
        self.began = array("d")
        self.ended = array("d")
        self.failed: list[str] = []

    def all_there(self, data: bytes) -> bool:
        """Say whether an answer has come to its end."""
        return (self.answer != b"" and data.endswith(self.answer)) or whole(data)

    def is_right(self, data: bytes) -> bool:
        """Say whether it is what was asked for."""
        ends = data.endswith(self.answer) if self.answer else ERRORS not in data
        return ends and data.startswith(OK)

    def told(self) -> bytes:
        """Write it all down."""
        times = {"began": self.began.tolist(), "ended": self.ended.tolist()}
        return orjson.dumps({**times, "failed": self.failed})


class Client(asyncio.Protocol):
    """Ask one thing after another, each its own operations in turn."""

    def __init__(self, asked: Asked, requests: list[bytes], number: int) -> None:
        self._asked = asked
        self.requests = requests
        self._number = number
        self._transport: asyncio.Transport | None = None
        self._began = 0.0
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def ask(self) -> None:
        """Write one request."""
        if self._transport is None or self._asked.over:
            return
        self._number += 1
        request = self.requests[self._number % len(self.requests)]
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Look whether the answer is there, and right, and ask the next."""
        if self._waiting:
            data = self._waiting + data
        if not self._asked.all_there(data):
            self._waiting = data
            return
        ended, asked = time.perf_counter(), self._asked
        asked.began.append(self._began)
        asked.ended.append(ended)
        self._waiting = b""
        if not asked.is_right(data):
            asked.failed.append(data.decode("latin-1")[:300])
        if asked.pause:
            asyncio.get_running_loop().call_later(asked.pause, self.ask)
        else:
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a connection that was closed in the middle as a failure."""
        self._transport = None
        if not self._asked.over:
            self._asked.failed.append(f"the router hung up: {exc}")


def requests_of(asking: Asking) -> list[list[bytes]]:
    """Write all that each client asks."""
    both = zip(asking.tokens, asking.bodies, strict=True)
    return [requests_with(token, bodies) for token, bodies in both]


async def read_again(folder: Path, clients: Sequence[Client]) -> None:
    """Give clients what is written anew, again and again."""
    file = folder / FILE
    known = file.stat().st_mtime_ns
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if (now := file.stat().st_mtime_ns) == known:
            continue
        known, asking = now, Asking.read(folder)
        for client, requests in zip(clients, requests_of(asking), strict=True):
            client.requests = requests


async def ask_all(port: int, folder: Path, pause: float) -> bytes:
    """Ask until standard input ends."""
    loop, asking = asyncio.get_running_loop(), Asking.read(folder)
    asked = Asked(pause, asking.answer.encode())
    clients = [
        Client(asked, requests, number)
        for number, requests in enumerate(requests_of(asking))
    ]
    for client in clients:
        await loop.create_connection(lambda c=client: c, "127.0.0.1", port)
    let_no_garbage_be_looked_for()
    for number, client in enumerate(clients):
        loop.call_later(pause * number / len(clients), client.ask)
    reading = asyncio.create_task(read_again(folder, clients))
    await asyncio.to_thread(sys.stdin.read)
    reading.cancel()
    asked.over = True
    return asked.told()


def main() -> None:
    """Read the command line and ask."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pause", type=float)
    given = parser.parse_args()
    told = uvloop.run(ask_all(given.port, given.folder, given.pause))
    (given.folder / "times.json").write_bytes(told)


if __name__ == "__main__":
    main()
