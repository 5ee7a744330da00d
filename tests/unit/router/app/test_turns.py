"""A computation in slices leaves the event loop its turns, and everything as it was."""

import asyncio
import gc
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import FunctionType

import pytest

from kit.identity import Identity
from router.app.serving import Issuers, Serving, open_serving
from router.app.turns import LONGEST_SLICE, SHARE, SLICE, Slices, in_slices
from router.gateway.warm import Use, warm
from router.settings.model import Settings
from router.telemetry.observer import Observer

SUPERGRAPH = Path(__file__).parents[4] / "schema" / "supergraph.graphql"
QUERY = 'query Q%d { ticket(number: "INC1") { title requester { name } } __typename }'
ADA = Identity("usr_ada", scopes=frozenset({"tickets:read", "users:read"}))

CALLS_A_SECOND = 1_000_000
"""Of the clocks here: they count calls, however slow the machine is."""

SHORT, LONGEST = SLICE * CALLS_A_SECOND, LONGEST_SLICE * CALLS_A_SECOND
UNSTOPPED = 500
"""Calls in code of others, in whose midst a slice does not end."""


def counting() -> Callable[[], float]:
    counted = count()
    return lambda: next(counted) / CALLS_A_SECOND


@pytest.fixture(autouse=True)
def left_as_it_was() -> Generator[None]:
    yield
    assert (sys.getprofile(), gc.isenabled()) == (None, True)
    gc.unfreeze()


class Loop:
    """Who turns beside a computation, and counts what each turn had to wait for.

    ``busy`` is how many seconds those who are served compute in each turn.
    """

    def __init__(self, busy: float = 1e-9) -> None:
        self.clock = counting()
        self.waits: list[int] = []
        self._turns = count()
        self._busy = busy

    def turn(self) -> float:
        return next(self._turns) * self._busy

    async def beside(self, work: Callable[[], object]) -> None:
        computing = asyncio.ensure_future(
            in_slices(work, clock=self.clock, turn=self.turn)
        )
        while not computing.done():
            before = self.clock()
            await asyncio.sleep(0)
            self.waits.append(round((self.clock() - before) * CALLS_A_SECOND))
        await computing


def called(times: int) -> int:
    """Call something so many times."""
    return sum(len([each]) for each in range(times))


def own(work: Callable[[], object], name: str) -> Callable[[], object]:
    """Let a call of it come from a module of another name."""

    def run() -> object:
        return work()

    return FunctionType(run.__code__, {"__name__": name}, None, None, run.__closure__)


async def test_what_is_computed_comes_back_and_so_does_what_is_raised() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    assert await in_slices(lambda: 42) == 42
    with pytest.raises(LookupError, match="nothing there"):
        await in_slices(fail)


async def test_the_loop_turns_while_it_is_computed_on_the_loop_s_own_thread() -> None:
    loop, threads = Loop(), set[int]()

    def work() -> None:
        threads.add(threading.get_ident())
        for each in range(20_000):
            Settings.__name__.startswith(str(each))

    with as_of_the_router():
        await loop.beside(work)
    assert threads == {threading.get_ident()}
    assert len(loop.waits) > 20
    assert max(loop.waits) <= SHORT + UNSTOPPED


@pytest.mark.parametrize("busy", [0.002, 0.1])
async def test_slices_are_a_share_of_the_time_where_many_are_served(
    busy: float,
) -> None:
    loop = Loop(busy)
    with as_of_the_router():
        await loop.beside(lambda: called(200_000))
    # One turn of theirs is taken for the slice's own length: theirs follow.
    others = (1 / SHARE - 1) * busy
    wanted = min(others * SHARE / (1 - SHARE) * CALLS_A_SECOND, LONGEST)
    assert wanted <= max(loop.waits) < wanted * 1.5


async def test_two_computations_wait_for_one_another() -> None:
    order: list[str] = []

    def work(name: str) -> None:
        order.append(name)
        called(5_000)
        order.append(name)

    loop = Loop()
    with as_of_the_router():
        await asyncio.gather(
            loop.beside(lambda: work("first")), loop.beside(lambda: work("second"))
        )
    assert order == ["first", "first", "second", "second"]


async def test_who_may_hold_a_lock_is_not_stopped() -> None:
    loop = Loop()
    with as_of_the_router():
        await loop.beside(own(lambda: called(20_000), "logging"))
    assert max(loop.waits) > 20_000


@contextmanager
def as_of_the_router() -> Generator[None]:
    """Let this module's code be taken for the router's."""
    globals()["__name__"] = "router.test_turns"
    try:
        yield
    finally:
        globals()["__name__"] = __spec__.name


async def test_no_slice_of_a_reload_is_long() -> None:
    settings, observer = Settings(), Observer(Settings())
    sdl = SUPERGRAPH.read_text(encoding="utf-8")
    uses = [Use(QUERY % n, 1, [(None, ADA)]) for n in range(3)]
    made: list[Serving] = []

    def build() -> None:
        issuers = Issuers(settings, None)
        made.append(open_serving(settings, sdl, issuers, observer, None))
        assert warm(made[0].gateway, uses) == 3

    building, leaving = Loop(), Loop()
    with as_of_the_router():
        await building.beside(build)
    await leaving.beside(made[0].take_apart)
    assert len(building.waits) > 200
    assert max(building.waits) <= SHORT + UNSTOPPED
    assert max(leaving.waits) <= SHORT + UNSTOPPED


async def test_who_is_given_up_in_the_middle_is_ended_there() -> None:
    ended: list[int] = []

    def work() -> None:
        for number in count():
            try:
                called(1_000)
            finally:
                ended.append(number)

    with as_of_the_router():
        computing = asyncio.ensure_future(in_slices(work, clock=counting()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        so_far = len(ended)
        computing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await computing
    assert len(ended) == so_far + 1


async def test_only_garbage_that_is_made_on_the_way_is_looked_for() -> None:
    seen = gc.get_freeze_count

    class Circle:
        alive = 0

        def __init__(self) -> None:
            Circle.alive += 1
            self.me = self

        def __del__(self) -> None:
            Circle.alive -= 1

    def work() -> int:
        most = 0
        for _ in range(20_000):
            Circle()
            most = max(most, Circle.alive)
        return most

    before = [[each] for each in range(10_000)]
    with as_of_the_router():
        most = await in_slices(work, clock=counting())
    assert most < 10_000
    assert seen() >= len(before)


async def test_it_goes_on_though_others_make_objects_all_the_while() -> None:
    kept: list[list[int]] = []

    async def make() -> None:
        while True:
            kept.extend([] for _ in range(2_000))
            await asyncio.sleep(0)

    others = asyncio.create_task(make())
    with as_of_the_router():
        work = in_slices(lambda: called(1_000), clock=counting())
        assert await asyncio.wait_for(work, 5) == 1_000
    others.cancel()


def test_slices_end_where_the_time_is_over() -> None:
    slices = Slices(lambda: called(10_000), counting())
    with as_of_the_router():
        turns = 1
        while not slices.go_on(1_000 / CALLS_A_SECOND):
            turns += 1
    assert slices.found == [10_000]
    assert 35 <= turns <= 45  # four calls and returns each
