"""Run the node subgraph."""

from kit.app import Service, Surroundings, create_service
from kit.settings import ServiceSettings
from subgraphs.node.context import Context
from subgraphs.node.schema import schema


def create_app(
    settings: ServiceSettings, *, surroundings: Surroundings | None = None
) -> Service:
    """Put the service together; nothing is opened before its lifespan starts."""
    return create_service(schema, settings, Context, surroundings=surroundings)
