"""Wait for values that resolvers promised, in the order graphql-core waits for them.

Errors are listed in the order in which they happen, so a compiled operation starts
its tasks in the same turns of the event loop as graphql-core: one lone awaitable is
awaited in place, several become tasks. A future, as a loader's `load` gives it, needs
no task where all that follows it happens at once: a callback does, in the same turn.
"""

from asyncio import (
    AbstractEventLoop,
    CancelledError,
    Future,
    gather,
    get_running_loop,
    iscoroutine,
)
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from typing import Any, Final, cast

from graphql.pyutils import gather_with_cancel

BEFORE, WAITING, CANCELLED, ENDED = range(4)


class Promise:
    """A future, and the two ways to complete what it brings.

    Subclasses say how: `complete` once the future is done, into the completed value
    or a coroutine of it; `wait` in a coroutine that does the same with ``await``.
    """

    __slots__ = ("_key", "_state", "_together", "future")

    def __init__(self, future: "Future[Any]") -> None:
        self.future = future
        self._state = BEFORE
        self._key: Any = None
        self._together: Together | None = None

    def complete(self) -> Any:
        """Complete what the future brought, which may be an exception."""
        raise NotImplementedError

    def wait(self) -> Coroutine[Any, Any, Any]:
        """Wait for the future, and complete what it brings."""
        raise NotImplementedError

    def __await__(self) -> Generator[Any, None, Any]:
        return self.wait().__await__()

    @property
    def ended(self) -> bool:
        """Whether it has its value, or failed."""
        return self._state is ENDED

    def join(self, together: "Together", key: Any) -> None:
        """Become one of several."""
        self._together = together
        self._key = key

    def begin(self) -> None:
        """Do what a task does in its first step."""
        if self._state is CANCELLED or self.future.done():
            self._arrive(self.future)
        else:
            self._state = WAITING
            self.future.add_done_callback(self._arrive)

    def _arrive(self, _: "Future[Any]") -> None:
        together = cast("Together", self._together)
        cancelled = self._state is CANCELLED
        self._state = ENDED
        together.end()
        if cancelled:
            together.fail_soon(CancelledError())
            return
        try:
            completed = self.complete()
        except CancelledError:
            together.fail_soon(CancelledError())
        except Exception as error:  # noqa: BLE001 - the parent's, who awaits us
            together.fail_soon(error)
        else:
            if type(completed) is not dict and iscoroutine(completed):
                together.adopt(self._key, completed)
            else:
                together.take(self._key, completed)

    def cancel(self) -> bool:
        """Cancel what a task would cancel: the future it waits for, or itself."""
        if self._state is ENDED:
            return False
        if self._state is not WAITING or not self.future.cancel():
            self._state = CANCELLED
        return True


async def await_values(container: Any, waiting: dict[Any, Awaitable[Any]]) -> Any:
    """Put what `waiting` yields under the same keys of a dict or a list.

    Several are awaited together; when one fails, the others are cancelled.
    """
    if len(waiting) == 1:
        for key, awaitable in waiting.items():
            container[key] = await awaitable
        return container
    together = Together(container, get_running_loop())
    together.start(waiting)
    try:
        await together
    except Exception:
        await together.abandon()
        raise
    return container


