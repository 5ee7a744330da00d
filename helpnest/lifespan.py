"""Start and stop an ASGI application: the lifespan protocol, from the server's side."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from helpnest.errors import CannotStartError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]


@asynccontextmanager
async def lifespan(app: AsgiApp, name: str) -> AsyncGenerator[None]:
    """Keep ``app`` started for as long as the block lasts.

    Raises:
        CannotStartError: it did not start; with its own words.

    """
    asked: asyncio.Queue[Message] = asyncio.Queue()
    told: asyncio.Queue[Message] = asyncio.Queue()
    asked.put_nowait({"type": "lifespan.startup"})
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    running = asyncio.ensure_future(app(scope, asked.get, told.put))
    await _answer(running, told, name)
    try:
        yield
    finally:
        asked.put_nowait({"type": "lifespan.shutdown"})
        await _answer(running, told, name)
        await running


async def _answer(
    running: "asyncio.Future[None]", told: "asyncio.Queue[Message]", name: str
) -> None:
    """Wait for the application's word, or for its end without one."""
    answer = asyncio.ensure_future(told.get())
    await asyncio.wait({running, answer}, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        running.result()  # raises what it raised
        raise CannotStartError(f"{name} ended when it should have started.")
    message = answer.result()
    if message["type"].endswith(".failed"):
        raise CannotStartError(f"{name} did not start: {message.get('message', '')}")
