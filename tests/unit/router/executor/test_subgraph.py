"""Asking a subgraph: in time, at most once more, and once for equals."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from router.executor.faults import SubgraphFault
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import (
    BrokenAnswerError,
    Headers,
    Reply,
    UnreachableError,
)


@dataclass
class Fake:
    """A transport that first fails in the ways it is told."""

    failures: list[Exception] = field(default_factory=list[Exception])
    delay: float = 0.0
    sent: list[tuple[bytes, Headers]] = field(
        default_factory=list[tuple[bytes, Headers]]
    )

    async def send(self, body: bytes, headers: Headers) -> Reply:
        self.sent.append((body, headers))
        await asyncio.sleep(self.delay)
        if self.failures:
            raise self.failures.pop(0)
        return Reply(200, b"{}")

    async def close(self) -> None:
        pass


async def test_a_query_is_sent_once_more_when_nothing_came_back() -> None:
    fake = Fake([UnreachableError("gone")])
    await Subgraph("users", fake).ask(b"q", (), seconds=1, repeatable=True)
    assert len(fake.sent) == 2


async def test_twice_unreachable_is_a_fault_with_the_reason() -> None:
    fake = Fake([UnreachableError("gone"), UnreachableError("refused")])
    with pytest.raises(SubgraphFault, match="refused") as caught:
        await Subgraph("users", fake).ask(b"q", (), seconds=1, repeatable=True)
    assert (caught.value.code, len(fake.sent)) == ("SUBGRAPH_UNAVAILABLE", 2)


async def test_a_mutation_is_never_sent_twice() -> None:
    fake = Fake([UnreachableError("gone")])
    with pytest.raises(SubgraphFault):
        await Subgraph("users", fake).ask(b"m", (), seconds=1)
    assert len(fake.sent) == 1


async def test_an_answer_that_broke_off_is_not_asked_for_again() -> None:
    fake = Fake([BrokenAnswerError("half")])
    with pytest.raises(SubgraphFault, match="half"):
        await Subgraph("users", fake).ask(b"q", (), seconds=1, repeatable=True)
    assert len(fake.sent) == 1


@pytest.mark.parametrize(("own", "left"), [(0.02, 5.0), (5.0, 0.02)])
async def test_whoever_has_less_patience_decides(own: float, left: float) -> None:
    fake = Fake(delay=2)
    with pytest.raises(SubgraphFault, match=r"no answer in 0\.02 s"):
        await Subgraph("users", fake, timeout=own).ask(b"q", (), seconds=left)


async def test_when_the_time_is_over_nothing_is_sent() -> None:
    fake = Fake()
    with pytest.raises(SubgraphFault, match="time was over"):
        await Subgraph("users", fake).ask(b"q", (), seconds=-0.1)
    assert fake.sent == []


async def ask_together(subgraph: Subgraph, *who: str | None) -> list[bool]:
    asked = [subgraph.ask(b"q", (), seconds=1, same_as=each) for each in who]
    return [shared for _, shared in await asyncio.gather(*asked)]


async def test_equal_questions_of_one_caller_are_sent_once() -> None:
    fake = Fake(delay=0.01)
    assert await ask_together(Subgraph("users", fake), "ada", "ada") == [False, True]
    assert len(fake.sent) == 1


async def test_callers_never_share() -> None:
    fake = Fake(delay=0.01)
    assert await ask_together(Subgraph("users", fake), "ada", "ben") == [False, False]


async def test_what_is_marked_as_no_ones_equal_is_sent_each_time() -> None:
    fake = Fake(delay=0.01)
    assert await ask_together(Subgraph("users", fake), None, None) == [False, False]


async def test_sharing_can_be_switched_off() -> None:
    fake = Fake(delay=0.01)
    subgraph = Subgraph("users", fake, deduplicate=False)
    assert await ask_together(subgraph, "ada", "ada") == [False, False]


@dataclass
class Told:
    """A meter that remembers what it is told."""

    outcomes: list[str] = field(default_factory=list[str])

    def took(self, outcome: str, seconds: float) -> None:
        assert 0 <= seconds < 60
        self.outcomes.append(outcome)


@pytest.mark.parametrize(
    ("failures", "delay", "outcomes"),
    [
        ([], 0.0, ["ok"]),
        ([UnreachableError("gone")], 0.0, ["failed", "ok"]),
        ([BrokenAnswerError("half")], 0.0, ["failed"]),
        ([], 9.0, ["given_up"]),
    ],
)
async def test_a_meter_is_told_of_each_request(
    failures: list[Exception], delay: float, outcomes: list[str]
) -> None:
    told, fake = Told(), Fake(failures, delay)
    asking = Subgraph("users", fake, timeout=0.05, meter=told)
    with suppress(SubgraphFault):
        await asking.ask(b"q", (), seconds=1, repeatable=True)
    assert told.outcomes == outcomes


async def test_an_error_of_the_server_is_told_as_one() -> None:
    class Failing(Fake):
        async def send(self, body: bytes, headers: Headers) -> Reply:
            return Reply(503, body, headers)

    told = Told()
    await Subgraph("users", Failing(), meter=told).ask(b"q", (), seconds=1)
    assert told.outcomes == ["http_error"]
