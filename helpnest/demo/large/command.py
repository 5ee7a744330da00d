"""``helpnest demo --size large``: the company grown, with HelpNest not running."""

import asyncio
from dataclasses import replace

import httpx
from rich.console import Console

from helpnest.databases import databases, migrate
from helpnest.demo.credentials import kept
from helpnest.demo.graph import DemoError, Graph
from helpnest.demo.large.lives import TICKETS
from helpnest.demo.large.move_in import grow
from helpnest.demo.large.organisation import organise
from helpnest.errors import CannotStartError
from helpnest.kept_secrets import kept_secrets
from helpnest.progress import steps
from helpnest.settings import StackSettings
from helpnest.stack import running_stack
from helpnest.supergraph import domains
from kit.settings import environment

PATIENCE = 60.0


def enlarge(console: Console, settings: StackSettings, tickets: int = TICKETS) -> None:
    """Grow the demo company to 5,000 people, 60 groups and 200,000 tickets.

    Raises:
        CannotStartError: the small company has not moved in, HelpNest runs, or the
            company is large already.

    """
    known = kept(settings.home)
    if known is None or not known.complete:
        raise CannotStartError(
            "The demo company has not moved in: start HelpNest once with `make up` on "
            "empty databases, then stop it."
        )
    if known.large:
        raise CannotStartError("The demo company is large already.")
    company = organise()
    with (
        steps(console) as announce,
        databases(domains(), settings, announce) as (urls, _),
    ):
        settings = replace(settings, secrets=kept_secrets(settings.home, environment()))

        async def work() -> None:
            await migrate(urls, announce)
            announce("Starting the subgraphs and the router")
            async with running_stack(urls, settings) as running:
                inside = httpx.ASGITransport(running.app)
                async with httpx.AsyncClient(
                    base_url=settings.url, transport=inside, timeout=PATIENCE
                ) as http:
                    await grow(
                        Graph(http),
                        known,
                        company,
                        announce,
                        urls=urls,
                        count=tickets,
                    )

        try:
            asyncio.run(work())
        except* DemoError as group:
            raise CannotStartError(str(group.exceptions[0])) from group
        except* CannotStartError as group:
            raise CannotStartError(str(group.exceptions[0])) from group
    known.large = True
    known.keep(settings.home)
    console.print(
        f"{len(company.people):,} people, {len(company.teams)} groups and "
        f"{tickets:,} tickets moved in. `make up` starts HelpNest."
    )
