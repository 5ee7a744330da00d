"""What every transport promises, asked of all three."""

import asyncio

import pytest

from router.executor.transport.interface import (
    BrokenAnswerError,
    TooLargeError,
    TransportError,
    UnreachableError,
)
from tests.unit.router.executor.transport.conftest import ANSWER, LIMIT, Reached

TOKEN = ((b"authorization", b"Bearer x"),)


async def test_the_body_and_the_headers_arrive_and_the_answer_comes_back(
    reached: Reached,
) -> None:
    reply = await reached.transport.send(b'{"query":"{ok}"}', TOKEN)
    assert (reply.status, reply.body) == (200, ANSWER)
    assert reply.header(b"content-type") == b"application/json"
    assert reply.header(b"x-two") == b"1"
    assert reached.subgraph.bodies == [b'{"query":"{ok}"}']
    sent = reached.subgraph.headers[0]
    assert sent["authorization"] == "Bearer x"
    assert sent["content-type"] == "application/json"
    assert "graphql-response+json" in sent["accept"]


async def test_an_answer_in_chunks_is_put_together(reached: Reached) -> None:
    reached.subgraph.behaviour = "chunks"
    assert (await reached.transport.send(b"{}", ())).body == ANSWER + b" "


async def test_a_failing_status_is_an_answer_too(reached: Reached) -> None:
    reached.subgraph.behaviour = "fail"
    assert (await reached.transport.send(b"{}", ())).status == 503


@pytest.mark.parametrize("behaviour", ["large", "large chunks"])
async def test_an_answer_past_the_limit_is_refused(
    reached: Reached, behaviour: str
) -> None:
    reached.subgraph.behaviour = behaviour
    with pytest.raises(TooLargeError):
        await reached.transport.send(b"{}", ())


async def test_hanging_up_before_answering_is_unreachable(reached: Reached) -> None:
    reached.subgraph.behaviour = "hang up"
    with pytest.raises(UnreachableError):
        await reached.transport.send(b"{}", ())


async def test_hanging_up_half_way_is_a_broken_answer(reached: Reached) -> None:
    reached.subgraph.behaviour = "truncate"
    with pytest.raises(BrokenAnswerError):
        await reached.transport.send(b"{}", ())


async def test_giving_up_reaches_the_subgraph(reached: Reached) -> None:
    reached.subgraph.behaviour = "hang"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await reached.transport.send(b"{}", ())
    for _ in range(50):
        if reached.subgraph.cancelled:
            break
        await asyncio.sleep(0.01)
    assert reached.subgraph.cancelled


async def test_fifty_at_a_time_are_kept_apart(reached: Reached) -> None:
    await asyncio.gather(*(reached.transport.send(b"%d" % n, ()) for n in range(50)))
    assert sorted(reached.subgraph.bodies) == sorted(b"%d" % n for n in range(50))


async def test_a_subgraph_that_is_back_answers_again(reached: Reached) -> None:
    if reached.stop is None or reached.start is None:
        pytest.skip("what runs in this process cannot be away")
    await reached.transport.send(b"{}", ())
    await reached.stop()
    with pytest.raises(TransportError):
        await reached.transport.send(b"{}", ())
    await reached.start()
    assert (await reached.transport.send(b"{}", ())).body == ANSWER


async def test_the_limit_is_exact(reached: Reached) -> None:
    reached.subgraph.behaviour = "answer"
    assert len((await reached.transport.send(b"{}", ())).body) < LIMIT
