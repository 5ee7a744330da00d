"""A long computation on the thread that serves: a slice at a time, and others between.

In a thread of its own it would fight for Python's lock with the event loop, which
loses it at every call of the system and then waits for it: requests took three times
as long, some ten times. Here it stops by itself, in the middle of whatever it
computes, and goes on when those who are served had their share.
"""

import asyncio
import gc
import sys
from collections.abc import Callable
from time import perf_counter, thread_time
from types import CodeType, FrameType
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from greenlet import getcurrent, greenlet

SLICE, LONGEST_SLICE = 0.00025, 0.025
"""Seconds after which a computation stops: what a request may have to wait for it. The
longest is for loops whose every turn takes several times as long anyhow."""

SHARE: Final = 1 / 7
"""Its part of the time while others have something to do: slices are longer where
many are served in one turn of the loop, and all of them wait anyhow."""

NOTHING_TO_DO: Final = 0.0001
"""Seconds: a turn of the loop that was shorter had nobody to serve."""

MOST_YOUNG: Final = 1_000
"""Objects made since garbage was last looked for, after a `SLICE`: so many are looked
at in as long. After a longer one they may be as many times more."""

KNOWN: Final = frozenset(
    {
        "collections",
        "dataclasses",
        "enum",
        "functools",
        "graphql",
        "kit",
        "pydantic",
        "re",
        "router",
        "typing",
        "yaml",
    }
)
"""Code that may be stopped anywhere: none of it holds a lock that others may want."""

AT_WORK: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]] = (
    WeakKeyDictionary()
)
"""Who computes in slices on which loop."""

Result = TypeVar("Result")
Clock = Callable[[], float]


async def in_slices(
    work: Callable[[], Result],
    *,
    clock: Clock = perf_counter,
    turn: Clock = thread_time,
) -> Result:
    """Compute on this thread, and let the loop turn again and again meanwhile.

    ``clock`` says when a slice is over, ``turn`` how long others computed: what they
    wait for, and what other processes take of the machine, is not theirs. Garbage is
    looked for in the place of a slice, among what was made and never through what was
    there: Python's own way, a hundred thousand objects at once, would stop everybody.
    What was there stays unlooked at, until `kit.garbage.settle`.

    One at a time on a loop: two would each take the other for those who are served.
    """
    one = AT_WORK.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    async with one:
        return await _in_slices(work, clock, turn)


async def _in_slices(work: Callable[[], Result], clock: Clock, turn: Clock) -> Result:
    slices, collecting, allowed = Slices(work, clock), gc.isenabled(), SLICE
    looks = False
    gc.disable()
    gc.freeze()
    try:
        while True:
            began = turn()
            # Never twice in a row: others make objects too, and it must go on.
            looks = not looks and gc.get_count()[0] > MOST_YOUNG * allowed / SLICE
            if looks:
                gc.collect(0)
            elif slices.go_on(allowed):
                return slices.found[0]
            allowed = await others_first(turn, turn() - began)
    finally:
        slices.give_up()
        if collecting:
            gc.enable()


class Slices(Generic[Result]):
    """One computation: stopped, or on its way until the time is over."""

    def __init__(self, work: Callable[[], Result], clock: Clock) -> None:
        self.found: list[Result] = []
        self._work = work
        self._clock = clock
        self._worker = greenlet(self._begin)

    def _begin(self) -> None:
        self.found.append(self._work())

    def go_on(self, seconds: float) -> bool:
        """Compute for so long; say whether that was the rest of it."""
        worker, clock, first = self._worker, self._clock, self._begin.__code__
        others = worker.parent = getcurrent()
        until = clock() + seconds

        def look(frame: FrameType, _: str, __: object) -> None:
            nonlocal until
            now = clock()
            if now < until:
                return
            if may_stop(frame, first):
                others.switch()
            else:
                # To look again and again costs more than to wait.
                until = now + SLICE / 8

        before = sys.getprofile()
        # Called at each call and return, whatever is computed, until it is over.
        sys.setprofile(look)
        try:
            worker.switch()
        finally:
            sys.setprofile(before)
        return worker.dead

    def give_up(self) -> None:
        """End it where it stands, unless it has ended."""
        if not self._worker.dead:
            self._worker.throw()


async def others_first(turn: Clock, taken: float) -> float:
    """Let the loop turn until the others had their share, or nothing to do.

    Gives the length of the next slice.
    """
    began, others = turn(), 0.0
    while others < taken * (1 / SHARE - 1):
        before = others
        await asyncio.sleep(0)
        others = turn() - began
        if others - before < NOTHING_TO_DO:
            return SLICE
    return min(max(SLICE, others * SHARE / (1 - SHARE)), LONGEST_SLICE)


def may_stop(frame: FrameType | None, first: CodeType) -> bool:
    """Say whether all that is under way is code that may be stopped anywhere.

    Who holds a lock (of the log, of the imports) has to give it back first: the loop
    is on this thread, and would wait for ever.
    """
    while frame is not None and frame.f_code is not first:
        name: str = frame.f_globals.get("__name__", "")
        if name.partition(".")[0] not in KNOWN:
            return False
        frame = frame.f_back
    return True
