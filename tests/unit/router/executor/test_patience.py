"""Waiting only so long."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest

from router.executor.patience import Patience

Value = TypeVar("Value")

LONG = 60.0


async def within(
    patience: Patience, work: Awaitable[Value], seconds: float | None = None
) -> Value:
    wait = patience.begin(patience.seconds if seconds is None else seconds)
    try:
        return await work
    except asyncio.CancelledError as error:
        if wait.was_over():
            raise TimeoutError from error
        raise
    finally:
        patience.end(wait)


async def test_what_is_done_in_time_is_given() -> None:
    assert await within(Patience(LONG), asyncio.sleep(0, "done")) == "done"


@pytest.mark.parametrize("all_have", [0.01, LONG])
async def test_what_takes_longer_is_given_up(all_have: float) -> None:
    work = asyncio.ensure_future(asyncio.sleep(9))
    with pytest.raises(TimeoutError):
        await within(Patience(all_have), work, 0.01)
    assert work.cancelled()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_each_of_many_is_given_up_when_its_own_time_is_over() -> None:
    patience, ended = Patience(0.05), list[int]()

    async def late(number: int) -> None:
        await asyncio.sleep(number * 0.02)
        try:
            await within(patience, asyncio.sleep(9))
        except TimeoutError:
            ended.append(number)

    async def quick() -> None:
        await within(patience, asyncio.sleep(0))

    await asyncio.gather(late(2), late(1), quick(), late(0), late(3))
    assert ended == [0, 1, 2, 3]


async def test_after_a_quiet_time_it_still_counts() -> None:
    patience = Patience(0.01)
    await within(patience, asyncio.sleep(0))
    await asyncio.sleep(0.03)
    with pytest.raises(TimeoutError):
        await within(patience, asyncio.sleep(9))


async def test_an_error_of_the_work_is_its_own() -> None:
    async def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await within(Patience(LONG), fail())


async def test_being_cancelled_from_outside_is_no_time_out() -> None:
    task = asyncio.create_task(within(Patience(LONG), asyncio.sleep(9)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancelled_and_late_at_once_is_cancelled() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.sleep(9)
        finally:
            task.cancel()

    task = asyncio.create_task(within(Patience(0.01), stubborn()))
    with pytest.raises(asyncio.CancelledError):
        await task


def test_another_event_loop_waits_anew() -> None:
    patience = Patience(0.01)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            asyncio.run(within(patience, asyncio.sleep(9)))
