"""Waiting only so long."""

import asyncio

import pytest

from router.executor.patience import within


async def test_what_is_done_in_time_is_given() -> None:
    assert await within(1, asyncio.sleep(0, "done")) == "done"


async def test_what_takes_longer_is_given_up() -> None:
    work = asyncio.ensure_future(asyncio.sleep(9))
    with pytest.raises(TimeoutError):
        await within(0.01, work)
    assert work.cancelled()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_an_error_of_the_work_is_its_own() -> None:
    async def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await within(1, fail())


async def test_being_cancelled_from_outside_is_no_time_out() -> None:
    task = asyncio.create_task(within(1, asyncio.sleep(9)))
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

    task = asyncio.create_task(within(0.01, stubborn()))
    with pytest.raises(asyncio.CancelledError):
        await task
