import asyncio

import pytest

from kit import rounds
from kit.rounds import Round, Rounds


async def test_a_round_is_made_at_once_and_again_until_the_block_ends() -> None:
    made = 0
    thrice = asyncio.Event()

    async def work() -> None:
        nonlocal made
        made += 1
        if made == 3:
            thrice.set()

    async with Rounds(Round("count", 0.001, work)).running():
        await thrice.wait()
    after = made
    await asyncio.sleep(0.02)
    assert made == after


async def test_a_round_that_fails_is_made_again_and_others_go_on() -> None:
    tries = 0
    recovered, other = asyncio.Event(), asyncio.Event()

    async def fails_twice() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ConnectionResetError("the database restarts")
        recovered.set()

    async def works() -> None:
        other.set()

    async with Rounds(
        Round("failing", 0.001, fails_twice), Round("working", 60, works)
    ).running():
        await recovered.wait()
        await other.wait()
    assert tries >= 3


async def test_what_is_under_way_at_the_end_is_finished() -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), False

    async def work() -> None:
        nonlocal ended
        begun.set()
        await may_end.wait()
        ended = True

    async with Rounds(Round("slow", 60, work)).running():
        await begun.wait()
        asyncio.get_running_loop().call_soon(may_end.set)
    assert ended


async def test_what_does_not_end_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "GRACE", 0.01)
    begun, cancelled = asyncio.Event(), False

    async def work() -> None:
        nonlocal cancelled
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled = True
            raise

    async with Rounds(Round("endless", 60, work)).running():
        await begun.wait()
    assert cancelled


async def test_no_rounds_are_nothing_to_wait_for() -> None:
    async with Rounds().running():
        pass
