import asyncio
from typing import Any

import pytest

from kit import patience
from kit.guard import RefusedRequestError
from kit.patience import (
    ClientGoneError,
    in_time,
    read_body,
    refuse_large,
    while_wanted,
)


class Client:
    """What a client sends; then it stays, or leaves."""

    def __init__(self, *messages: dict[str, Any], stays: bool = True) -> None:
        self.messages = list(messages)
        self.stays = stays

    async def receive(self) -> dict[str, Any]:
        if self.messages:
            return self.messages.pop(0)
        if self.stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}


@pytest.mark.parametrize("declared", [b"x", b"-1", b"", b"4000000", None, b"\xb2"])
def test_a_length_that_is_none_or_small_enough_lets_the_body_be_read(
    declared: bytes | None,
) -> None:
    refuse_large(declared, 4_000_000)


def test_a_length_of_any_number_of_digits_is_understood() -> None:
    with pytest.raises(RefusedRequestError, match="larger"):
        refuse_large(b"9" * 10_000, 4_000_000)


async def test_the_work_of_a_client_that_waits_is_not_touched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.01)

    async def work() -> str:
        await asyncio.sleep(0.05)
        return "done"

    client = Client({"type": "http.request"})
    assert await while_wanted(client.receive, work()) == "done"
    await asyncio.sleep(0)  # the watcher ends in the loop's next turn
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_somebody_elses_cancellation_is_not_the_clients(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.01)
    cleaned: list[str] = []

    async def work() -> str:
        try:
            await asyncio.sleep(30)
        finally:
            cleaned.append("up")
        return "done"

    task = asyncio.create_task(while_wanted(Client().receive, work()))
    await asyncio.sleep(0.03)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned == ["up"]


async def test_work_that_fails_fails_as_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.01)

    async def work() -> str:
        await asyncio.sleep(0.03)
        raise KeyError("x")

    with pytest.raises(KeyError):
        await while_wanted(Client().receive, work())


async def test_a_body_is_read_to_its_limit_and_no_further() -> None:
    exact: dict[str, Any] = {"type": "http.request", "body": b"x" * 10}

    assert await read_body(Client(exact).receive, 10) == b"x" * 10
    with pytest.raises(RefusedRequestError):
        await read_body(Client(exact).receive, 9)
    with pytest.raises(ClientGoneError):
        await read_body(Client(stays=False).receive, 10)


async def test_a_body_that_takes_too_long_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.02)
    half = {"type": "http.request", "body": b"x", "more_body": True}

    with pytest.raises(RefusedRequestError) as refused:
        await read_body(Client(half).receive, 10)
    assert refused.value.status == 408


async def test_a_reader_that_is_cancelled_is_not_taken_for_late() -> None:
    task = asyncio.create_task(read_body(Client().receive, 10))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_when_the_client_leaves_the_work_ends_and_cleans_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.01)
    cleaned: list[str] = []

    async def work() -> str:
        try:
            await asyncio.sleep(30)
        finally:
            cleaned.append("up")
        return "done"

    with pytest.raises(ClientGoneError):
        await while_wanted(Client(stays=False).receive, work())
    assert cleaned == ["up"]
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_who_leaves_after_the_work_was_done_costs_nothing() -> None:
    async def work() -> str:
        return "done"

    assert await while_wanted(Client(stays=False).receive, work()) == "done"


async def test_work_has_so_long_and_no_longer() -> None:
    assert await in_time(5, asyncio.sleep(0, "done")) == "done"
    with pytest.raises(TimeoutError):
        await in_time(0.001, asyncio.Event().wait())
    task = asyncio.create_task(in_time(5, asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
