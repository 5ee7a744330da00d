"""The applications: each subgraph by its own factory, and the router."""

import importlib
from collections.abc import Mapping
from typing import Any

from helpnest.errors import CannotStartError
from helpnest.lifespan import AsgiApp
from helpnest.supergraph import ROOT, SUPERGRAPH, read_supergraph_sdl
from kit.app import Service, Surroundings
from kit.garbage import settle
from kit.settings import ServiceSettings
from kit.tokens import TokenVerifier

ROUTER_YAML = ROOT / "router" / "router.yaml"


def create_service(
    domain: str, settings: ServiceSettings, around: Surroundings | None = None
) -> Service:
    """Make ``domain``'s application with its own factory."""
    module: Any = importlib.import_module(f"subgraphs.{domain}.app")
    service: Service = module.create_app(settings, surroundings=around)
    return service


def create_router(
    env: Mapping[str, str],
    transports: Mapping[str, AsgiApp | str],
    mounts: Mapping[str, AsgiApp],
    verifier: TokenVerifier | None = None,
) -> AsgiApp:
    """Make the router for the composed supergraph.

    Raises:
        CannotStartError: its settings or the supergraph cannot be used.

    """
    # A subgraph's process does without the router's code.
    from helpnest.console import console_mounts  # noqa: PLC0415 - see above
    from router.app import create_app  # noqa: PLC0415 - see above
    from router.app.reload import Source  # noqa: PLC0415 - see above
    from router.errors import OurError  # noqa: PLC0415 - see above
    from router.settings.load import (  # noqa: PLC0415 - see above
        SettingsError,
        load_settings,
    )

    try:
        return create_app(
            load_settings(ROUTER_YAML, env),
            read_supergraph_sdl(),
            transports=transports,
            mounts={**console_mounts(), **mounts},
            verifier=verifier,
            source=Source(SUPERGRAPH, ROUTER_YAML, env),
            settle=settle,
        )
    except (SettingsError, OurError) as error:
        raise CannotStartError(f"The router cannot start: {error}") from error
