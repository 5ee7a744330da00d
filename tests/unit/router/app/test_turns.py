"""Building leaves the event loop its turns, and everything as it was."""

import asyncio
import gc
import sys

from kit.garbage import settle
from router.app.turns import pacing, taking_turns


def test_building_gives_way_and_leaves_everything_as_it_was() -> None:
    before = sys.getswitchinterval()
    with taking_turns(keep=False):
        assert sys.getswitchinterval() < before
        assert not gc.isenabled()
    assert (sys.getswitchinterval(), gc.isenabled()) == (before, True)


def test_what_has_settled_is_collected_no_more() -> None:
    try:
        settle()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


async def test_who_builds_lets_the_loop_turn_again_and_again() -> None:
    turns, seen = 0, set[int]()
    loop = asyncio.get_running_loop()

    def turn() -> None:
        nonlocal turns
        turns += 1
        loop.call_soon(turn)

    def build() -> None:
        with pacing(loop):
            for _ in range(200_000):
                seen.add(turns)

    loop.call_soon(turn)
    await asyncio.to_thread(build)
    assert len(seen) > 3


def test_who_builds_does_not_wait_for_a_loop_that_is_gone() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    with pacing(loop):
        total = sum(abs(n) for n in range(200_000))
    assert total == 19_999_900_000
    assert sys.getprofile() is None
