"""One answer for all who ask the same."""

import asyncio

import pytest

from router.executor.sharing import Sharing


class Work:
    def __init__(self) -> None:
        self.begun = 0
        self.go = asyncio.Event()
        self.fail = False

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        await self.go.wait()
        if self.fail:
            raise ValueError(number)
        return number


async def test_those_who_come_meanwhile_wait_and_those_who_come_later_do_not() -> None:
    sharing, work = Sharing[int](), Work()
    asked = [asyncio.create_task(sharing.get("k", work)) for _ in range(3)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(*asked) == [(1, False), (1, True), (1, True)]
    assert await sharing.get("k", work) == (2, False)


async def test_another_key_is_other_work() -> None:
    sharing, work = Sharing[int](), Work()
    work.go.set()
    found = await asyncio.gather(sharing.get("a", work), sharing.get("b", work))
    assert found == [(1, False), (2, False)]


async def test_an_error_is_shared_too() -> None:
    sharing, work = Sharing[int](), Work()
    work.fail = True
    asked = [asyncio.create_task(sharing.get("k", work)) for _ in range(2)]
    await asyncio.sleep(0)
    work.go.set()
    for task in asked:
        with pytest.raises(ValueError, match="1"):
            await task


async def test_when_the_one_who_asked_goes_another_takes_over() -> None:
    sharing, work = Sharing[int](), Work()
    asked = [asyncio.create_task(sharing.get("k", work)) for _ in range(3)]
    await asyncio.sleep(0)
    asked[0].cancel()
    await asyncio.sleep(0.01)
    work.go.set()
    assert await asyncio.gather(*asked[1:]) == [(2, False), (2, True)]
    assert asked[0].cancelled()


async def test_when_one_who_waits_goes_nobody_else_notices() -> None:
    sharing, work = Sharing[int](), Work()
    asked = [asyncio.create_task(sharing.get("k", work)) for _ in range(3)]
    await asyncio.sleep(0)
    asked[1].cancel()
    await asyncio.sleep(0)
    work.go.set()
    assert [await asked[0], await asked[2]] == [(1, False), (1, True)]
