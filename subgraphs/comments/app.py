"""Run the comments subgraph."""

from kit.app import Service, Surroundings, create_service
from kit.settings import ServiceSettings
from subgraphs.comments.context import Context
from subgraphs.comments.schema import schema


def create_app(
    settings: ServiceSettings, *, surroundings: Surroundings | None = None
) -> Service:
    """Put the service together; nothing is opened before its lifespan starts."""
    return create_service(schema, settings, Context, surroundings=surroundings)
