"""Wait for values that resolvers promised, in the order graphql-core waits for them.

Errors are listed in the order in which they happen, so a compiled operation starts
its tasks in the same turns of the event loop as graphql-core: one lone awaitable is
awaited in place, several become tasks.
"""

from asyncio import Future, Task, gather, get_running_loop, iscoroutine
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any

from graphql.pyutils import gather_with_cancel


async def await_values(container: Any, waiting: dict[Any, Awaitable[Any]]) -> Any:
    """Put what `waiting` yields under the same keys of a dict or a list."""
    if len(waiting) == 1:
        for key, awaitable in waiting.items():
            container[key] = await awaitable
    else:
        for key, value in zip(waiting, await together(waiting.values()), strict=True):
            container[key] = value
    return container


async def together(awaitables: Iterable[Awaitable[Any]]) -> list[Any]:
    """Await all, concurrently; when one fails, cancel the others and raise."""
    return await gather_with_cancel(*awaitables)


def gather_work(values: Sequence[Awaitable[Any]]) -> Awaitable[list[Any]]:
    """Serve ``info.async_helpers.gather``."""
    return gather_with_cancel(*values)


def settle(background: set["Future[Any]"], awaitables: list[Awaitable[Any]]) -> None:
    """Let abandoned awaitables finish unheard; without an event loop, close them."""
    try:
        get_running_loop()
    except RuntimeError:
        for awaitable in awaitables:
            if iscoroutine(awaitable):
                awaitable.close()
        return
    future = gather(*awaitables, return_exceptions=True)
    background.add(future)
    future.add_done_callback(background.discard)


__all__ = ["Task", "await_values", "gather_work", "settle", "together"]
