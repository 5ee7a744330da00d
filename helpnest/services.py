"""A subgraph as an application, made by its own factory."""

import importlib
from typing import Any

from kit.app import Service, Surroundings
from kit.settings import ServiceSettings


def create_service(
    domain: str, settings: ServiceSettings, around: Surroundings | None = None
) -> Service:
    """Make ``domain``'s application with its own factory."""
    module: Any = importlib.import_module(f"subgraphs.{domain}.app")
    service: Service = module.create_app(settings, surroundings=around)
    return service
