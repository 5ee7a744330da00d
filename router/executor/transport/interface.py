"""What every way to a subgraph promises.

TransportError
├── UnreachableError     nothing was answered: a query may be sent once more
├── BrokenAnswerError    an answer began and did not end
└── TooLargeError        the answer passed the limit
"""

from dataclasses import dataclass
from typing import Protocol

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in lower case, repeated ones apart, as ASGI has them."""


class Written(tuple[tuple[bytes, bytes], ...]):  # noqa: SLOT001 - tuple's cannot have any
    """Headers that go to several subgraphs: their ``lines`` are written once."""

    lines: bytes | None = None


FIXED: Headers = (
    (b"content-type", b"application/json"),
    (b"accept", b"application/graphql-response+json, application/json;q=0.9"),
    (b"user-agent", b"helpnest-router"),
)
"""What each request to a subgraph says of its body and of the answer."""

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of one answer: beyond this a subgraph is at fault, and memory is at risk."""


class TransportError(Exception):
    """No whole answer came; the message says what happened on the way."""


class UnreachableError(TransportError):
    """The subgraph cannot be reached, or hung up before it answered."""


class BrokenAnswerError(TransportError):
    """The subgraph began to answer and stopped half way, or spoke no HTTP."""


class TooLargeError(TransportError):
    """The answer is larger than the router is ready to hold."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the answer passes {limit} bytes")


@dataclass(slots=True)
class Reply:
    """One whole answer, not yet read."""

    status: int
    body: bytes
    headers: Headers = ()

    def header(self, name: bytes) -> bytes:
        """Give the first header of that (lower case) name, or nothing.

        >>> Reply(200, b"", ((b"content-type", b"text/html"),)).header(b"content-type")
        b'text/html'
        """
        return next((value for key, value in self.headers if key == name), b"")


OK, HTTP_ERROR, FAILED, GIVEN_UP = "ok", "http_error", "failed", "given_up"
"""What may become of a request to a subgraph."""


class Meter(Protocol):
    """Who is told what requests to one subgraph take."""

    def took(self, outcome: str, seconds: float) -> None:
        """Take note of one request: what became of it, and how long that took."""
        ...


class Transport(Protocol):
    """One subgraph, as something that answers bytes with bytes.

    The caller owns time: it cancels ``send`` when it has waited long enough, and
    the subgraph notices.
    """

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """POST the body with these headers and wait for the whole answer.

        Raises:
            TransportError: the subgraph's fault, or the network's.

        """
        ...

    async def close(self) -> None:
        """Give connections back; a closed transport sends nothing any more."""
        ...
