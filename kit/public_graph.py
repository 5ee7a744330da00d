"""Ask the public graph, as a domain does that needs to know what another one owns.

Domains meet over GraphQL and nowhere else: a ticket asks for its requester's
department the way any client would, with the caller's own token.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import httpx

from kit.logs import request_id

ASK_SECONDS: Final = 3.0

LOST: Final = frozenset(
    {
        "SUBGRAPH_UNAVAILABLE",
        "SUBREQUEST_HTTP_ERROR",
        "SUBREQUEST_MALFORMED_RESPONSE",
        "DOWNSTREAM_SERVICE_ERROR",
        "INTERNAL",
    }
)
"""Codes of an error that says nothing of what was asked for."""

TOLD: Final = frozenset({"SUBREQUEST_MALFORMED_RESPONSE"})
"""Of these, what the router says as well of a null where none may be: who asks for
objects taken at their word learns by it that one is not there."""


class GraphUnavailableError(Exception):
    """The graph, or the part of it that was asked, does not answer just now."""


@dataclass(slots=True)
class PublicGraph:
    """The router's endpoint, reached over HTTP or in the same process."""

    http: httpx.AsyncClient
    url: str

    async def ask(
        self, query: str, variables: Mapping[str, Any], authorization: str | None
    ) -> dict[str, Any]:
        """Run a query and return its data, which may have nulls where rights end.

        Raises:
            GraphUnavailableError: no answer in time, or one without data.

        """
        found, lost = await self._ask(query, variables, authorization, LOST)
        if lost and all(value is None for value in found.values()):
            raise GraphUnavailableError("the domain asked does not answer")
        return found

    async def ask_in_part(
        self, query: str, variables: Mapping[str, Any], authorization: str | None
    ) -> tuple[dict[str, Any], bool]:
        """Run a query; say also whether a domain did not answer, of what is null.

        Raises:
            GraphUnavailableError: no answer in time, or one without data.

        """
        return await self._ask(query, variables, authorization, LOST - TOLD)

    async def _ask(
        self,
        query: str,
        variables: Mapping[str, Any],
        authorization: str | None,
        lost: frozenset[str],
    ) -> tuple[dict[str, Any], bool]:
        body = await self.send(query, variables, authorization)
        data = body.get("data")
        if data is None and refused(body):
            return {}, False  # a right that is missing took all there was
        if not isinstance(data, dict):
            raise GraphUnavailableError("no data")
        return cast("dict[str, Any]", data), not lost.isdisjoint(codes_of(body))

    async def send(
        self, query: str, variables: Mapping[str, Any], authorization: str | None
    ) -> dict[str, Any]:
        """Run a query and give the whole answer, errors included.

        Raises:
            GraphUnavailableError: no answer in time, or one that is no object.

        """
        headers = {"x-request-id": request_id.get() or "", "accept": "application/json"}
        if authorization:
            headers["authorization"] = authorization
        try:
            async with asyncio.timeout(ASK_SECONDS):
                answer = await self.http.post(
                    self.url,
                    json={"query": query, "variables": dict(variables)},
                    headers=headers,
                )
            body: object = answer.json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise GraphUnavailableError(str(error) or type(error).__name__) from error
        if not isinstance(body, dict):
            raise GraphUnavailableError(f"status {answer.status_code}, no object")
        return cast("dict[str, Any]", body)


def refused(body: object) -> bool:
    """Say whether an answer's errors tell of rights that are missing, and no more."""
    codes = codes_of(body)
    return bool(codes) and codes <= {"FORBIDDEN", "UNAUTHORIZED_FIELD_OR_TYPE"}


def codes_of(body: object) -> set[str]:
    """Gather the codes of an answer's errors."""
    told = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    errors: Any = told.get("errors")
    return {
        str((error.get("extensions") or {}).get("code"))
        for error in (errors if isinstance(errors, list) else ())
        if isinstance(error, dict)
    }


@dataclass(slots=True)
class CallerGraph:
    """The public graph as one caller may see it."""

    graph: PublicGraph
    authorization: str | None

    async def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Run a query with the caller's own token.

        Raises:
            GraphUnavailableError: no answer in time, or one without data.

        """
        return await self.graph.ask(query, variables, self.authorization)

    async def ask_in_part(
        self, query: str, variables: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        """Run a query so; say also whether a domain did not answer, of what is null.

        Raises:
            GraphUnavailableError: no answer in time, or one without data.

        """
        return await self.graph.ask_in_part(query, variables, self.authorization)
