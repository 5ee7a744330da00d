"""One subgraph alone over ASGI, with a real PostgreSQL and real tokens, for tests."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from kit.app import Service, Surroundings
from kit.settings import ServiceSettings
from tests.support.asking import Asking
from tests.support.execution import EXECUTION
from tests.support.tokens import verifier


class CreateApp(Protocol):
    """What every domain's ``app.py`` offers."""

    def __call__(
        self, settings: ServiceSettings, *, surroundings: Surroundings | None = None
    ) -> Service: ...


@dataclass
class Subgraph(Asking):
    """A running subgraph, and the statements that it sent inside `counted`."""

    service: Service
    http: httpx.AsyncClient
    statements: list[str] = field(default_factory=list[str])

    @contextmanager
    def counted(self) -> Generator[list[str]]:
        """Gather the statements sent inside the block."""
        self.statements = []
        self.service.database.observe = self.statements.append
        yield self.statements
        self.service.database.observe = None


@asynccontextmanager
async def running_subgraph(
    domain: str,
    create_app: CreateApp,
    url: Callable[[str], str],
    graph: Callable[[httpx.Request], httpx.Response] | None = None,
) -> AsyncGenerator[Subgraph]:
    """Run a subgraph on its migrated database.

    ``graph`` answers what it asks of the public graph; without it nobody does.
    """
    settings = ServiceSettings(
        domain=domain, database_url=url(domain), execution=EXECUTION
    )
    answering = httpx.MockTransport(graph) if graph is not None else None
    async with httpx.AsyncClient(transport=answering) as elsewhere:
        around = Surroundings(verifier(), elsewhere, poll=False)
        service = create_app(settings, surroundings=around)
        transport = httpx.ASGITransport(service)
        async with (
            service.database,
            httpx.AsyncClient(transport=transport, base_url="http://subgraph") as http,
        ):
            yield Subgraph(service, http)
