"""The whole stack in one process over ASGI, with a real PostgreSQL, for tests."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from helpnest.lifespan import AsgiApp, Message, Receive, Send
from helpnest.settings import StackSettings
from helpnest.stack import Stack, running_stack
from helpnest.supergraph import domains
from kit import public_graph
from kit.logs import request_id
from kit.tokens import KeySet, TokenVerifier
from tests.support.asking import Asking
from tests.support.tokens import AUDIENCE, ISSUER, jwks, key_set

SECRET = "only the router and its subgraphs know this"


@dataclass
class Graph(Asking):
    """The public graph as a client has it, and counters behind it.

    ``requests`` counts those the router sent, by subgraph; ``statements`` is the SQL
    that each subgraph sent, in order.
    """

    http: httpx.AsyncClient
    stack: Stack
    requests: dict[str, int] = field(default_factory=dict[str, int])
    statements: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    @contextmanager
    def counted(self, only: str | None = None) -> Generator[None]:
        """Count requests to subgraphs and their statements anew inside the block.

        With ``only``, those alone that one request brought about, by its id: not
        what services do by themselves meanwhile.
        """

        def counts(current: str | None) -> bool:
            return only is None or current == only

        self.requests = dict.fromkeys(self.stack.services, 0)
        self.statements = {name: [] for name in self.stack.services}

        def counting(name: str, endpoint: AsgiApp) -> AsgiApp:
            async def count(scope: Message, receive: Receive, send: Send) -> None:
                its = dict(scope["headers"]).get(b"x-request-id", b"").decode()
                self.requests[name] += counts(its)
                await endpoint(scope, receive, send)

            return count

        def observing(sent: list[str]) -> Callable[[str], None]:
            return lambda sql: sent.append(sql) if counts(request_id.get()) else None

        for name, service in self.stack.services.items():
            service.database.observe = observing(self.statements[name])
        with ExitStack() as replaced:
            for name in self.stack.services:
                replaced.enter_context(self.replaced(name, counting))
            yield
        for service in self.stack.services.values():
            service.database.observe = None

    @contextmanager
    def without(self, name: str) -> Generator[None]:
        """Take a subgraph down inside the block."""

        def down(_: str, __: AsgiApp) -> AsgiApp:
            async def refuse(_: Message, __: Receive, ___: Send) -> None:
                raise ConnectionRefusedError

            return refuse

        with self.replaced(name, down):
            yield

    @contextmanager
    def replaced(
        self, name: str, by: Callable[[str, AsgiApp], AsgiApp]
    ) -> Generator[None]:
        """Put something in place of a subgraph's endpoint inside the block."""
        service: Any = self.stack.services[name]
        endpoint = service.graphql
        service.graphql = by(name, endpoint)
        try:
            yield
        finally:
            service.graphql = endpoint


PATIENT = {"HELPNEST_SUBGRAPH_TIMEOUT": "25s", "HELPNEST_REQUEST_TIMEOUT": "28s"}
"""However busy the machine is; who tests time-outs sets their own."""


@asynccontextmanager
async def running_graph(
    database_url: Callable[[str], str],
    *,
    trust: TokenVerifier | None,
    proven: bool = False,
    follows: bool = False,
) -> AsyncGenerator[Graph]:
    """Run every subgraph and the router on migrated databases.

    ``trust`` knows the tests' signing key too; with None, only tokens that auth
    issued are worth anything. ``proven`` lets the router alone ask subgraphs, with
    `SECRET`; so it is without ``trust`` too. ``follows`` lets services do what
    they do in their own name: statements and requests then come by themselves.
    """
    urls = {domain: database_url(domain) for domain in domains()}
    secrets = {"HELPNEST_AUTH_KEY_SECRET": "only for the tests", **PATIENT}
    if trust is None or proven:
        secrets["HELPNEST_ROUTER_SECRET"] = SECRET
    if follows:
        secrets["HELPNEST_SERVICE_SECRET"] = "what services prove to be ours by"
    settings = StackSettings(secrets=secrets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(public_graph, "ASK_SECONDS", 25.0)
        async with running_stack(urls, settings, verifier=trust) as stack:
            transport = httpx.ASGITransport(stack.app)
            async with httpx.AsyncClient(
                transport=transport, base_url=settings.url, timeout=30.0
            ) as http:
                yield Graph(http, stack)


class KeysOfBoth(KeySet):
    """Auth's keys as they come, and always the tests' own."""

    def replace(self, document: object) -> None:
        """Take auth's keys in place of those known, but for the tests'."""
        KeySet.replace(self, document)
        self.keys.update(key_set().keys)


def trusting_verifier() -> TokenVerifier:
    """Believe what the tests sign, and what auth does."""
    keys = KeysOfBoth()
    keys.replace(jwks())
    return TokenVerifier(ISSUER, AUDIENCE, keys=keys)
