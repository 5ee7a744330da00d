"""Events over multipart HTTP and graphql-transport-ws, by aiohttp's client.

The router's own client knows one whole answer to one request; streams are long, and
there are few of them beside requests.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import orjson

from kit.proof import sign
from kit.streams.mailbox import GOING_AWAY, UNAUTHORIZED, Ending
from kit.streams.messages import SUBPROTOCOL
from router.executor.streams.interface import (
    EVENTS,
    Events,
    StreamEndedError,
)
from router.executor.streams.parts import boundary_of, ending_of, events_in
from router.executor.transport.interface import (
    BrokenAnswerError,
    Headers,
    Reply,
    TooLargeError,
    TransportError,
    UnreachableError,
)
from router.executor.transport.over_unix import socket_and_path
from router.executor.transport.signed import path_of

Json = dict[str, Any]

CONNECT_SECONDS = 2.0
SILENT_SECONDS = 60.0
"""A stream that sends no heartbeat for so long is broken."""

AUTHORIZATION = b"authorization"


class HttpStreams:
    """One subgraph behind a URL; ``websocket`` is the path where it speaks that."""

    def __init__(
        self,
        url: str,
        *,
        largest_answer: int,
        secret: bytes | None = None,
        websocket: bool = False,
        path: str | None = None,
    ) -> None:
        self._unix = None
        if url.startswith("unix://"):
            self._unix, found = socket_and_path(url)
            url = f"http://localhost{found}"
        if path is not None:
            url = urlsplit(url)._replace(path=path, query="").geturl()
        self._url = url
        self._path = path_of(url)
        self._largest = largest_answer
        self._secret = secret
        self._websocket = websocket
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = (
                aiohttp.TCPConnector(limit=0, ssl=ssl.create_default_context())
                if self._unix is None
                else aiohttp.UnixConnector(self._unix, limit=0)
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS
                ),
                auto_decompress=False,
            )
        return self._session

    def _headers(
        self, body: bytes, headers: Headers, method: str
    ) -> list[tuple[str, str]]:
        token = next((v for k, v in headers if k == AUTHORIZATION), b"")
        pairs = [*headers]
        if self._secret is not None:
            pairs.append(sign(self._secret, self._path, body, token, method=method))
        return [(k.decode("latin-1"), v.decode("latin-1")) for k, v in pairs]

    @asynccontextmanager
    async def events(
        self, body: bytes, headers: Headers
    ) -> AsyncGenerator[Events | Reply]:
        """Connect, and give what comes."""
        opened = self._socket if self._websocket else self._multipart
        with telling():
            async with opened(body, headers) as events:
                yield events

    @asynccontextmanager
    async def _multipart(
        self, body: bytes, headers: Headers
    ) -> AsyncGenerator[Events | Reply]:
        sent = self._headers(body, (*EVENTS, *headers), "POST")
        async with self._open().post(
            self._url, data=body, headers=sent, allow_redirects=False
        ) as answer:
            boundary = boundary_of(answer.headers.get("content-type", ""))
            if boundary is None:
                whole = await answer.content.read(self._largest + 1)
                if len(whole) > self._largest:
                    raise TooLargeError(self._largest)
                yield Reply(answer.status, whole)
                return
            chunks = answer.content.iter_any()
            try:
                yield telling_each(events_in(chunks, boundary, self._largest))
            finally:
                answer.close()  # now, and not when the next heartbeat has come

    @asynccontextmanager
    async def _socket(
        self, body: bytes, headers: Headers
    ) -> AsyncGenerator[Events | Reply]:
        sent = self._headers(b"", headers, "GET")
        token = next((v for k, v in headers if k == AUTHORIZATION), None)
        init: Json = {"type": "connection_init"}
        if token is not None:
            init["payload"] = {"authorization": token.decode("latin-1")}
        async with self._open().ws_connect(
            self._url,
            protocols=(SUBPROTOCOL,),
            headers=sent,
            max_msg_size=self._largest,
            autoping=True,
            heartbeat=SILENT_SECONDS / 2,
        ) as socket:
            if socket.protocol != SUBPROTOCOL:
                raise BrokenAnswerError(f"it does not speak {SUBPROTOCOL}")
            await socket.send_str(orjson.dumps(init).decode())
            while (await hear(socket))["type"] != "connection_ack":
                pass
            start = b'{"id":"1","type":"subscribe","payload":%s}' % body
            await socket.send_str(start.decode())
            try:
                yield telling_each(heard(socket))
            finally:
                with suppress(Exception):
                    await socket.send_str('{"id":"1","type":"complete"}')

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()


async def heard(socket: aiohttp.ClientWebSocketResponse) -> AsyncGenerator[bytes]:
    """Give the events of the one operation on a connection."""
    while True:
        message = await hear(socket)
        match message.get("type"):
            case "next":
                yield orjson.dumps(message.get("payload"))
            case "complete":
                return
            case "error":
                raise StreamEndedError(ending_of(message.get("payload")))
            case _:
                pass


async def hear(socket: aiohttp.ClientWebSocketResponse) -> Json:
    """Give the next message, pings answered.

    Raises:
        StreamEndedError: the subgraph hung up with a reason.
        TransportError: it did without one, or says what nobody understands.

    """
    while True:
        got = await socket.receive()
        if got.type is not aiohttp.WSMsgType.TEXT:
            raise hung_up(socket.close_code, str(got.extra or ""))
        try:
            found: object = orjson.loads(cast("str", got.data))
        except orjson.JSONDecodeError as error:
            raise BrokenAnswerError("a message is not JSON") from error
        message = cast("Json", found) if isinstance(found, dict) else {}
        if message.get("type") == "ping":
            await socket.send_str('{"type":"pong"}')
            continue
        return message


def hung_up(code: int | None, reason: str) -> Exception:
    """Say why a connection ended."""
    if code == UNAUTHORIZED:
        return StreamEndedError(Ending("UNAUTHENTICATED", reason, UNAUTHORIZED))
    if code == GOING_AWAY:
        return StreamEndedError(Ending("SUBSCRIPTION_SERVER_STOPPED", reason))
    return BrokenAnswerError(f"it hung up ({code})")


class telling:  # noqa: N801 - reads as what it is
    """Tell aiohttp's failures as the transports' own."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Translate."""
        if isinstance(error, TransportError | StreamEndedError):
            return
        if isinstance(error, aiohttp.WSServerHandshakeError):
            raise UnreachableError(f"it refused a WebSocket: {error.status}") from error
        if isinstance(error, aiohttp.ClientConnectorError):
            raise UnreachableError("it cannot be reached") from error
        if isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
            raise BrokenAnswerError(broken(error)) from error


def broken(error: Exception) -> str:
    """Say how a stream broke, in words that a client can read.

    >>> broken(TimeoutError()), broken(aiohttp.ClientPayloadError())
    ('its stream was silent for too long', 'its stream broke off')
    """
    if isinstance(error, TimeoutError):
        return "its stream was silent for too long"
    return "its stream broke off"


async def telling_each(events: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """Give events, their failures told as the transports' own."""
    with telling():
        async for event in events:
            yield event
