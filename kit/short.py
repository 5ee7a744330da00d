"""The short way to `GraphQLEndpoint`: a POST whose head is known → its answer.

What a head says is worked out once for all requests of a connection that have the
same: the media type, the token's place, what resolvers read of it. Whatever is not
usual is left to ASGI; what comes out is the same.
"""

import asyncio
import time
from typing import Final, cast

from kit.asked import Asked, authorization, name_request
from kit.connection.exchange import Attendance, Written
from kit.connection.heads import RawHeaders, header_lines
from kit.endpoint import JSON, MORE_HEADERS, GraphQLEndpoint, log_request
from kit.engine import Answer
from kit.errors import UnauthenticatedError
from kit.guard import RefusedRequestError, check_media_type
from kit.logs import request_id
from kit.patience import ClientGoneError

LINES: Final = header_lines((JSON,))


def short_way(
    endpoint: GraphQLEndpoint, path: str, pairs: RawHeaders
) -> "ShortWay | None":
    """Say how requests with this head are answered; None leaves them to ASGI.

    Their body is of a known length and plain JSON, one answer is wanted, and no header
    comes twice.
    """
    headers = dict(pairs)
    length = headers.get(b"content-length", b"")
    if (
        len(headers) != len(pairs)
        or not length.isdigit()
        or b"transfer-encoding" in headers
        or b"multipart/mixed" in headers.get(b"accept", b"")
    ):
        return None
    try:
        check_media_type(
            headers.get(b"content-type", b"").decode("latin-1"),
            headers.get(b"content-encoding", b"").decode("latin-1"),
        )
        token = authorization(headers, pairs)
    except (RefusedRequestError, UnauthenticatedError):
        return None
    asked = endpoint.asked(path, headers, token, streams=False)
    return ShortWay(endpoint, asked, int(length))


class Always:
    """What answers requests for as long as the process runs."""

    current = True


class ShortWay:
    """What requests with one head have in common."""

    __slots__ = ("_asked", "_endpoint", "_given", "length")
    in_pieces = False
    """ASGI's side knows how long to wait for a body."""

    serving = Always()

    def __init__(self, endpoint: GraphQLEndpoint, asked: Asked, length: int) -> None:
        self.length = length
        self._endpoint = endpoint
        self._asked = asked
        self._given = asked.headers.get(b"x-request-id")

    async def answer(self, body: bytes, attendance: Attendance) -> Written:
        """Answer one request, for as long as somebody waits for it.

        Raises:
            ClientGoneError: nobody does.

        """
        endpoint = self._endpoint
        request_id.set(name_request(self._given))
        begun = time.perf_counter() if endpoint.log_requests else 0.0
        attendance.attending = True
        try:
            answered = await endpoint.guarded(endpoint.respond(self._asked, body))
        except asyncio.CancelledError as error:
            if attendance.stayed():
                raise
            raise ClientGoneError from error
        finally:
            attendance.attending = False
        answer = cast("Answer", answered)  # streams are not for this way
        if endpoint.log_requests:
            log_request(answer, begun)
        more = (*MORE_HEADERS.get(answer.status, ()), *answer.headers)
        lines = LINES + header_lines(more) if more else LINES
        return answer.status, lines, answer.body
