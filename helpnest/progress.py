"""Tell a person what takes long, and how long it took."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console

WORTH_TELLING = 0.3  # seconds; what took less passes unmentioned


class Announce(Protocol):
    """Say what begins now; what was said before has ended."""

    def __call__(self, step: str, /) -> None:
        """Begin ``step``."""
        ...


class Steps:
    """A spinner with the current step, and a line for each that took a while."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("")
        self._step: str | None = None
        self._began = 0.0

    def __call__(self, step: str, /) -> None:
        """Begin a step, and end the one before."""
        self._finish()
        self._step, self._began = step, time.monotonic()
        self._status.update(f"{step} …")
        self._status.start()

    def _finish(self) -> None:
        took = time.monotonic() - self._began
        if self._step is not None and took >= WORTH_TELLING:
            self._console.print(f"[green]✓[/] {self._step} [dim]({took:.1f} s)[/]")
        self._step = None

    def end(self, *, done: bool) -> None:
        """Take the spinner away; an unfinished step is not told as done."""
        if done:
            self._finish()
        self._status.stop()


@contextmanager
def steps(console: Console) -> Generator[Steps]:
    """Show the steps announced inside the block, on standard error."""
    shown = Steps(console)
    done = False
    try:
        yield shown
        done = True
    finally:
        shown.end(done=done)
