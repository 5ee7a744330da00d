"""POST /graphql as bare ASGI: bytes in, bytes out, nothing in between.

Guard, proof, identity, document, context, execution; whatever arrives, the answer is
GraphQL's JSON. A client that leaves takes its work with it.
"""

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from kit.database import Database
from kit.engine import Answer, Engine
from kit.errors import UnauthenticatedError
from kit.graphql import OURS, Context
from kit.guard import (
    RefusedRequestError,
    check_media_type,
    error_body,
    parse_json,
    read_request,
)
from kit.identity import Identity
from kit.logs import request_id
from kit.proof import HEADER, ProofVerifier
from kit.public_graph import CallerGraph, PublicGraph
from kit.tokens import TokenVerifier

log = structlog.get_logger(__name__)

MAX_BODY_BYTES: Final = 4_000_000
"""The router's requests carry representations; a client's own never come near."""

BODY_SECONDS: Final = 10.0
"""A body that takes longer is a client that holds a connection on purpose."""

PATIENCE_SECONDS: Final = 0.1
"""From here on it is worth looking whether the client still waits."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
MakeContext = Callable[[Identity, Database, CallerGraph], Context]
Headers = dict[bytes, bytes]

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

_PLAIN_ID: Final = re.compile(rb"[\w.:-]{1,64}")


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; nothing is sent to a client that has gone."""
        headers: Headers = dict(scope["headers"])
        begun = time.perf_counter() if self.log_requests else 0.0
        reset = request_id.set(name_request(headers.get(b"x-request-id")))
        try:
            answer = await self._guarded(scope, headers, receive)
            if self.log_requests:
                log_request(answer, begun)
            await send_answer(send, answer)
        except ClientGoneError:
            log.debug("graphql.client_gone")
        finally:
            request_id.reset(reset)

    async def _guarded(
        self, scope: Scope, headers: Headers, receive: Receive
    ) -> Answer:
        try:
            return await self._answer(scope, headers, receive)
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

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            raise RefusedRequestError(405, "Send GraphQL requests by POST.")
        check_media_type(
            headers.get(b"content-type", b"").decode("latin-1"),
            headers.get(b"content-encoding", b"").decode("latin-1"),
        )
        refuse_large(headers.get(b"content-length"), MAX_BODY_BYTES)
        token = authorization(headers, scope["headers"])
        body = await read_body(receive, MAX_BODY_BYTES)
        if self.proof is not None:
            self.proof.check(headers.get(HEADER), "POST", scope["path"], token, body)
        request = read_request(parse_json(body))
        if not request.query:
            raise RefusedRequestError(400, "'query' is missing.")
        bearer = token.decode("latin-1") if token else None
        identity = self.verifier.identify(bearer)
        operation = self.engine.prepare(request.query, request.operation_name)
        if not operation.public and not identity.authenticated:
            raise UnauthenticatedError("Sign in first: no token was sent")
        context = self.make_context(
            identity, self.database, CallerGraph(self.graph, bearer)
        )
        context.request_headers = headers
        work = operation.run(context, request.variables)
        answer = await while_wanted(receive, work)
        if context.response_headers:
            return replace(answer, headers=tuple(context.response_headers))
        return answer


def name_request(given: bytes | None) -> str:
    """Take the caller's name for a request if it is a plain one, or make one.

    >>> name_request(b"a-1"), len(name_request(b"a b")), len(name_request(None))
    ('a-1', 24, 24)
    """
    if given is not None and _PLAIN_ID.fullmatch(given):
        return given.decode("ascii")
    return os.urandom(12).hex()


def authorization(headers: Headers, all_headers: list[tuple[bytes, bytes]]) -> bytes:
    """Find the Authorization header, empty if there is none.

    Raises:
        RefusedRequestError: 400, there are two.

    """
    found = headers.get(b"authorization", b"")
    if found and len(headers) != len(all_headers):
        count = sum(name == b"authorization" for name, _ in all_headers)
        if count > 1:
            raise RefusedRequestError(400, "There are two Authorization headers.")
    return found


def refuse_large(declared: bytes | None, limit: int) -> None:
    """Refuse a body by the length it announces, before any of it is read.

    Raises:
        RefusedRequestError: 413, it is larger than the limit.

    """
    if declared is not None and declared.isdigit() and int(declared[:19]) > limit:
        raise too_large(limit)


def too_large(limit: int) -> RefusedRequestError:
    """Say how much would have been taken."""
    return RefusedRequestError(413, f"The body is larger than {limit} bytes.")


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read a request's body whole.

    Raises:
        RefusedRequestError: 413, it is larger than the limit, or 408, it does not
            come to its end in time.
        ClientGoneError: the client left before its end.

    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read_body(receive, limit)
    except TimeoutError as error:
        raise RefusedRequestError(408, "The body took too long to come.") from error


async def _read_body(receive: Receive, limit: int) -> bytes:
    pieces: list[bytes] = []
    more, room = True, limit
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        piece: bytes = message.get("body", b"")
        more, room = message.get("more_body", False), room - len(piece)
        if room < 0:
            raise too_large(limit)
        pieces.append(piece)
    return b"".join(pieces)


async def while_wanted(receive: Receive, work: Coroutine[Any, Any, Answer]) -> Answer:
    """Do the work for as long as the client waits; when it leaves, cancel it.

    Whether it has left is looked at only after `PATIENCE_SECONDS`: most work is done
    by then, and pays for nothing but a timer.

    Raises:
        ClientGoneError: the client left.

    """
    loop = asyncio.get_running_loop()
    here = asyncio.current_task()
    watcher: asyncio.Task[None] | None = None
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        if here is not None:
            here.cancel()

    def start() -> None:
        nonlocal watcher
        watcher = loop.create_task(watch())

    timer = loop.call_later(PATIENCE_SECONDS, start)
    try:
        return await work
    except asyncio.CancelledError:
        if gone and here is not None and here.uncancel() == 0:
            raise ClientGoneError from None
        raise
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()


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
