"""Every subgraph and the router in one process, without a socket between them."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from helpnest.lifespan import AsgiApp, Message, Receive, Send, lifespan
from helpnest.services import create_router, create_service
from helpnest.settings import StackSettings
from helpnest.surroundings import surrounding
from kit.app import Service, Surroundings
from kit.settings import ServiceSettings
from kit.tokens import TokenVerifier

AUTH = "auth"


@dataclass(frozen=True, slots=True)
class Stack:
    """The running stack: ``app`` answers as the router does, mounts included.

    ``services`` are the subgraphs themselves, for those who look behind the router.
    """

    app: AsgiApp
    services: Mapping[str, Service]


class Entrance:
    """The router, which the subgraphs know before it exists."""

    app: AsgiApp

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self.app(scope, receive, send)

    def leave(self) -> None:
        """End the router's streams, and with them those behind it."""
        leave: Callable[[], None] | None = getattr(self.app, "leave", None)
        if leave is not None:
            leave()


@asynccontextmanager
async def running_stack(
    urls: Mapping[str, str],
    settings: StackSettings,
    verifier: TokenVerifier | None = None,
) -> AsyncGenerator[Stack]:
    """Start every subgraph in ``urls`` (domain → migrated database) and the router.

    All of them share one ``verifier``, which auth fills with its keys and with what
    it takes back.

    Raises:
        CannotStartError: one of them did not start; which, and why.

    """
    env = surrounding(settings, urls)
    entrance = Entrance()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(entrance), timeout=5.0)
        )
        own = {d: ServiceSettings.from_environment(d, env) for d in urls}
        any_of_them = next(iter(own.values()))
        shared = verifier or TokenVerifier(any_of_them.issuer, any_of_them.audience)
        services = {
            # Auth alone brings keys to what all share, from its own database.
            domain: create_service(
                domain, own[domain], Surroundings(shared, http, poll=domain == AUTH)
            )
            for domain in urls
        }
        auth = {f"/{AUTH}": services[AUTH]} if AUTH in services else {}
        entrance.app = create_router(env, services, auth, shared)
        for domain, service in services.items():
            await stack.enter_async_context(lifespan(service, domain))
        await stack.enter_async_context(lifespan(entrance, "router"))
        yield Stack(entrance, services)
