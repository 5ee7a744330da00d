import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from kit.streams.mailbox import COMPLETE, Ending
from router.executor.faults import SubgraphFault
from router.executor.streams.interface import Events, StreamEndedError
from router.executor.streams.sharing import TooManyStreamsError, Upstreams
from router.executor.transport.interface import (
    BrokenAnswerError,
    Headers,
    Reply,
    UnreachableError,
)


class Way:
    """Gives what it is told to, once it is let."""

    def __init__(self, *given: bytes | Exception, hold: bool = False) -> None:
        self.given = given
        self.go = asyncio.Event()
        self.opened = self.closed = 0
        if not hold:
            self.go.set()

    @asynccontextmanager
    async def events(
        self, body: bytes, headers: Headers
    ) -> AsyncGenerator[Events | Reply]:
        del headers
        self.opened += 1
        if body == b"away":
            raise UnreachableError("it is away")
        if body == b"answers":
            yield Reply(200, b"one")
            return
        try:
            await self.go.wait()
            yield self.each()
        finally:
            self.closed += 1

    async def each(self) -> AsyncGenerator[bytes]:
        for given in self.given:
            if isinstance(given, Exception):
                raise given
            yield given
        if not self.given:
            await asyncio.Event().wait()

    async def close(self) -> None: ...


async def join(upstreams: Upstreams, way: Way, body: bytes = b"", key: str = "k"):  # noqa: ANN201
    return await upstreams.join(key, "s", way, body, (), seconds=1)


async def test_who_asks_the_same_while_it_is_opened_waits_for_it() -> None:
    upstreams, way = Upstreams(None, 4), Way(hold=True)
    joining = [asyncio.create_task(join(upstreams, way)) for _ in range(3)]
    await asyncio.sleep(0)
    joining[0].cancel()  # the first to ask is not the one it hangs on
    await asyncio.sleep(0)
    way.go.set()
    boxes = [await each for each in joining[1:]]
    assert (way.opened, len(upstreams)) == (1, 1)
    for box in boxes:
        await upstreams.leave("k", box)
    assert (way.closed, len(upstreams)) == (1, 0)


async def test_each_reader_has_each_event_and_the_end() -> None:
    upstreams, way = Upstreams(None, 4), Way(b"1", b"2", hold=True)
    joining = [asyncio.create_task(join(upstreams, way)) for _ in range(2)]
    await asyncio.sleep(0)
    way.go.set()
    for each in joining:
        box = await each
        found = [await box.take(1) for _ in range(3)]
        assert found == [b"1", b"2", COMPLETE]


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (StreamEndedError(Ending("FORBIDDEN", "No.")), Ending("FORBIDDEN", "No.")),
        (
            BrokenAnswerError("it broke off"),
            Ending(
                "SUBGRAPH_UNAVAILABLE",
                "The subgraph 's' could not answer: it broke off.",
            ),
        ),
        (
            KeyError("secret"),
            Ending(
                "SUBGRAPH_UNAVAILABLE",
                "The subgraph 's' could not answer: its stream could not be read.",
            ),
        ),
    ],
)
async def test_a_stream_that_ends_badly_says_why(
    error: Exception, ending: Ending
) -> None:
    upstreams = Upstreams(None, 4)
    box = await join(upstreams, Way(b"1", error))
    assert [await box.take(1), await box.take(1)] == [b"1", ending]
    assert len(upstreams) == 0


async def test_what_cannot_be_opened_is_a_fault_for_all_who_wait() -> None:
    upstreams = Upstreams(None, 4)
    found = await asyncio.gather(
        *(join(upstreams, Way(), b"away") for _ in range(2)), return_exceptions=True
    )
    assert [type(each) for each in found] == [SubgraphFault] * 2
    assert len(upstreams) == 0


async def test_what_takes_too_long_is_a_fault_and_is_given_up() -> None:
    upstreams, way = Upstreams(None, 4), Way(hold=True)
    with pytest.raises(SubgraphFault, match=r"no stream in 0\.01 s"):
        await upstreams.join("k", "s", way, b"", (), seconds=0.01)
    assert len(upstreams) == 0


async def test_one_answer_is_one_event() -> None:
    box = await join(Upstreams(None, 4), Way(), b"answers")
    assert [await box.take(1), await box.take(1)] == [b"one", COMPLETE]


async def test_no_more_are_opened_than_may_be_but_joined() -> None:
    upstreams = Upstreams(1, 4)
    await join(upstreams, Way())
    await join(upstreams, Way())
    with pytest.raises(TooManyStreamsError):
        await join(upstreams, Way(), key="other")
    await upstreams.close()
    assert len(upstreams) == 0


async def test_the_last_reader_to_be_dropped_closes_the_stream() -> None:
    upstreams, way = Upstreams(None, 1), Way(b"1", b"2", hold=True)
    joining = asyncio.create_task(join(upstreams, way))
    await asyncio.sleep(0)
    way.go.set()
    box = await joining
    found = await box.take(1)
    assert isinstance(found, Ending)
    assert found.code == "TOO_SLOW"


async def test_who_asks_again_at_the_very_end_gets_a_stream_of_their_own() -> None:
    upstreams, way = Upstreams(None, 9), Way(b"one", hold=True)
    waiting = asyncio.create_task(join(upstreams, way))
    await asyncio.sleep(0)
    way.go.set()
    first = await waiting
    assert await first.take(1) == b"one"
    assert await first.take(1) == COMPLETE
    again = await join(upstreams, way)
    assert await again.take(1) == b"one"
    assert way.opened == 2