class Together(Future[None]):
    """Done when all members are, or failed when the first fails: `gather`, lighter."""

    def __init__(self, container: Any, loop: AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._container = container
        self._loop_: Final = loop
        self._tasks: dict[Future[Any], Any] = {}
        self._promises: list[Promise] = []
        self._left = 0
        self._all_ended: _Ending | None = None
        self._to_end = 0
        self._cancelled_by_caller = False

    def start(self, waiting: dict[Any, Awaitable[Any]]) -> None:
        """Give each member its first step in the next turn, in their order."""
        self._left = len(waiting)
        row: list[Promise] = []
        for key, awaitable in waiting.items():
            if isinstance(awaitable, Promise):
                awaitable.join(self, key)
                row.append(awaitable)
                continue
            if row:
                self._start_row(row)
                row = []
            self._start_task(key, awaitable)
        if row:
            self._start_row(row)

    def _start_task(self, key: Any, awaitable: Awaitable[Any]) -> None:
        coroutine = cast("Coroutine[Any, Any, Any]", awaitable)
        task = self._loop_.create_task(coroutine)
        self._tasks[task] = key
        task.add_done_callback(self._note)

    def _start_row(self, row: Sequence[Promise]) -> None:
        self._promises += row

        def begin() -> None:
            for promise in row:
                promise.begin()

        self._loop_.call_soon(begin)

    def _note(self, task: "Future[Any]") -> None:
        if task.cancelled():
            self._fail(CancelledError())
        elif (error := task.exception()) is not None:
            self._fail(error)
        else:
            self._container[self._tasks[task]] = task.result()
            self._count()

    def take(self, key: Any, completed: Any) -> None:
        """Accept a promise's value; that all are there is said in the next turn."""
        self._container[key] = completed
        if self._left == 1:
            self._loop_.call_soon(self._count)
        else:
            self._left -= 1

    def adopt(self, key: Any, completed: Coroutine[Any, Any, Any]) -> None:
        """Go on with a promise whose value turned out to need more waiting."""
        self._start_task(key, completed)

    def fail_soon(self, error: BaseException) -> None:
        """Accept a promise's failure, in the turn in which a task's would be."""
        self._loop_.call_soon(self._fail, error)

    def _fail(self, error: BaseException) -> None:
        if not self.done():
            self.set_exception(error)
        self._count()

    def _count(self) -> None:
        self._left -= 1
        if not self._left and not self.done():
            if self._cancelled_by_caller:
                self.set_exception(CancelledError())
            else:
                self.set_result(None)

    def _cancel_members(self, msg: Any | None = None) -> bool:
        cancelled = [task.cancel(msg) for task in self._tasks]
        cancelled += [promise.cancel() for promise in self._promises]
        return any(cancelled)

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel the members; this ends when they have ended."""
        if self.done():
            return False
        cancelled = self._cancel_members(msg)
        self._cancelled_by_caller = self._cancelled_by_caller or cancelled
        return cancelled

    async def abandon(self) -> None:
        """Cancel what is still running, and wait until it has ended.

        That takes a turn of the event loop even when nothing is, as with `gather`.
        """
        ended = self._all_ended = _Ending(self._cancel_members, self._loop_)
        tasks = [task for task in self._tasks if not task.done()]
        self._to_end = len(tasks) + sum(not each.ended for each in self._promises)
        self._cancel_members()
        for task in tasks:
            task.add_done_callback(self._note_end)
        if not self._to_end:
            self._loop_.call_soon(ended.finish)
        await ended

    def _note_end(self, _: "Future[Any] | None" = None) -> None:
        self._to_end -= 1
        if not self._to_end and self._all_ended is not None:
            self._all_ended.finish()

    def end(self) -> None:
        """Hear that a promise has ended, in the turn in which a task's end is heard."""
        if self._all_ended is not None:
            self._loop_.call_soon(self._note_end)


class _Ending(Future[None]):
    """Done when members that were cancelled have ended, however often that is asked."""

    def __init__(
        self, cancel_members: Callable[[Any], bool], loop: AbstractEventLoop
    ) -> None:
        super().__init__(loop=loop)
        self._cancel_members = cancel_members
        self._cancelled_by_caller = False

    def finish(self) -> None:
        """Say that all have ended."""
        if self.done():
            return
        if self._cancelled_by_caller:
            self.set_exception(CancelledError())
        else:
            self.set_result(None)

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel the members again; this ends when they have ended."""
        if self.done():
            return False
        cancelled = self._cancel_members(msg)
        self._cancelled_by_caller = self._cancelled_by_caller or cancelled
        return cancelled


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
