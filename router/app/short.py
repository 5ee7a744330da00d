"""The short way: a POST whose head is known → its answer, with nothing between.

What a head says is worked out once for all requests that have the same: who may be
asked on whose behalf, what goes on to subgraphs, in which form the answer is wanted.
A request then is its body. What comes out is what `GraphQLEndpoint` makes of the
same request; whatever is not usual is left to that.
"""

import asyncio
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from kit.connection.exchange import Attendance, Written
from kit.connection.heads import header_lines
from kit.errors import UnauthenticatedError
from kit.guard import RefusedRequestError, parse_json, read_request
from kit.identity import ANONYMOUS, Identity
from kit.logs import request_id
from kit.patience import ClientGoneError
from router.app.address import Client, with_address
from router.app.asgi import RawHeaders
from router.app.batches import Result, read_batch
from router.app.graphql import GONE, NOTHING
from router.app.negotiation import ANY, negotiate, wanted
from router.app.requests import Head, new_request_id, read_head
from router.gateway.asked import Asked
from router.telemetry.record import Record
from router.telemetry.trace_context import new_context, read_context

if TYPE_CHECKING:
    from router.app.serving import Serving

JSON = b"application/json"


def short_way(
    serving: "Serving", pairs: RawHeaders, client: Client
) -> "ShortWay | None":
    """Say how requests with this head are answered; None leaves them to ASGI.

    Their body is of a known length, plain JSON, and no larger than is taken. One
    answer is wanted, and no hook wants to see it.
    """
    endpoint = serving.endpoint
    if endpoint.hooks is not None:
        return None
    try:
        head = read_head(pairs)
        token = endpoint.authenticator.token_in(pairs)
    except (RefusedRequestError, UnauthenticatedError):
        return None
    length = head.content_length
    if (
        length is None
        or not length.isdigit()
        or head.content_type != JSON
        or head.content_encoding is not None
        or any(name == b"transfer-encoding" for name, _ in pairs)
        or wanted(head.accept) is not None
        or negotiate(head.accept) is None
        or int(length) > endpoint.largest
    ):
        return None
    return ShortWay(serving, head, client, token, int(length))


class ShortWay:
    """What requests with one head have in common."""

    __slots__ = (
        "_accepts",
        "_cors",
        "_endpoint",
        "_given",
        "_head",
        "_headers",
        "_token",
        "_trace",
        "_traits",
        "length",
        "serving",
    )
    in_pieces = True

    def __init__(
        self,
        serving: "Serving",
        head: Head,
        client: Client,
        token: str | None,
        length: int,
    ) -> None:
        endpoint = serving.endpoint
        self.length = length
        self.serving = serving
        self._endpoint = endpoint
        self._head = head
        self._token = token
        given = [value for name, value in head.pairs if name == b"x-request-id"]
        self._given = head.request_id if head.request_id in given else None
        bearer = endpoint.authenticator.as_bearer(head.pairs)
        self._headers = with_address(bearer, client, endpoint.proxies)
        self._traits = endpoint.gateway.traits(self._headers)
        self._cors = header_lines(tuple(endpoint.cors.headers(head.origin)))
        trace = read_context(head.pairs)
        self._trace = trace if trace.given else None
        media = negotiate(head.accept) or ANY
        self._accepts = b"content-type: %s\r\n" % media.header

    async def answer(self, body: bytes, attendance: Attendance) -> Written:
        """Answer one request.

        Raises:
            ClientGoneError: nobody is there any more to answer.

        """
        endpoint, pairs = self._endpoint, self._head.pairs
        name = self._given or new_request_id()
        text = name.decode("ascii")
        request_id.set(text)
        self.serving.under_way += 1
        observed = endpoint.observer.start(self._trace or new_context())
        record = observed.record
        try:
            status, body, headers = await self._run(body, text, record, attendance)
            record.status, record.size = status, len(body)
            if len(body) >= endpoint.compressor.smallest:
                body = await endpoint.compressor.compress(body, pairs, headers)
        except ClientGoneError:
            record.status = GONE
            endpoint.left_at = monotonic()
            raise
        else:
            return status, self._lines(name, headers, body), body
        finally:
            endpoint.observer.end(observed, pairs, text)
            self.serving.leave()

    def _lines(self, name: bytes, headers: RawHeaders, body: bytes) -> bytes:
        accepts = self._accepts
        if body[:1] == b"[":  # the other media type is for one answer
            accepts = b"content-type: %s\r\n" % ANY.header
        lines = header_lines(tuple(headers)) if headers else b""
        return b"%s%sx-request-id: %s\r\n%s" % (accepts, lines, name, self._cors)

    async def _run(
        self, body: bytes, name: str, record: Record, attendance: Attendance
    ) -> Result:
        """Run what is asked, for as long as somebody waits for it.

        Raises:
            ClientGoneError: nobody does.

        """
        endpoint = self._endpoint
        attendance.attending = True
        try:
            asked, batch = self._read(body, name, record)
            if batch is not None:
                return await endpoint.ask_all(batch, asked, self._named(name))
            endpoint.crowd.enter()
            try:
                outcome = await endpoint.gateway.answer(asked)
            finally:
                endpoint.crowd.leave()
        except asyncio.CancelledError as error:
            if attendance.stayed():
                raise
            raise ClientGoneError from error
        except Exception as error:  # noqa: BLE001 - sorted, and logged if unknown
            return endpoint.refused(error, self._named(name), record)
        else:
            return 200, outcome.body, [*outcome.headers]  # it may be shared
        finally:
            attendance.attending = False

    def _named(self, name: str) -> Head:
        return replace(self._head, request_id=name.encode("ascii"))

    def _read(
        self, body: bytes, name: str, record: Record
    ) -> tuple[Asked, list[Any] | None]:
        """Read a request, or a batch of them, and say who asks.

        Raises:
            RefusedRequestError: it is none.
            UnauthenticatedError: the token proves nothing, or one must be there.

        """
        endpoint, batch, request = self._endpoint, None, NOTHING
        value = parse_json(body)
        if value.__class__ is list:
            batch = read_batch(value, endpoint.batching)
        else:
            request = read_request(value)
        identity = self._identify()
        record.subject = identity.subject or None
        asked = Asked(
            request, identity, self._headers, name, record=record, traits=self._traits
        )
        return asked, batch

    def _identify(self) -> Identity:
        endpoint = self._endpoint
        if self._token is not None:
            return endpoint.authenticator.verify(self._token)
        if endpoint.must_sign_in:
            raise UnauthenticatedError("Sign in first: no token was sent")
        return ANONYMOUS
