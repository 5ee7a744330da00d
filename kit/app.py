"""Schema and loaders → a service with ``/graphql`` and ``/health``.

``/graphql`` is bare ASGI, from body to bytes with nothing in between; FastAPI
carries what GraphQL cannot (health, keys, tokens).
"""

import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx
import structlog
from fastapi import APIRouter, FastAPI, Response

from kit.database import Database, reachable
from kit.engine import Answer, Engine, engine_for
from kit.errors import UnauthenticatedError
from kit.graphql import OURS, Context, Schema
from kit.guard import (
    RefusedRequestError,
    check_media_type,
    error_body,
    parse_json,
    read_request,
)
from kit.identity import Identity
from kit.keys import KeyPoller
from kit.logs import request_id
from kit.public_graph import CallerGraph, PublicGraph
from kit.settings import ServiceSettings
from kit.tokens import TokenVerifier

log = structlog.get_logger(__name__)

MAX_BODY_BYTES: Final = 4_000_000
"""The router's requests carry representations; a client's own never come near."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
MakeContext = Callable[[Identity, Database, CallerGraph], Context]


@dataclass(slots=True)
class Surroundings:
    """What a service shares with the others when they run in one process.

    ``verifier`` is filled by whoever polls auth; ``poll`` says whether this service
    must do so itself. ``http`` reaches the public graph and auth.
    """

    verifier: TokenVerifier
    http: httpx.AsyncClient
    poll: bool = True

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Surroundings":
        """Make those of a service that runs alone."""
        return cls(
            TokenVerifier(settings.issuer, settings.audience),
            httpx.AsyncClient(timeout=5.0),
        )


class GraphQLEndpoint:
    """Answer POST /graphql: guard, identity, document, context, execution."""

    def __init__(
        self,
        engine: Engine,
        database: Database,
        verifier: TokenVerifier,
        graph: PublicGraph,
        make_context: MakeContext,
    ) -> None:
        self.engine = engine
        self.database = database
        self.verifier = verifier
        self.graph = graph
        self.make_context = make_context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever arrives, the answer is GraphQL's JSON."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        name = headers.get(b"x-request-id", b"").decode("ascii", "replace")[:64]
        token = request_id.set(name or uuid.uuid4().hex)
        try:
            answer = await self._answer(scope, headers, receive)
        except RefusedRequestError as refusal:
            answer = Answer(refusal.status, error_body(refusal.message, refusal.code))
        except UnauthenticatedError as error:
            answer = Answer(401, error_body(f"{error}.", error.code))
        except Exception:
            log.exception("graphql.unexpected")
            body = error_body(OURS, "INTERNAL", requestId=request_id.get())
            answer = Answer(500, body)
        finally:
            request_id.reset(token)
        await send_json(send, answer)

    async def _answer(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive
    ) -> Answer:
        if scope["method"] != "POST":
            raise RefusedRequestError(405, "Send GraphQL requests by POST.")
        check_media_type(
            headers.get(b"content-type", b"").decode("latin-1"),
            headers.get(b"content-encoding", b"").decode("latin-1"),
        )
        request = read_request(parse_json(await read_body(receive, MAX_BODY_BYTES)))
        token = authorization(scope["headers"])
        identity = self.verifier.identify(token)
        if not request.query:
            raise RefusedRequestError(400, "'query' is missing.")
        operation = self.engine.prepare(request.query, request.operation_name)
        if isinstance(operation, Answer):
            return operation
        if not identity.authenticated and not operation.public:
            raise UnauthenticatedError("Sign in first: no token was sent")
        graph = CallerGraph(self.graph, token)
        context = self.make_context(identity, self.database, graph)
        context.request_headers = headers
        answer = await operation.run(context, request.variables)
        if context.response_headers:
            return replace(answer, headers=tuple(context.response_headers))
        return answer


def authorization(headers: list[tuple[bytes, bytes]]) -> str | None:
    """Find the Authorization header.

    Raises:
        RefusedRequestError: 400, there are two.

    """
    found = [value for name, value in headers if name == b"authorization"]
    if len(found) > 1:
        raise RefusedRequestError(400, "There are two Authorization headers.")
    return found[0].decode("latin-1") if found else None


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read a request's body whole.

    Raises:
        RefusedRequestError: 413, it is larger than the limit, or 400, the client
            went away before its end.

    """
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= limit:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > limit:
        raise RefusedRequestError(413, f"The body is larger than {limit} bytes.")
    if message["type"] == "http.disconnect":
        raise RefusedRequestError(400, "The request ended early.")
    return body


async def send_json(send: Send, answer: Answer) -> None:
    """Send an answer as JSON."""
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (b"content-type", b"application/json; charset=utf-8"),
                (b"content-length", str(len(answer.body)).encode()),
                *answer.headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


class Service:
    """One subgraph as an ASGI app: the endpoint in front, FastAPI for the rest."""

    def __init__(self, rest: FastAPI, graphql: GraphQLEndpoint) -> None:
        self.rest = rest
        self.graphql = graphql
        self.database = graphql.database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send GraphQL to the endpoint and everything else to FastAPI."""
        if scope["type"] == "http" and scope["path"] == "/graphql":
            await self.graphql(scope, receive, send)
        else:
            await self.rest(scope, receive, send)


def create_service(
    schema: Schema,
    settings: ServiceSettings,
    make_context: MakeContext,
    *,
    surroundings: Surroundings | None = None,
    database: Database | None = None,
    routes: APIRouter | None = None,
    background: Callable[[], AbstractAsyncContextManager[None]] | None = None,
) -> Service:
    """Put a subgraph together; nothing is opened before its lifespan starts.

    ``routes`` are what GraphQL cannot carry; ``background`` makes a context that is
    open while the service runs.
    """
    around = surroundings or Surroundings.of(settings)
    store = database or Database(settings.database_url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(store)
            if around.poll:
                poller = KeyPoller(
                    around.verifier,
                    around.http,
                    settings.jwks_url,
                    settings.revocations_url,
                )
                await stack.enter_async_context(poller.running())
            if background is not None:
                await stack.enter_async_context(background())
            yield

    rest = FastAPI(
        title=f"HelpNest {settings.domain}",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    rest.include_router(health(store))
    if routes is not None:
        rest.include_router(routes)
    endpoint = GraphQLEndpoint(
        engine_for(schema, settings.execution),
        store,
        around.verifier,
        PublicGraph(around.http, settings.graph_url),
        make_context,
    )
    return Service(rest, endpoint)


def health(database: Database) -> APIRouter:
    """Make ``/health?live`` (the process runs) and ``/health`` (its database too)."""
    router = APIRouter()

    @router.get("/health")
    async def look(response: Response, live: str | None = None) -> dict[str, str]:
        if live is not None or await reachable(database):
            return {"status": "UP"}
        response.status_code = 503
        return {"status": "DOWN", "reason": "the database does not answer"}

    return router
