"""A subgraph that mostly fails is left alone, and taken back as soon as it answers."""

import asyncio
from dataclasses import dataclass, field

import pytest

from router.executor.breaker import Breaker
from router.executor.faults import SubgraphFault
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import Headers, Reply, UnreachableError
from router.settings.traffic import CircuitBreaker


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Fake:
    """A transport that is up, down, failing or silent, as it is told."""

    status: int = 200
    down: bool = False
    delay: float = 0.0
    sent: list[bytes] = field(default_factory=list[bytes])

    async def send(self, body: bytes, headers: Headers) -> Reply:
        del headers
        self.sent.append(body)
        await asyncio.sleep(self.delay)
        if self.down:
            raise UnreachableError("refused")
        return Reply(self.status, b"{}")

    async def close(self) -> None:
        pass


def made(clock: Clock, fake: Fake, *, enabled: bool = True) -> Subgraph:
    settings = CircuitBreaker(at_least=4, window=30, probe_every=1, enabled=enabled)
    breaker = Breaker("users", settings, clock=clock)
    return Subgraph("users", fake, timeout=0.05, breaker=breaker)


async def ask(subgraph: Subgraph, *, seconds: float = 1) -> str:
    try:
        await subgraph.ask(b"q", (), seconds=seconds)
    except SubgraphFault as fault:
        return fault.message
    return "answered"


LEFT_ALONE = "it failed too often of late and is left alone for a moment"


async def asked(subgraph: Subgraph, times: int) -> list[str]:
    return [await ask(subgraph) for _ in range(times)]


async def test_half_of_enough_failing_opens_the_circuit() -> None:
    clock, fake = Clock(), Fake(down=True)
    subgraph = made(clock, fake)
    assert await asked(subgraph, 1) == ["refused"]
    fake.down = False
    assert await asked(subgraph, 2) == ["answered"] * 2
    fake.down = True
    assert await asked(subgraph, 3) == ["refused", LEFT_ALONE, LEFT_ALONE]
    assert len(fake.sent) == 4


async def test_less_than_half_failing_does_not() -> None:
    clock, fake = Clock(), Fake(down=True)
    subgraph = made(clock, fake)
    await ask(subgraph)
    fake.down = False
    assert await asked(subgraph, 10) == ["answered"] * 10
    fake.down = True
    assert await asked(subgraph, 8) == ["refused"] * 8


async def test_what_failed_long_ago_counts_no_more() -> None:
    clock, fake = Clock(), Fake(down=True)
    subgraph = made(clock, fake)
    await asked(subgraph, 3)
    clock.now += 31
    assert await asked(subgraph, 4) == ["refused"] * 4
    assert await ask(subgraph) == LEFT_ALONE


async def test_one_probe_passes_in_a_while_and_its_success_closes_the_circuit() -> None:
    clock, fake = Clock(), Fake(down=True)
    subgraph = made(clock, fake)
    await asked(subgraph, 4)
    clock.now += 1
    assert await asked(subgraph, 2) == ["refused", LEFT_ALONE]
    fake.down = False
    assert await ask(subgraph) == LEFT_ALONE
    clock.now += 1
    assert await asked(subgraph, 3) == ["answered"] * 3


async def test_a_probe_that_is_given_up_is_followed_by_another() -> None:
    clock, fake = Clock(), Fake(down=True)
    subgraph = made(clock, fake)
    await asked(subgraph, 4)
    clock.now += 1
    fake.down, fake.delay = False, 5
    probe = asyncio.ensure_future(ask(subgraph))
    await asyncio.sleep(0)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    fake.delay = 0
    clock.now += 1
    assert await ask(subgraph) == "answered"


@pytest.mark.parametrize("status", [500, 503])
async def test_a_failing_status_is_a_failure(status: int) -> None:
    subgraph = made(Clock(), Fake(status=status))
    await asked(subgraph, 4)
    assert await ask(subgraph) == LEFT_ALONE


async def test_a_refusal_of_the_request_is_an_answer() -> None:
    subgraph = made(Clock(), Fake(status=400))
    assert await asked(subgraph, 8) == ["answered"] * 8


async def test_silence_is_a_failure() -> None:
    subgraph = made(Clock(), Fake(delay=5))
    assert await asked(subgraph, 4) == ["no answer in 0.05 s"] * 4
    assert await ask(subgraph) == LEFT_ALONE


async def test_a_request_without_time_left_says_nothing_of_the_subgraph() -> None:
    subgraph = made(Clock(), Fake(delay=5))
    said = [await ask(subgraph, seconds=0.001) for _ in range(8)]
    assert said == ["no answer in 0.001 s"] * 8


async def test_a_client_that_leaves_says_nothing_of_the_subgraph() -> None:
    fake = Fake(delay=5)
    subgraph = made(Clock(), fake)
    for _ in range(8):
        asking = asyncio.ensure_future(ask(subgraph))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    fake.delay = 0
    assert await ask(subgraph) == "answered"


async def test_it_can_be_switched_off() -> None:
    subgraph = made(Clock(), Fake(down=True), enabled=False)
    assert await asked(subgraph, 50) == ["refused"] * 50
