"""POST /graphql as bare ASGI: bytes in, bytes out, nothing in between.

Guard, proof, identity, document, context, execution; whatever arrives, the answer is
GraphQL's JSON. A client that leaves takes its work with it.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import structlog

from kit.asked import Asked, authorization, name_request, unreserved
from kit.database import Database
from kit.engine import Answer, Engine, Operation
from kit.errors import UnauthenticatedError
from kit.graphql import OURS, Context
from kit.guard import (
    GraphQLRequest,
    RefusedRequestError,
    check_media_type,
    error_body,
    parse_json,
    read_request,
)
from kit.identity import Identity
from kit.logs import request_id
from kit.patience import (
    ClientGoneError,
    Receive,
    read_body,
    refuse_large,
    while_wanted,
)
from kit.proof import HEADER, ProofVerifier
from kit.public_graph import CallerGraph, PublicGraph
from kit.streams.service import Headers, SocketHost, Subscriptions
from kit.streams.stream import HANDED_OVER, Stream
from kit.tokens import TokenVerifier

log = structlog.get_logger(__name__)

MAX_BODY_BYTES: Final = 4_000_000
"""The router's requests carry representations; a client's own never come near."""

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
MakeContext = Callable[[Identity, Database, CallerGraph], Context]

JSON: Final = (b"content-type", b"application/json; charset=utf-8")
CLOSE: Final = (b"connection", b"close")
MORE_HEADERS: Final[dict[int, tuple[tuple[bytes, bytes], ...]]] = {
    401: ((b"www-authenticate", b"Bearer"),),
    405: ((b"allow", b"POST"),),
    408: (CLOSE,),
    413: (CLOSE,),
    415: ((b"accept-post", b"application/json"),),
}
"""What HTTP wants beside the body, by status."""


@dataclass(slots=True, kw_only=True)
class GraphQLEndpoint:
    """Answer GraphQL requests with one schema.

    With a ``proof``, only the router may ask; ``log_requests`` writes a line for each
    request.
    """

    engine: Engine
    database: Database
    verifier: TokenVerifier
    graph: PublicGraph
    make_context: MakeContext
    proof: ProofVerifier | None = None
    log_requests: bool = False
    subscriptions: Subscriptions = field(default_factory=Subscriptions)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; nothing is sent to a client that has gone."""
        if scope["type"] == "websocket":
            await self._connected(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        begun = time.perf_counter() if self.log_requests else 0.0
        reset = request_id.set(name_request(headers.get(b"x-request-id")))
        try:
            answer = await self.guarded(self._answer(scope, headers, receive))
            if isinstance(answer, Stream):
                await self.subscriptions.send(answer, scope, receive, send)
                return
            if self.log_requests:
                log_request(answer, begun)
            await send_answer(send, answer)
        except ClientGoneError:
            log.debug("graphql.client_gone")
        finally:
            request_id.reset(reset)

    async def guarded(self, work: Awaitable[Answer | Stream]) -> Answer | Stream:
        """Answer what was refused, and what went wrong, as GraphQL does.

        Raises:
            ClientGoneError: nobody waits for an answer.

        """
        try:
            return await work
        except RefusedRequestError as refusal:
            return Answer(refusal.status, error_body(refusal.message, refusal.code))
        except UnauthenticatedError as error:
            return Answer(401, error_body(f"{error}.", error.code))
        except ClientGoneError:
            raise
        except Exception:
            log.exception("graphql.unexpected")
            body = error_body(OURS, "INTERNAL", requestId=request_id.get())
            return Answer(500, body)

    async def _answer(
        self, scope: Scope, headers: Headers, receive: Receive
    ) -> Answer | Stream:
        if scope["method"] != "POST":
            raise RefusedRequestError(405, "Send GraphQL requests by POST.")
        check_media_type(
            headers.get(b"content-type", b"").decode("latin-1"),
            headers.get(b"content-encoding", b"").decode("latin-1"),
        )
        refuse_large(headers.get(b"content-length"), MAX_BODY_BYTES)
        token = authorization(headers, scope["headers"])
        body = await read_body(receive, MAX_BODY_BYTES)
        streams = carries_streams(scope, headers)
        asked = self.asked(scope["path"], headers, token, streams=streams)
        return await self.respond(asked, body, receive)

    def asked(
        self, path: str, headers: Headers, token: bytes, *, streams: bool
    ) -> Asked:
        """Work out of a head what its requests have in common."""
        return Asked(
            path,
            headers,
            headers if self.proof else unreserved(headers),
            token,
            token.decode("latin-1") if token else None,
            streams,
        )

    async def respond(
        self, asked: Asked, body: bytes, receive: Receive | None = None
    ) -> Answer | Stream:
        """Answer a request that came whole; with ``receive``, while a client waits.

        Raises:
            RefusedRequestError: it is none.
            UnauthenticatedError: the caller is not believed, or unknown.
            ClientGoneError: nobody waits for an answer.

        """
        if self.proof is not None:
            given = asked.headers.get(HEADER)
            self.proof.check(given, "POST", asked.path, asked.token, body)
        request = read_request(parse_json(body))
        if not request.query:
            raise RefusedRequestError(400, "'query' is missing.")
        identity = self.verifier.identify(asked.bearer)
        operation = self.engine.prepare(request.query, request.operation_name)
        if not operation.public and not identity.authenticated:
            raise UnauthenticatedError("Sign in first: no token was sent")
        if operation.source is not None and asked.streams:
            return await self._subscribe(
                operation, request, asked.bearer, asked.headers
            )
        context = self._context(identity, asked.bearer, asked.readable)
        work = operation.run(context, request.variables)
        answer = await (work if receive is None else while_wanted(receive, work))
        if context.response_headers:
            return replace(answer, headers=tuple(context.response_headers))
        return answer

    def _context(
        self, identity: Identity, bearer: str | None, readable: Headers
    ) -> Context:
        context = self.make_context(
            identity, self.database, CallerGraph(self.graph, bearer)
        )
        context.request_headers = readable
        return context

    async def _subscribe(
        self,
        operation: Operation,
        request: GraphQLRequest,
        bearer: str | None,
        headers: Headers,
    ) -> Answer | Stream:
        def confirm() -> Identity:
            return self.verifier.identify(bearer)

        return await self.subscriptions.open(
            operation,
            request.variables,
            lambda: self._context(
                confirm(), bearer, headers if self.proof else unreserved(headers)
            ),
            confirm,
        )

    async def _connected(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Talk graphql-transport-ws; where there is a proof, the handshake has it."""
        headers: Headers = dict(scope["headers"])
        request_id.set(name_request(headers.get(b"x-request-id")))
        try:
            token = authorization(headers, scope["headers"])
            if self.proof is not None:
                self.proof.check(headers.get(HEADER), "GET", scope["path"], token, b"")
        except (RefusedRequestError, UnauthenticatedError):
            await send({"type": "websocket.close", "code": 4403})  # before it is open
            return
        host = SocketHost(self.engine, self.verifier, headers, self._subscribe)
        await self.subscriptions.talk(host, scope, receive, send)


def carries_streams(scope: Scope, headers: Headers) -> bool:
    """Say whether whoever asks can be sent more than one answer."""
    accept = headers.get(b"accept", b"")
    return b"multipart/mixed" in accept or HANDED_OVER in (
        scope.get("extensions") or ()
    )


async def send_answer(send: Send, answer: Answer) -> None:
    """Send an answer as JSON."""
    length = (b"content-length", b"%d" % len(answer.body))
    more = MORE_HEADERS.get(answer.status, ())
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [JSON, length, *more, *answer.headers],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


def log_request(answer: Answer, begun: float) -> None:
    """Write a line for a request that was answered."""
    took = (time.perf_counter() - begun) * 1000
    log.info(
        "graphql.request",
        status=answer.status,
        milliseconds=round(took, 2),
        bytes=len(answer.body),
    )
