"""Ask the public graph in the service's own name, as what it does by itself must.

A service proves who it is by a secret that auth knows too, and gets a token of its own
for it (RFC 6749, section 4.4): it may read the feeds and the directory, and write
nothing.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import httpx

from kit.public_graph import GraphUnavailableError, PublicGraph, codes_of
from kit.settings import ServiceSettings

PREFIX: Final = "svc_"
"""How the client id of a service begins, which nobody makes: ``svc_tickets``."""

SCOPES: Final = ("events:read", "users:read")
"""What every service may do in its own name."""

EARLY_SECONDS: Final = 30.0
"""So long before its end a token is replaced: it must last for what is under way."""


class GraphRefusedError(Exception):
    """The graph answered without data; ``codes`` say why."""

    def __init__(self, codes: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(codes)) or "no data and no error")
        self.codes = codes


@dataclass(slots=True)
class OwnGraph:
    """The public graph as one service sees it."""

    graph: PublicGraph
    token_url: str
    client_id: str
    secret: str
    _token: str | None = None
    _until: float = 0.0
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Run a query and give its data.

        Raises:
            GraphUnavailableError: the graph, or auth for a token, does not answer.
            GraphRefusedError: it answers no data.

        """
        body = await self._send(query, variables)
        if "UNAUTHENTICATED" in codes_of(body):
            self._token = None  # taken back, or signed by a key that is gone
            body = await self._send(query, variables)
        data = body.get("data")
        if not isinstance(data, dict):
            raise GraphRefusedError(frozenset(codes_of(body)))
        return cast("dict[str, Any]", data)

    async def _send(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        token = await self.token()
        return await self.graph.send(query, variables, f"Bearer {token}")

    async def token(self) -> str:
        """Give a token that lasts for a while, a new one where need be.

        Raises:
            GraphUnavailableError: auth does not answer, or does not give one.

        """
        async with self._asking:
            if self._token is None or time.monotonic() >= self._until:
                await self._fetch()
            return cast("str", self._token)

    async def _fetch(self) -> None:
        try:
            answer = await self.graph.http.post(
                self.token_url,
                data={"grant_type": "client_credentials"},
                auth=httpx.BasicAuth(self.client_id, self.secret),
            )
            given = answer.raise_for_status().json()
            self._token = str(given["access_token"])
            lasts = float(given["expires_in"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise GraphUnavailableError(f"no token: {error!r}") from error
        self._until = time.monotonic() + max(lasts - EARLY_SECONDS, 0.0)


def own_graph(settings: ServiceSettings, http: httpx.AsyncClient) -> OwnGraph | None:
    """Make it of a service's settings; None where it has no secret to prove itself."""
    if settings.service_secret is None:
        return None
    return OwnGraph(
        PublicGraph(http, settings.graph_url),
        settings.token_url,
        f"{PREFIX}{settings.domain}",
        settings.service_secret,
    )
