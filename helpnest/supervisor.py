"""Processes of our own, started again when they die, ended when we do."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE = 0.5  # seconds before a dead process is started again
LONGEST_PAUSE = 10.0
STEADY_AFTER = 10.0  # seconds; who lived longer than that starts without a record
STOPS_WITHIN = 15.0


@dataclass(slots=True)
class Child:
    """One process to keep running."""

    name: str
    arguments: list[str]
    environment: Mapping[str, str]
    process: asyncio.subprocess.Process | None = None
    pause: float = FIRST_PAUSE
    stopping: bool = field(default=False)

    async def keep_running(self) -> None:
        """Start it, again and again, with a longer pause the sooner it dies."""
        while not self.stopping:
            began = time.monotonic()
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "helpnest"),
                *self.arguments,
                env=dict(self.environment),
                start_new_session=True,  # Ctrl-C is for us; we stop them in order
            )
            status = await self.process.wait()
            if self.stopping:
                return
            lived = time.monotonic() - began
            self.pause = next_pause(self.pause, lived)
            log.warning("process.died", name=self.name, status=status, lived=lived)
            await asyncio.sleep(self.pause)

    async def stop(self) -> None:
        """Ask it to finish; end it if it does not."""
        self.stopping = True
        process = self.process
        if process is None or process.returncode is not None:
            return
        for request in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(request)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOPS_WITHIN)
                return


def next_pause(last: float, lived: float) -> float:
    """Choose how long to wait before the next start.

    >>> next_pause(0.5, lived=0.1), next_pause(8.0, lived=0.1), next_pause(8.0, 60)
    (1.0, 10.0, 0.5)
    """
    if lived >= STEADY_AFTER:
        return FIRST_PAUSE
    return min(last * 2, LONGEST_PAUSE)


@asynccontextmanager
async def supervised(children: list[Child]) -> AsyncGenerator[None]:
    """Keep ``children`` running while the block lasts; stop the last one first."""
    tasks = [asyncio.create_task(child.keep_running()) for child in children]
    try:
        yield
    finally:
        for child in reversed(children):
            await child.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
