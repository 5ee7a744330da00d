"""One part of the stack as a process of its own: a subgraph, or the router."""

import os
import signal
import threading
import time
from collections.abc import Mapping

from rich.console import Console

from helpnest.errors import CannotStartError
from helpnest.lifespan import lifespan
from helpnest.passage import Passage
from helpnest.serve import DRAIN_SECONDS, listen, run, serve
from helpnest.services import create_router, create_service
from helpnest.settings import PORT, StackSettings
from helpnest.supergraph import (
    addresses,
    origin_of,
    port_in,
    read_subgraphs,
)
from helpnest.surroundings import JWKS_PATH
from kit.logs import configure_logs
from kit.settings import ServiceSettings, SettingsError, environment

ROUTER = "router"
LOOK_EVERY = 0.5  # seconds between looks at whether the parent still lives


def serve_one(
    name: str, host: str | None, port: int | None, parent: int | None
) -> None:
    """Run ``name`` until a signal, or the death of ``parent``, stops it.

    Raises:
        CannotStartError: there is no such part, or it cannot start.

    """
    env = environment()
    where = addresses(read_subgraphs(), env)
    if name != ROUTER and name not in where:
        known = ", ".join([*where, ROUTER])
        raise CannotStartError(f"There is no {name!r}; there are {known}.")
    if parent is not None:
        end_with(parent)
    configure_logs("text" if env.get("HELPNEST_LOG_FORMAT") == "text" else "json")
    usual = PORT if name == ROUTER else port_in(where[name])
    given = StackSettings.from_environment(where, {"PORT": str(usual), **env})
    settings = given.with_flags(host, port)
    run(_router(settings, where) if name == ROUTER else _subgraph(name, settings))


async def _subgraph(domain: str, settings: StackSettings) -> None:
    try:
        service = create_service(domain, ServiceSettings.from_environment(domain))
    except SettingsError as error:
        raise CannotStartError(str(error)) from error
    listener = listen(settings.host, settings.port)
    async with lifespan(service, domain):
        await serve(service, listener, lambda: _ready(domain, settings))


async def _router(settings: StackSettings, where: Mapping[str, str]) -> None:
    import httpx  # noqa: PLC0415 - slow to load

    listener = listen(settings.host, settings.port)
    env = environment()
    auth = origin_of(where["auth"])
    given = {"HELPNEST_JWKS_URL": f"{auth}{JWKS_PATH}", **env}
    async with httpx.AsyncClient(timeout=5.0) as http:
        app = create_router(given, where, {"/auth": Passage(auth, http)})
        async with lifespan(app, ROUTER):
            await serve(app, listener, lambda: _ready(ROUTER, settings))


def _ready(name: str, settings: StackSettings) -> None:
    Console(stderr=True).print(f"{name} answers on {settings.url}", highlight=False)


def end_with(parent: int) -> None:
    """End this process when ``parent`` is no longer its parent: it has died."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(DRAIN_SECONDS + 1)
        os._exit(1)

    threading.Thread(target=look, daemon=True, name="parent").start()
