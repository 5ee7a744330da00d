"""``helpnest up``: databases, migrations, then everything in one process or apart."""

import asyncio
from contextlib import ExitStack, closing
from dataclasses import replace

import httpx
from rich.console import Console

from helpnest.console import build_if_possible
from helpnest.databases import databases, kept_running, migrate
from helpnest.demo.command import first_start, tell_sign_ins
from helpnest.demo.credentials import kept
from helpnest.kept_secrets import kept_secrets
from helpnest.progress import steps
from helpnest.serve import listen, run, serve
from helpnest.settings import StackSettings
from helpnest.supergraph import domains
from kit.logs import configure_logs
from kit.settings import environment

CLIENT_SECONDS = 30.0


def settings_for(host: str | None, port: int | None) -> StackSettings:
    """Read the environment, then the flags."""
    return StackSettings.from_environment(domains()).with_flags(host, port)


def with_secrets(settings: StackSettings) -> StackSettings:
    """Add the secrets that are kept beside the data."""
    return replace(settings, secrets=kept_secrets(settings.home, environment()))


def up_in_one(console: Console, host: str | None, port: int | None) -> None:
    """Run everything in this process until a signal stops it.

    Raises:
        CannotStartError: what stands in the way.

    """
    settings = settings_for(host, port)
    configure_logs(settings.log_format)
    with ExitStack() as stack:
        listener = stack.enter_context(closing(listen(settings.host, settings.port)))
        settings = settings.with_flags(None, listener.getsockname()[1])
        announce = stack.enter_context(steps(console))
        if settings.graphiql:
            build_if_possible(announce, console.print)
        urls, server = stack.enter_context(databases(domains(), settings, announce))
        settings = with_secrets(settings)

        new = False

        def ready() -> None:
            announce.end(done=True)
            tell_ready(console, settings, first=new)

        async def work() -> None:
            nonlocal new
            await migrate(urls, announce)
            announce("Starting the subgraphs and the router")
            from helpnest.stack import running_stack  # noqa: PLC0415 - slow to load

            async with kept_running(server), running_stack(urls, settings) as running:
                inside = httpx.ASGITransport(running.app)
                async with client(settings, inside) as http:
                    new = await first_start(http, urls, settings, announce, console)
                await serve(running.app, listener, ready)
                announce("Stopping")

        run(work())
    console.print("Stopped.")


def up_separately(console: Console, host: str | None, port: int | None) -> None:
    """Run every part as a process of its own until a signal stops them.

    Raises:
        CannotStartError: what stands in the way.

    """
    from helpnest.separate import (  # noqa: PLC0415 - slow to load
        check_ports,
        run_separately,
    )

    settings = settings_for(host, port)
    check_ports(settings)
    configure_logs(settings.log_format)
    with (
        steps(console) as announce,
        databases(domains(), settings, announce) as (urls, server),
    ):
        if settings.graphiql:
            build_if_possible(announce, console.print)

        async def ready() -> None:
            async with client(settings) as http:
                new = await first_start(http, urls, settings, announce, console)
            announce.end(done=True)
            tell_ready(console, settings, first=new)

        run(run_separately(with_secrets(settings), urls, server, announce, ready))
    console.print("Stopped.")


def client(
    settings: StackSettings, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Make a client of the graph, over HTTP or through the transport given."""
    return httpx.AsyncClient(
        base_url=settings.url, transport=transport, timeout=CLIENT_SECONDS
    )


def tell_ready(
    console: Console, settings: StackSettings, *, first: bool = False
) -> None:
    """Say where it answers, and after the ``first`` start how to sign in."""
    known = kept(settings.home)
    if known and first:
        tell_sign_ins(console, known)
    elif known:
        console.print("[bold]make demo[/] prints how to sign in.")
    places = [f"GraphQL: {settings.url}/graphql"]
    if settings.graphiql:
        places.append(f"GraphiQL: {settings.url}/graphiql")
    console.print(
        f"[bold green]HelpNest is ready[/] on {settings.url} ({', '.join(places)}). "
        "Ctrl-C stops it."
    )


def make_first_admin(console: Console, email: str, name: str) -> None:
    """Make the first administrator of an installation without one, then leave.

    Raises:
        CannotStartError: what stands in the way.

    """
    from helpnest.first_admin import make_admin  # noqa: PLC0415 - slow to load

    settings = settings_for(None, None)
    with (
        steps(console) as announce,
        databases(domains(), settings, announce) as (urls, _),
    ):

        async def work() -> str:
            await migrate(urls, announce)
            _, password = await make_admin(urls, email, {"name": name})
            return password

        password = asyncio.run(work())
    console.print(f"  {email}  {password}", soft_wrap=True, markup=False)


def migrate_all(console: Console) -> None:
    """Bring every database to its newest revision, then leave.

    Raises:
        CannotStartError: what stands in the way.

    """
    settings = settings_for(None, None)
    with (
        steps(console) as announce,
        databases(domains(), settings, announce) as (urls, _),
    ):
        asyncio.run(migrate(urls, announce))
    console.print(f"Migrated {', '.join(domains())}.")
