"""Processes of ours, on cores of their own where that tells more."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process, create_subprocess_exec
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from router.executor.transport.interface import TransportError
from router.executor.transport.over_http import HttpTransport


@dataclass(slots=True)
class Served:
    """What answers: its log tells of reloads, and it reads ``supergraph`` again.

    ``parts`` are the processes whose CPU is told; ``others`` is where clients run.
    """

    router: Process
    supergraph: Path
    parts: dict[str, Process] = field(default_factory=dict[str, Process])
    others: set[int] = field(default_factory=set[int])

    async def ended(self) -> str:
        """Read the log until a reload is over; give its end."""
        stdout = self.router.stdout
        while stdout and (line := await stdout.readline()):
            for each in ("taken", "refused"):
                if f"reload.{each}".encode() in line:
                    return each
        raise RuntimeError("The router ended.")


def cores() -> tuple[set[int], set[int]]:
    """Give a core for those who ask and answer, and another for the router."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    usable = sorted(os.sched_getaffinity(0))
    return {usable[0]}, {usable[-1]}


async def start(on: set[int], module: str, *given: str, **options: Any) -> Process:
    """Start a module of ours, on those cores alone if any are named."""
    command = (sys.executable, "-u", "-m", module, *given)
    process = await create_subprocess_exec(*command, **options)
    if on:
        os.sched_setaffinity(process.pid, on)
    return process


async def start_logged(
    on: set[int], module: str, *given: str, **options: Any
) -> Process:
    """Start one whose log we read."""
    return await start(on, module, *given, stdout=PIPE, stderr=STDOUT, **options)


async def stop(processes: list[Process], patience: float = 20.0) -> None:
    """End them, and wait until they are gone."""
    for each in processes:
        if each.returncode is None:
            each.terminate()
    for each in processes:
        try:
            await asyncio.wait_for(each.communicate(), patience)
        except TimeoutError:
            each.kill()
            await each.wait()


async def reachable(url: str) -> None:
    """Wait until the router listens."""
    transport = HttpTransport(url)
    while True:
        try:
            await transport.send(b"{}", ())
        except TransportError:
            await asyncio.sleep(0.1)
        else:
            await transport.close()
            return
