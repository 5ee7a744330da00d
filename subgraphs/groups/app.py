"""Run the groups subgraph."""

from functools import partial

from kit.app import Service, Surroundings, create_service
from kit.database import Database
from kit.outbox import Watch
from kit.settings import ServiceSettings
from subgraphs.groups.context import Context
from subgraphs.groups.events import WATCHED
from subgraphs.groups.schema import schema


def create_app(
    settings: ServiceSettings, *, surroundings: Surroundings | None = None
) -> Service:
    """Put the service together; nothing is opened before its lifespan starts."""
    database = Database(settings.database_url)
    make_context = partial(Context, watch=Watch(WATCHED, database))
    return create_service(
        schema, settings, make_context, surroundings=surroundings, database=database
    )
