"""One request on the short way: worked on in a task of its own, answered once."""

import asyncio
from typing import Protocol, cast

import structlog

from kit.guard import error_body
from kit.patience import ClientGoneError

log = structlog.get_logger(__name__)

Written = tuple[int, bytes, bytes]
"""Status, the lines of the head but for the content's length, and the body."""

FAILED: Written = (
    500,
    b"content-type: application/json\r\n",
    error_body("Something went wrong on our side.", "INTERNAL"),
)

NOBODY_WAITS = asyncio.Event()


class Attendance(Protocol):
    """Whoever waits for an answer."""

    attending: bool

    def stayed(self) -> bool:
        """Say whether the client is still there; if not, the task may go on."""
        ...


class Serving(Protocol):
    """What answers; not for ever, where it can be replaced while it runs."""

    @property
    def current(self) -> bool:
        """Whether new requests come to it."""
        ...


class ShortWay(Protocol):
    """How requests with one head are answered."""

    @property
    def length(self) -> int:
        """The length of their bodies."""
        ...

    @property
    def serving(self) -> Serving:
        """What answers them."""
        ...

    @property
    def in_pieces(self) -> bool:
        """Whether their bodies may come bit by bit, however long that takes."""
        ...

    async def answer(self, body: bytes, attendance: Attendance) -> Written:
        """Answer one request.

        Raises:
            ClientGoneError: nobody is there any more to answer.

        """
        ...


class Answering(Protocol):
    """The connection that a request came by."""

    loop: asyncio.AbstractEventLoop
    tasks: set[asyncio.Task[None]]

    def is_full(self) -> bool:
        """Say whether the client reads more slowly than it is answered."""
        ...

    async def room(self) -> None:
        """Wait until the client has read enough of what was written before."""
        ...

    def answer(self, exchange: "Exchange", written: Written) -> None:
        """Write a whole answer, unless nobody is there to read it."""
        ...

    def hang_up(self, exchange: "Exchange") -> None:
        """End a connection whose request was given up."""
        ...


class Exchange:
    """One request on the short way, and its answer.

    To uvicorn it looks like a request of its own. While ``attending``, the work ends
    when the client does.
    """

    __slots__ = (
        "_connection",
        "attending",
        "body",
        "disconnected",
        "keep_alive",
        "response_complete",
        "task",
        "way",
    )

    message_event = NOBODY_WAITS
    response_started = False
    """An answer is written at once."""

    def __init__(self, connection: Answering, way: ShortWay) -> None:
        self._connection = connection
        self.way = way
        self.body = b""
        self.task: asyncio.Task[None] | None = None
        self.attending = False
        self.disconnected = False
        self.keep_alive = True
        self.response_complete = False

    @property
    def more_body(self) -> bool:
        """Whether its request has not come whole yet."""
        return self.task is None

    def begin(self, body: bytes) -> None:
        """Start to work on a request that has come whole."""
        self.body = body
        connection = self._connection
        self.task = connection.loop.create_task(self._run())
        connection.tasks.add(self.task)

    def leave(self) -> None:
        """Take note that nobody waits for the answer any more."""
        self.disconnected = True
        if self.attending and self.task is not None:
            self.task.cancel()

    def stayed(self) -> bool:
        """Say whether the client is still there; if not, the task may go on."""
        if self.disconnected and self.task is not None:
            self.task.uncancel()
        return not self.disconnected

    async def _run(self) -> None:
        connection = self._connection
        try:
            if self.disconnected:
                return
            written = await self.way.answer(self.body, self)
            if connection.is_full():
                await connection.room()
            connection.answer(self, written)
        except ClientGoneError:
            pass
        except Exception:
            log.exception("request.unexpected")  # and nobody is left waiting
            self.keep_alive = False
            connection.answer(self, FAILED)
        finally:
            self.body = b""  # an idle connection holds nothing of it
            if not self.response_complete:
                connection.hang_up(self)
            connection.tasks.discard(cast("asyncio.Task[None]", self.task))
