"""The bytes of a multipart answer → the events in it.

Source: Apollo's "GraphQL subscriptions over HTTP", RFC 2046 section 5.1.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import orjson

from kit.streams.mailbox import Ending
from router.executor.streams.interface import StreamEndedError
from router.executor.transport.interface import BrokenAnswerError, TooLargeError

BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)

Json = dict[str, Any]


def boundary_of(content_type: str) -> bytes | None:
    """Read the boundary of a multipart answer; None if it is something else.

    >>> boundary_of('multipart/mixed; boundary="graphql"; subscriptionSpec=1.0')
    b'graphql'
    """
    if not content_type.lower().startswith("multipart/mixed"):
        return None
    found = BOUNDARY.search(content_type)
    return found[1].strip().encode("latin-1") if found else b"-"


class Parts:
    """Gathers bytes until parts are whole; a part has a largest size."""

    def __init__(self, boundary: bytes, largest: int) -> None:
        # The first boundary may stand without a line end before it.
        self._buffer = b"\r\n"
        self._mark = b"\r\n--" + boundary
        self._largest = largest
        self._begun = False
        self.ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        r"""Add bytes; give the body of each part that is whole now.

        >>> list(Parts(b"a", 99).feed(b"--a\r\nx: y\r\n\r\n{}\r\n--a--"))
        [b'{}']

        Raises:
            TooLargeError: a part is larger than is taken.

        """
        self._buffer += data
        while not self.ended and self._mark in self._buffer:
            found, _, self._buffer = self._buffer.partition(self._mark)
            if self._begun and not found.startswith(b"--"):
                _, _, body = found.partition(b"\r\n\r\n")
                if body.strip():
                    yield body
            self._begun = True
        if self._begun and self._buffer.startswith(b"--"):
            self.ended = True
        if len(self._buffer) > self._largest:
            raise TooLargeError(self._largest)


async def events_in(
    chunks: AsyncIterator[bytes], boundary: bytes, largest: int
) -> AsyncIterator[bytes]:
    """Give the events of a multipart answer to its end.

    Raises:
        StreamEndedError: the subgraph ended it with a reason.
        TransportError: it broke off, or is not what it should be.

    """
    parts = Parts(boundary, largest)
    async for chunk in chunks:
        for body in parts.feed(chunk):
            event = event_in(body)
            if event is not None:
                yield event
        if parts.ended:
            return
    raise BrokenAnswerError("the stream broke off")


def event_in(body: bytes) -> bytes | None:
    """Read one part: an event, or nothing (a heartbeat).

    >>> event_in(b'{"payload":{"data":1}}'), event_in(b"{}")
    (b'{"data":1}', None)

    Raises:
        StreamEndedError: it says why no more come.
        TransportError: it is not one of these.

    """
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BrokenAnswerError("a part is not JSON") from error
    part = cast("Json", found) if isinstance(found, dict) else None
    if part is None:
        raise BrokenAnswerError("a part is not an object")
    if part.get("errors") and part.get("payload") is None:
        raise StreamEndedError(ending_of(part["errors"]))
    payload = part.get("payload")
    if payload is None:
        # Some servers send results without an envelope.
        return body if "data" in part else None
    return orjson.dumps(payload)


def ending_of(errors: object) -> Ending:
    """Read why a stream ended: the first error's code and message."""
    listed = cast("list[object]", errors) if isinstance(errors, list) else []
    first = listed[0] if listed else None
    error = cast("Json", first) if isinstance(first, dict) else {}
    extensions = error.get("extensions")
    more = cast("Json", extensions) if isinstance(extensions, dict) else {}
    code = more.get("code", "DOWNSTREAM_SERVICE_ERROR")
    return Ending(str(code), str(error.get("message", "no message")))
