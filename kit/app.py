"""Schema and loaders → a service with ``/graphql`` and ``/health``.

``/graphql`` is bare ASGI (`kit.endpoint`); FastAPI carries what GraphQL cannot
(health, keys, tokens).
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass

import httpx
from fastapi import APIRouter, FastAPI, Response

from kit.connection.heads import RawHeaders
from kit.database import Database, reachable
from kit.endpoint import GraphQLEndpoint, MakeContext, Receive, Scope, Send
from kit.engine import engine_for
from kit.graphql import Schema
from kit.keys import KeyPoller
from kit.proof import ProofVerifier
from kit.public_graph import PublicGraph
from kit.settings import ServiceSettings
from kit.short import ShortWay, short_way
from kit.tokens import TokenVerifier

PATH = "/graphql"
TARGET = PATH.encode()


@dataclass(slots=True)
class Surroundings:
    """What a service shares with the others when they run in one process.

    ``verifier`` is filled by whoever polls auth; ``poll`` says whether this service
    must do so itself. ``http`` reaches the public graph and auth; ``alone`` says that
    nobody else uses it, so that the service opens and closes it.
    """

    verifier: TokenVerifier
    http: httpx.AsyncClient
    poll: bool = True
    alone: bool = False

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Surroundings":
        """Make those of a service that runs alone."""
        return cls(
            TokenVerifier(settings.issuer, settings.audience),
            httpx.AsyncClient(timeout=5.0),
            alone=True,
        )


class Service:
    """One subgraph as an ASGI app: the endpoint in front, FastAPI for the rest."""

    def __init__(self, rest: FastAPI, graphql: GraphQLEndpoint) -> None:
        self.rest = rest
        self.graphql = graphql
        self.database = graphql.database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send GraphQL to the endpoint and everything else to FastAPI."""
        if scope["type"] != "lifespan" and scope["path"] == PATH:
            await self.graphql(scope, receive, send)
        else:
            await self.rest(scope, receive, send)

    def short_way(
        self, target: bytes, pairs: RawHeaders, client: tuple[str, int] | None
    ) -> ShortWay | None:
        """Say how `kit.connection` answers requests with this head, if it can."""
        del client
        return short_way(self.graphql, PATH, pairs) if target == TARGET else None

    def leave(self) -> None:
        """End what would never end by itself: the service is going to stop."""
        self.graphql.subscriptions.end()


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
            if around.alone:
                await stack.enter_async_context(around.http)
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
            endpoint.subscriptions.end()

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
    secret = settings.router_secret
    endpoint = GraphQLEndpoint(
        engine=engine_for(
            schema, settings.execution, introspection=settings.introspection
        ),
        database=store,
        verifier=around.verifier,
        graph=PublicGraph(around.http, settings.graph_url),
        make_context=make_context,
        proof=ProofVerifier(secret.encode()) if secret else None,
        log_requests=settings.log_requests,
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
