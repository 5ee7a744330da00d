"""Put auth together."""

import time
from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter

from kit.app import Service, Surroundings, create_service
from kit.database import Database
from kit.identity import Identity
from kit.public_graph import CallerGraph, PublicGraph
from kit.settings import ServiceSettings
from subgraphs.auth.app.published import published
from subgraphs.auth.app.token import token_endpoint
from subgraphs.auth.context import Context
from subgraphs.auth.schema import schema
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.keys import KeyRing
from subgraphs.auth.service.upkeep import Upkeep


def create_app(
    settings: ServiceSettings,
    *,
    surroundings: Surroundings | None = None,
    clock: Callable[[], float] = time.time,
) -> Service:
    """Make the service; nothing is opened before its lifespan starts.

    Auth polls nobody: where others would, it fills its verifier from its own
    database.
    """
    around = surroundings or Surroundings.of(settings)
    database = Database(settings.database_url)
    authority = Authority(
        database=database,
        verifier=around.verifier,
        graph=PublicGraph(around.http, settings.graph_url),
        ring=KeyRing(settings.key_secret),
        issuer=settings.issuer,
        audience=settings.audience,
        clock=clock,
        brings_keys=around.poll,
        service_secret=settings.service_secret,
    )

    def make_context(
        identity: Identity, database: Database, graph: CallerGraph
    ) -> Context:
        return Context(identity, database, graph, authority)

    routes = APIRouter()
    routes.include_router(published(authority))
    routes.include_router(token_endpoint(authority))
    return create_service(
        schema,
        settings,
        make_context,
        surroundings=replace(around, poll=False),
        database=database,
        routes=routes,
        background=Upkeep(authority).running,
    )
