"""Wait for values that resolvers promised, in the order graphql-core waits for them.

Errors are listed in the order in which they happen, so a compiled operation starts
its tasks in the same turns of the event loop as graphql-core: one lone awaitable is
awaited in place, several become tasks.
"""

from asyncio import (
    AbstractEventLoop,
    CancelledError,
    Future,
    gather,
    get_running_loop,
    iscoroutine,
)
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, cast

from graphql.pyutils import gather_with_cancel


async def await_values(container: Any, waiting: dict[Any, Awaitable[Any]]) -> Any:
    """Put what `waiting` yields under the same keys of a dict or a list.

    Several are awaited together; when one fails, the others are cancelled.
    """
    if len(waiting) == 1:
        for key, awaitable in waiting.items():
            container[key] = await awaitable
        return container
    loop = get_running_loop()
    tasks = [
        loop.create_task(cast("Coroutine[Any, Any, Any]", awaitable))
        for awaitable in waiting.values()
    ]
    try:
        await Together(tasks, loop)
    except Exception:
        for task in tasks:
            task.cancel()
        await gather(*tasks, return_exceptions=True)
        raise
    for key, task in zip(waiting, tasks, strict=True):
        container[key] = task.result()
    return container


class Together(Future[None]):
    """Done when all tasks are, or failed when the first fails: `gather`, lighter."""

    def __init__(self, tasks: Sequence["Future[Any]"], loop: AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._left = len(tasks)
        self._tasks = tasks
        self._cancelled_by_caller = False
        note = self._note
        for task in tasks:
            task.add_done_callback(note)

    def _note(self, task: "Future[Any]") -> None:
        self._left -= 1
        if self.done():
            if not task.cancelled():
                task.exception()
        elif task.cancelled():
            self.set_exception(CancelledError())
        elif (error := task.exception()) is not None:
            self.set_exception(error)
        elif not self._left:
            if self._cancelled_by_caller:
                self.set_exception(CancelledError())
            else:
                self.set_result(None)

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel the tasks; this ends when they have ended."""
        if self.done():
            return False
        cancelled = [task.cancel(msg) for task in self._tasks]
        self._cancelled_by_caller = any(cancelled)
        return self._cancelled_by_caller


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
