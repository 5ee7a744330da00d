"""The lifespan protocol, from the server's side."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI

from helpnest.errors import CannotStartError
from helpnest.lifespan import Message, Receive, Send, lifespan


async def test_an_application_is_started_and_stopped_around_the_block() -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def own(_: FastAPI) -> AsyncGenerator[None]:
        seen.append("started")
        yield
        seen.append("stopped")

    async with lifespan(FastAPI(lifespan=own), "tickets"):
        seen.append("inside")
    assert seen == ["started", "inside", "stopped"]


async def test_a_block_that_fails_still_stops_the_application() -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def own(_: FastAPI) -> AsyncGenerator[None]:
        yield
        seen.append("stopped")

    with pytest.raises(KeyError):
        async with lifespan(FastAPI(lifespan=own), "tickets"):
            raise KeyError
    assert seen == ["stopped"]


async def test_an_application_that_says_no_is_named_with_its_words() -> None:
    async def refuses(_: Message, __: Receive, send: Send) -> None:
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(CannotStartError, match="tickets did not start: no database"):
        await lifespan(refuses, "tickets").__aenter__()


async def test_an_application_that_raises_is_not_waited_for() -> None:
    async def raises(_: Message, __: Receive, ___: Send) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await lifespan(raises, "tickets").__aenter__()


async def test_an_application_that_just_ends_is_not_waited_for() -> None:
    async def ends(_: Message, __: Receive, ___: Send) -> None:
        return

    with pytest.raises(CannotStartError, match="tickets ended when it should have"):
        await lifespan(ends, "tickets").__aenter__()
