"""Waiting only so long: what `asyncio.timeout` does, at a tenth of its cost.

Those who wait equally long share one timer: nearly all are done long before it, and
then cost an entry in a dictionary.
"""

import asyncio


class Wait:
    """One task that waits, until when at most, and whether that has come."""

    __slots__ = ("_before", "over", "task", "timer", "until")

    def __init__(self, task: "asyncio.Task[object]", until: float) -> None:
        self.task = task
        self.until = until
        self.over = False
        self.timer: asyncio.TimerHandle | None = None
        self._before = task.cancelling()

    def expire(self) -> None:
        """Give the work up."""
        self.over = True
        self.task.cancel()

    def was_over(self) -> bool:
        """Say whether being cancelled meant that, and nothing else besides.

        To be asked once, by who was cancelled.
        """
        return self.over and self.task.uncancel() <= self._before


class Patience:
    """How long one may be waited for, in seconds.

    ``begin`` and ``end`` stand around the work, which is cancelled when its time is
    over; `Wait.was_over` tells that from being cancelled by somebody else.
    """

    __slots__ = ("_loop", "_timer", "_waits", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._waits: dict[Wait, None] = {}

    def begin(self, seconds: float) -> Wait:
        """Wait from now on for so long; less than all have takes a timer of its own."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("only a task can be stopped")
        wait = Wait(task, loop.time() + seconds)
        if seconds != self.seconds:
            wait.timer = loop.call_at(wait.until, wait.expire)
            return wait
        if self._loop is not loop:
            self._loop, self._timer, self._waits = loop, None, {}
        self._waits[wait] = None
        if self._timer is None:
            self._timer = loop.call_at(wait.until, self._look)
        return wait

    def end(self, wait: Wait) -> None:
        """Wait no longer."""
        if wait.timer is not None:
            wait.timer.cancel()
        else:
            self._waits.pop(wait, None)

    def _look(self) -> None:
        """Give up those whose time is over, and look again when the next one's is."""
        self._timer = None
        if self._loop is None:
            return
        now = self._loop.time()
        while self._waits:
            wait = next(iter(self._waits))
            if wait.until > now:
                self._timer = self._loop.call_at(wait.until, self._look)
                return
            del self._waits[wait]
            wait.expire()
