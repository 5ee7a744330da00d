"""Processes kept running: who dies is started again, who steps down is not."""

import asyncio
import os
import signal
import sys
import time

import pytest

from helpnest import supervisor
from helpnest.supervisor import Child, next_pause, supervised


def sleeper(monkeypatch: pytest.MonkeyPatch) -> Child:
    """A child that is not HelpNest: the real spawning, another program."""
    spawn = asyncio.create_subprocess_exec

    async def instead(*_: str, **options: object) -> asyncio.subprocess.Process:
        code = "import time; time.sleep(60)"
        return await spawn(sys.executable, "-c", code, **options)  # pyright: ignore[reportArgumentType] - passed through

    monkeypatch.setattr(asyncio, "create_subprocess_exec", instead)
    return Child("sleeper", [], {})


async def pid_of(child: Child, other_than: int = 0) -> int:
    deadline = time.monotonic() + 10
    while True:
        process = child.process
        if process and process.returncode is None and process.pid != other_than:
            return process.pid
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_killed_process_is_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    child = sleeper(monkeypatch)
    child.pause = 0.01
    async with supervised([child]):
        first = await pid_of(child)
        os.kill(first, signal.SIGKILL)
        second = await pid_of(child, other_than=first)
    assert second != first
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


async def test_a_process_that_ignores_the_request_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "STOPS_WITHIN", 0.2)
    child = sleeper(monkeypatch)
    async with supervised([child]):
        pid = await pid_of(child)
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("last", "lived", "pause"),
    [(0.5, 0.1, 1.0), (1.0, 9.9, 2.0), (8.0, 0.0, 10.0), (10.0, 10.0, 0.5)],
)
def test_the_sooner_it_dies_the_longer_the_pause(
    last: float, lived: float, pause: float
) -> None:
    assert next_pause(last, lived) == pause
