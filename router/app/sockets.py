"""WebSockets at the endpoint: who may open one, and what runs on it.

Each operation goes through the pipeline like a request of its own.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from kit.errors import UnauthenticatedError
from kit.guard import GraphQLRequest, RefusedRequestError
from kit.identity import ANONYMOUS
from kit.logs import request_id
from kit.streams.messages import token_in
from kit.streams.over_socket import Single
from kit.streams.stream import Stream
from router.app import hooked
from router.app.address import with_address
from router.app.asgi import RawHeaders, Receive, Scope, Send
from router.app.graphql import GraphQLEndpoint
from router.app.hooked import Result
from router.app.requests import Head, new_request_id, read_head
from router.gateway.asked import Asked, Streaming
from router.hooks.load import HookFailedError
from router.settings.model import Settings
from router.telemetry.record import Record

AUTHORIZATION = b"authorization"
COOKIE = b"cookie"
ALLOWED = b"access-control-allow-origin"
CREDENTIALS = b"access-control-allow-credentials"

FORBIDDEN = 4403
REFUSED = 401


class Sockets:
    """Take WebSockets of pages that may ask us, and of programs."""

    def __init__(self, endpoint: GraphQLEndpoint, settings: Settings) -> None:
        self._endpoint = endpoint
        self._enabled = settings.subscription.enabled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or refuse it before it is open."""
        pairs = self.allowed(scope["headers"])
        if not self._enabled or pairs is None:
            await send({"type": "websocket.close", "code": FORBIDDEN})
            return
        connection = Connection(self._endpoint, pairs, scope.get("client"))
        await self._endpoint.streams.talk(connection, scope, receive, send)

    def allowed(self, pairs: RawHeaders) -> RawHeaders | None:
        """Give the headers that count; None for a page that may not ask us.

        A page of another origin needs CORS's leave, as its requests do; cookies
        that its browser sends along count only if that allows credentials.
        """
        try:
            origin = read_head(pairs).origin
        except RefusedRequestError:
            return None
        if origin is None or same_origin(origin, pairs):
            return pairs
        told = dict(self._endpoint.cors.headers(origin))
        if ALLOWED not in told:
            return None
        if CREDENTIALS in told:
            return pairs
        return [pair for pair in pairs if pair[0] != COOKIE]


def same_origin(origin: bytes, pairs: RawHeaders) -> bool:
    """Say whether a page comes from where it asks.

    >>> same_origin(b"https://help.example", [(b"host", b"help.example")])
    True
    >>> same_origin(b"null", [(b"host", b"help.example")])
    False
    """
    try:
        asked = urlsplit(origin.decode("latin-1")).netloc
    except ValueError:
        return False
    hosts = [value for name, value in pairs if name == b"host"]
    return bool(asked) and hosts == [asked.encode("latin-1")]


class Connection:
    """One connection, and for whom it asks: what ``connection_init`` says counts."""

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        pairs: RawHeaders,
        client: tuple[str, int] | None,
    ) -> None:
        self._endpoint = endpoint
        self._pairs = pairs
        self._client = client

    def connect(self, payload: Mapping[str, object]) -> None:
        """Verify the token: that of the payload, or else of the handshake."""
        token = token_in(payload)
        if token is not None:
            kept = [pair for pair in self._pairs if pair[0] != AUTHORIZATION]
            try:
                self._pairs = [*kept, (AUTHORIZATION, token.encode("latin-1"))]
            except UnicodeEncodeError:
                raise UnauthenticatedError("The token is no token") from None
        self._endpoint.identify(self._pairs)

    async def open(self, request: GraphQLRequest) -> Stream | Single:
        """Run one operation through the pipeline."""
        endpoint = self._endpoint
        name = new_request_id()
        request_id.set(name.decode("ascii"))
        head = read_head(self._pairs)
        head.request_id = name
        observed = endpoint.observer.begin(self._pairs)
        record = observed.record
        try:
            own = await self._greeted(head, record)
            asked = self._asked(request, head, record, known=own is None)
            head.streaming = asked.streaming
            record.status, body, _ = await endpoint.answered(asked, head, own)
            record.size = len(body)
        except UnauthenticatedError as error:
            record.status, record.codes = REFUSED, [error.code]
            raise
        finally:
            endpoint.observer.end(observed, head.pairs, name.decode("ascii"))
        opened = asked.streaming.opened if asked.streaming is not None else None
        if opened is not None:
            return opened
        return Single(body, refused(body))

    async def _greeted(self, head: Head, record: Record) -> Result | None:
        """Let ``on_request`` see an operation, with the handshake's headers."""
        hooks = self._endpoint.hooks
        if hooks is None:
            return None
        hooked.begin()
        try:
            return await hooked.at_request(hooks, "GET", head)
        except HookFailedError as error:
            return self._endpoint.refused(error, head, record)

    def _asked(
        self, request: GraphQLRequest, head: Head, record: Record, *, known: bool
    ) -> Asked:
        """Say what is asked, and by whom; nobody need be ``known`` to be refused.

        Raises:
            UnauthenticatedError: the token proves nothing (any more).

        """
        endpoint, pairs = self._endpoint, head.pairs
        identity = endpoint.identify(pairs) if known else ANONYMOUS
        record.subject = identity.subject or None
        return Asked(
            request,
            identity,
            with_address(
                endpoint.authenticator.as_bearer(pairs) if known else pairs,
                self._client,
                endpoint.proxies,
            ),
            head.request_id.decode("ascii"),
            record=record,
            streaming=Streaming(
                lambda: endpoint.identify(pairs),
                endpoint.streams,
                "graphql-transport-ws",
            ),
        )


def refused(body: bytes) -> bool:
    """Say whether an answer is errors alone: nothing was run.

    >>> refused(b'{"errors":[]}'), refused(b'{"errors":[],"data":null}')
    (True, False)
    """
    return b'"data":' not in body
