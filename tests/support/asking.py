"""How a test asks: as a client or as the router, with a real token or none."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.support.tokens import bearer


class Asking:
    """Whoever has an ``http`` that answers at ``/graphql``."""

    http: httpx.AsyncClient

    async def post(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send an operation."""
        body = {"query": query, "variables": dict(variables or {})}
        return await self.http.post("/graphql", json=body, headers=dict(headers or {}))

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, **who: Any
    ) -> dict[str, Any]:
        """Ask as somebody, with a real token; ``who`` is given as to `bearer`."""
        answer = await self.post(query, variables, bearer(**who) if who else None)
        found: dict[str, Any] = answer.json()
        return found

    async def data(
        self, query: str, variables: Mapping[str, Any] | None = None, **who: Any
    ) -> dict[str, Any]:
        """Ask as somebody, and take the data of an answer without errors."""
        answer = await self.ask(query, variables, **who)
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found
