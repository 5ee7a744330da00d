"""What every verifier asks for: the public keys, and what was taken back."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.upkeep import read_feed

LARGEST_NUMBER: Final = 2**63 - 1


def published(authority: Authority) -> APIRouter:
    """Make ``/auth/.well-known/jwks.json`` and ``/auth/revocations``."""
    router = APIRouter()

    @router.get("/auth/.well-known/jwks.json")
    async def jwks(response: Response) -> dict[str, Any]:
        if not authority.ring.keys:
            await authority.rotate()
        response.headers["cache-control"] = "public, max-age=15"
        return authority.ring.jwks()

    @router.get("/auth/revocations")
    async def revocations(
        response: Response, after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0
    ) -> dict[str, Any]:
        response.headers["cache-control"] = "no-store"
        return await read_feed(authority, after)

    return router
