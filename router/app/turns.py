"""A thread that computes, beside an event loop that serves: who gets Python's lock."""

import asyncio
import gc
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter

SHORT_TURN = 0.0002
"""Seconds for which building may keep those who serve waiting, each time."""

LEAST_WORK, SHARE = 0.001, 0.25
"""Seconds of building in each turn of the event loop; more in turns that are long."""

PATIENCE = 1.0
"""Seconds that building waits for a turn of the loop, should it hang."""


@contextmanager
def pacing(loop: asyncio.AbstractEventLoop) -> Generator[None]:
    """Let this thread compute for a moment in each turn of the loop, and no more.

    Two threads that compute share Python's lock evenly, and the loop needs it several
    times for one request: it would come to a third of its speed. Here it has the lock
    to itself until all that was ready is done. Where nobody is served, a turn is over
    at once, and building loses little.
    """
    turned = threading.Event()
    until = perf_counter() + LEAST_WORK

    def pace(*_: object) -> None:
        nonlocal until
        if (began := perf_counter()) < until:
            return
        turned.clear()
        try:
            loop.call_soon_threadsafe(turned.set)
        except RuntimeError:  # it is closed: nobody is kept waiting any more
            sys.setprofile(None)
            return
        turned.wait(PATIENCE)
        ended = perf_counter()
        until = ended + max(LEAST_WORK, SHARE * (ended - began))

    # Called at each call and return of this thread, whatever it computes.
    sys.setprofile(pace)
    try:
        yield
    finally:
        sys.setprofile(None)


@contextmanager
def taking_turns(*, keep: bool) -> Generator[None]:
    """Let a thread that computes give way often: the event loop is served first.

    Nothing is collected meanwhile: all that is built stays, and looking at it again
    and again would stop everybody each time. With ``keep`` it is not looked at
    afterwards either, until `kit.garbage.settle`.
    """
    before, collecting = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(SHORT_TURN)
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        if keep:
            gc.freeze()
        if collecting:
            gc.enable()
