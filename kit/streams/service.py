"""A subgraph's subscriptions: opened, carried in three ways, ended when it stops.

The router in the same process is handed the stream itself; over HTTP it is multipart,
over a WebSocket graphql-transport-ws. Proof, token, document and limits were seen to
by whoever opens one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

import orjson

from kit.engine import Answer, Engine, Operation, Prepared, refusal, write_errors
from kit.errors import UnauthenticatedError
from kit.graphql import OURS, Context
from kit.guard import GraphQLRequest, error_body
from kit.streams.framing import MultipartEvents
from kit.streams.mailbox import GOING_AWAY, Ending
from kit.streams.messages import token_in
from kit.streams.over_http import Send, send_stream
from kit.streams.over_socket import Single, Socket, SocketLimits
from kit.streams.stream import HANDED_OVER, Confirm, Stream, stream_of

if TYPE_CHECKING:
    from kit.identity import Identity
    from kit.patience import Receive
    from kit.tokens import TokenVerifier

MOST_OPEN: Final = 20_000
"""Streams of one process; the router's limits come long before."""

STOPPING: Final = Ending(
    "SUBSCRIPTION_SERVER_STOPPED", "The service is stopping; ask again.", GOING_AWAY
)

LIMITS: Final = SocketLimits(largest_message=4_000_000)

Headers = dict[bytes, bytes]
Subscribe = Callable[
    [Operation, GraphQLRequest, "str | None", Headers], Awaitable["Answer | Stream"]
]


class Subscriptions:
    """What one service streams."""

    def __init__(self) -> None:
        self._streams: WeakSet[Stream] = WeakSet()
        self._sockets: WeakSet[Socket] = WeakSet()

    def __len__(self) -> int:
        return sum(not stream.mailbox.ended for stream in self._streams)

    async def open(
        self,
        operation: Operation,
        variables: dict[str, Any],
        make_context: Callable[[], Context],
        confirm: Confirm,
    ) -> Answer | Stream:
        """Subscribe: a stream, or the answer that says why there is none."""
        if not isinstance(operation, Prepared) or operation.source is None:
            return await operation.run(make_context(), variables)
        if len(self._streams) >= MOST_OPEN:
            body = error_body("Too many subscriptions are open.", "RATE_LIMITED")
            return Answer(503, body)
        context = make_context()
        await context.prepare()
        found = await operation.source.subscribe(context, variables)
        if isinstance(found, list):
            if all(error.path is None for error in found):
                return refusal(found)
            return Answer(200, write_errors(None, found))
        events = results(operation, found, make_context, variables)
        stream = stream_of(events, confirm, ours=OURS)
        self._streams.add(stream)
        return stream

    async def send(
        self, stream: Stream, scope: Mapping[str, Any], receive: Receive, send: Send
    ) -> None:
        """Carry a stream to whoever asked by HTTP, or hand it over."""
        if HANDED_OVER in (scope.get("extensions") or ()):
            await send({"type": HANDED_OVER, "stream": stream})
            return
        await send_stream(stream, MultipartEvents(), receive, send)

    async def talk(
        self, host: SocketHost, scope: Mapping[str, Any], receive: Receive, send: Send
    ) -> None:
        """Carry streams over one WebSocket."""
        socket = Socket(host, receive, send, LIMITS)
        self._sockets.add(socket)
        await socket.serve(scope)

    def end(self, ending: Ending = STOPPING) -> None:
        """End everything that is open: the service is going to stop."""
        for stream in list(self._streams):
            stream.mailbox.end(ending)
        for socket in list(self._sockets):
            socket.close(ending.close or GOING_AWAY, ending.message)


async def results(
    operation: Prepared,
    source: AsyncIterator[Any],
    make_context: Callable[[], Context],
    variables: dict[str, Any],
) -> AsyncGenerator[bytes]:
    """Execute each event as it comes; whoever leaves closes the source too."""
    try:
        async for event in source:
            context = make_context()
            await context.prepare()  # rights are looked at again for each event
            result: Any = operation.execute(event, context, variables)
            if isawaitable(result):
                result = await result
            if result.errors:
                yield write_errors(result.data, result.errors)
            else:
                yield orjson.dumps({"data": result.data})
    finally:
        close = getattr(source, "aclose", None)
        if close is not None:
            await close()


class SocketHost:
    """Answer on one connection, as the caller that it was opened for.

    The token stands in the handshake's header or in ``connection_init``'s payload,
    under ``authorization``.
    """

    def __init__(
        self,
        engine: Engine,
        verifier: TokenVerifier,
        headers: Headers,
        subscribe: Subscribe,
    ) -> None:
        self._engine = engine
        self._verifier = verifier
        self._headers = headers
        self._subscribe = subscribe
        found = headers.get(b"authorization")
        self._bearer = None if found is None else found.decode("latin-1")

    def connect(self, payload: Mapping[str, object]) -> None:
        """Verify the token."""
        if self._bearer is None:
            self._bearer = token_in(payload)
        self._identity()

    def _identity(self) -> Identity:
        return self._verifier.identify(self._bearer)

    async def open(self, request: GraphQLRequest) -> Stream | Single:
        """Run one operation, once its events are many or its answer is one."""
        identity = self._identity()
        operation = self._engine.prepare(request.query or "", request.operation_name)
        if not operation.public and not identity.authenticated:
            error = UnauthenticatedError("Sign in first: no token was sent")
            return Single(error_body(f"{error}.", error.code), refused=True)
        found = await self._subscribe(operation, request, self._bearer, self._headers)
        if isinstance(found, Stream):
            return found
        return Single(found.body, refused=not found.body.startswith(b'{"data"'))
