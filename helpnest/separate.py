"""``up --separate``: every part a process of its own, kept running by this one."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Iterable, Mapping

import httpx

from helpnest.databases import kept_running, migrate
from helpnest.errors import CannotStartError
from helpnest.postgres import EmbeddedPostgres
from helpnest.progress import Announce
from helpnest.serve import listen
from helpnest.settings import StackSettings, address_of
from helpnest.supergraph import addresses, port_in, read_subgraphs
from helpnest.supervisor import Child, supervised
from helpnest.surroundings import surrounding
from kit.settings import environment

STARTS_WITHIN = 60.0  # seconds
LOOK_EVERY = 0.1
AUTH = "auth"
ROUTER = "router"


def children_of(settings: StackSettings, urls: Mapping[str, str]) -> list[Child]:
    """Name the processes: each subgraph on its own port, then the router.

    ``urls`` are the domains' databases.
    """
    ports = ports_of(settings)
    auth = address_of(settings.host, ports[AUTH]) if AUTH in ports else None
    env = surrounding(settings, urls, auth)
    parent = ("--parent", str(os.getpid()), "--host", settings.host)
    return [
        Child(
            name,
            arguments=["serve", name, "--port", str(port), *parent],
            environment=own(env, name, ports),
        )
        for name, port in ports.items()
    ]


def ports_of(settings: StackSettings) -> dict[str, int]:
    """Say which port each part listens on, the router last."""
    where = addresses(read_subgraphs(), environment())
    ports = {name: port_in(url) for name, url in where.items()}
    return {**ports, ROUTER: settings.port}


def check_ports(settings: StackSettings) -> None:
    """Look now whether every port is free: a sentence, not a log full of them.

    Raises:
        CannotStartError: one is taken; what to do about it.

    """
    for name, port in ports_of(settings).items():
        try:
            listen(settings.host, port).close()
        except CannotStartError as error:
            if name == ROUTER:
                raise
            raise CannotStartError(
                f"Port {port}, where {name} would listen, cannot be had: it is taken "
                "by another program. Stop that one, or choose another address: "
                f"HELPNEST_{name.upper()}_URL=http://127.0.0.1:{port + 1000}/graphql."
            ) from error


def own(env: Mapping[str, str], name: str, domains: Iterable[str]) -> dict[str, str]:
    """Take the other domains' databases and secrets out of a part's environment."""
    hidden = {
        f"HELPNEST_{domain.upper()}_{kind}"
        for domain in domains
        for kind in ("DATABASE_URL", "KEY_SECRET")
        if domain != name
    }
    return {key: value for key, value in env.items() if key not in hidden}


async def run_separately(
    settings: StackSettings,
    urls: Mapping[str, str],
    server: EmbeddedPostgres | None,
    announce: Announce,
    ready: Callable[[], Awaitable[None]],
) -> None:
    """Keep every part running until SIGINT or SIGTERM.

    Raises:
        CannotStartError: a part does not become ready.

    """
    await migrate(urls, announce)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    children = children_of(settings, urls)
    async with kept_running(server), supervised(children):
        announce("Starting each part as a process of its own")
        await _until_healthy(
            {
                name: address_of(settings.host, port)
                for name, port in ports_of(settings).items()
            },
            stop,
        )
        if not stop.is_set():
            await ready()
        await stop.wait()
        announce("Stopping")


async def _until_healthy(addresses: Mapping[str, str], stop: asyncio.Event) -> None:
    deadline = asyncio.get_running_loop().time() + STARTS_WITHIN
    waiting = dict(addresses)
    async with httpx.AsyncClient(timeout=2.0) as client:
        while waiting and not stop.is_set():
            for name, address in list(waiting.items()):
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.get(f"{address}/health")
                    if answer.is_success:
                        del waiting[name]
            if asyncio.get_running_loop().time() > deadline:
                raise CannotStartError(
                    f"{', '.join(waiting)} did not become ready within "
                    f"{STARTS_WITHIN:.0f} seconds; what is logged above says why."
                )
            await asyncio.sleep(LOOK_EVERY)
