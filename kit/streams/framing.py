"""Events and endings → the bytes of an HTTP answer that goes on.

Source: Apollo's "GraphQL subscriptions over HTTP" (multipart, ``subscriptionSpec``),
"GraphQL over Server-Sent Events" (distinct connections), RFC 2046 section 5.1.
"""

from typing import Final, Protocol

import orjson

from kit.streams.mailbox import Ending

BOUNDARY: Final = b"graphql"


class Framing(Protocol):
    """How one media type carries a stream."""

    media_type: bytes

    def start(self) -> bytes:
        """Write what stands before everything."""
        ...

    def event(self, event: bytes) -> bytes:
        """Write one execution result."""
        ...

    def heartbeat(self) -> bytes:
        """Write what says no more than that we are still there."""
        ...

    def end(self, ending: Ending) -> bytes:
        """Write why no more comes, if there is a reason, and the end."""
        ...


class MultipartEvents:
    """``multipart/mixed;subscriptionSpec=1.0``.

    Each part is followed at once by the boundary: a reader knows only by that that
    the part is whole.
    """

    media_type: bytes = b'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0'

    def start(self) -> bytes:
        r"""Open the first part.

        >>> MultipartEvents().start()
        b'\r\n--graphql'
        """
        return b"\r\n--%s" % BOUNDARY

    def event(self, event: bytes) -> bytes:
        """Write a part whose payload is the result."""
        return part(b'{"payload":%s}' % event)

    def heartbeat(self) -> bytes:
        """Write an empty part, which clients pass over."""
        return part(b"{}")

    def end(self, ending: Ending) -> bytes:
        """Close the last part; a reason is an error of the transport, not of data."""
        if ending.code is None:
            return b"--\r\n"
        return part(b'{"payload":null,"errors":%s}' % errors_of(ending)) + b"--\r\n"


class MultipartParts:
    """``multipart/mixed;deferSpec=20220824``: one answer in parts.

    The parts say themselves whether more come, so the end needs no words.
    """

    media_type: bytes = b'multipart/mixed; boundary="graphql"; deferSpec=20220824'

    def start(self) -> bytes:
        """Open the first part."""
        return b"\r\n--%s" % BOUNDARY

    def event(self, event: bytes) -> bytes:
        """Write a part as it is."""
        return part(event)

    def heartbeat(self) -> bytes:
        """Write nothing: a part without a word of what comes next would be wrong."""
        return b""

    def end(self, ending: Ending) -> bytes:
        """Close the last part; a reason is a last part of errors."""
        if ending.code is None:
            return b"--\r\n"
        errors = errors_of(ending)
        return part(b'{"errors":%s,"hasNext":false}' % errors) + b"--\r\n"


class ServerSentEvents:
    """``text/event-stream``, one stream to a connection."""

    media_type: bytes = b"text/event-stream; charset=utf-8"

    def start(self) -> bytes:
        """Begin with a comment, so that there is something to flush."""
        return b":\n\n"

    def event(self, event: bytes) -> bytes:
        r"""Write a result; JSON holds no line end.

        >>> ServerSentEvents().event(b'{"data":null}')
        b'event: next\ndata: {"data":null}\n\n'
        """
        return b"event: next\ndata: %s\n\n" % event

    def heartbeat(self) -> bytes:
        """Write a comment."""
        return b":\n\n"

    def end(self, ending: Ending) -> bytes:
        """Write the reason as a last result, and that it was the last."""
        last = b""
        if ending.code is not None:
            last = self.event(b'{"errors":%s}' % errors_of(ending))
        return last + b"event: complete\ndata:\n\n"


def part(body: bytes) -> bytes:
    """Write one part and the boundary that ends it."""
    return b"\r\ncontent-type: application/json\r\n\r\n%s\r\n--%s" % (body, BOUNDARY)


def errors_of(ending: Ending) -> bytes:
    """Write an ending's reason as GraphQL errors.

    >>> errors_of(Ending("UNAUTHENTICATED", "The token has expired."))
    b'[{"message":"The token has expired.","extensions":{"code":"UNAUTHENTICATED"}}]'
    """
    error = {"message": ending.message, "extensions": {"code": ending.code}}
    return orjson.dumps([error])
