"""``helpnest up``: databases, migrations, then everything in one process or apart."""

import asyncio
import socket
from collections.abc import Mapping
from contextlib import ExitStack, closing

from rich.console import Console

from helpnest.databases import databases, kept_running, migrate
from helpnest.postgres import EmbeddedPostgres
from helpnest.progress import Steps, steps
from helpnest.serve import listen, run, serve
from helpnest.settings import StackSettings
from helpnest.supergraph import read_subgraphs
from kit.logs import configure_logs


def settings_for(host: str | None, port: int | None) -> StackSettings:
    """Read the environment, then the flags."""
    domains = [each.name for each in read_subgraphs()]
    return StackSettings.from_environment(domains).with_flags(host, port)


def up_in_one(console: Console, host: str | None, port: int | None) -> None:
    """Run everything in this process until a signal stops it.

    Raises:
        CannotStartError: what stands in the way.

    """
    settings = settings_for(host, port)
    configure_logs("text")
    with ExitStack() as stack:
        listener = stack.enter_context(closing(listen(settings.host, settings.port)))
        settings = settings.with_flags(None, listener.getsockname()[1])
        announce = stack.enter_context(steps(console))
        domains = [each.name for each in read_subgraphs()]
        urls, server = stack.enter_context(databases(domains, settings, announce))
        run(_one(console, settings, urls, server, listener, announce))
        announce.end(done=False)
        console.print("Stopped.")


async def _one(
    console: Console,
    settings: StackSettings,
    urls: Mapping[str, str],
    server: EmbeddedPostgres | None,
    listener: socket.socket,
    announce: Steps,
) -> None:
    await migrate(urls, announce)
    announce("Starting the subgraphs and the router")
    from helpnest.stack import running_stack  # noqa: PLC0415 - slow to load

    def ready() -> None:
        announce.end(done=True)
        tell_ready(console, settings)

    async with kept_running(server), running_stack(urls, settings) as stack:
        await serve(stack.app, listener, ready)
        announce("Stopping")


def tell_ready(console: Console, settings: StackSettings) -> None:
    """Say where it answers."""
    console.print(
        f"[bold green]HelpNest is ready[/] on {settings.url} "
        f"(GraphQL: {settings.url}/graphql). Ctrl-C stops it."
    )


def migrate_all(console: Console) -> None:
    """Bring every database to its newest revision, then leave.

    Raises:
        CannotStartError: what stands in the way.

    """
    settings = settings_for(None, None)
    domains = [each.name for each in read_subgraphs()]
    with (
        steps(console) as announce,
        databases(domains, settings, announce) as (urls, _),
    ):
        asyncio.run(migrate(urls, announce))
    console.print(f"Migrated {', '.join(domains)}.")
