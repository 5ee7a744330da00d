"""What users says of somebody: active or not, and what they may do.

Auth keeps no copy of roles: it asks the public graph, as any client would, with a
token it signs for itself that can read users and permissions and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from kit.errors import UnavailableError
from kit.identity import SCOPED
from kit.public_graph import GraphUnavailableError
from subgraphs.auth.service.authority import Authority

log = structlog.get_logger(__name__)

OURSELVES: Final = "auth"
OUR_SCOPES: Final = ("users:read", "permissions:read")
MOST_AT_ONCE: Final = 40  # a person costs 21, and the router takes 1,000 in all

_PERSON: Final = "id email active permissions roles { scope role { key permissions } }"
ONE: Final = f"query AuthUser($id: ID!) {{ user(id: $id) {{ {_PERSON} }} }}"
MANY: Final = (
    "query AuthUsers($ids: [ID!]!, $first: Int!) { "
    f"users(filter: {{id: {{in: $ids}}}}, first: $first) {{ nodes {{ {_PERSON} }} }} }}"
)
ERASED: Final = (
    "query AuthErased($since: String!, $after: String) { "
    "users(filter: {erasedAt: {gte: $since}}, first: 100, after: $after) { "
    "nodes { id } pageInfo { hasNextPage endCursor } } }"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A user's standing at this moment.

    ``roles`` are those held everywhere, and `SCOPED` where others are held in a place.
    """

    email: str
    active: bool
    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    anywhere: frozenset[str] = frozenset()
    """All they may do, in whatever department or group."""


async def standing_of(authority: Authority, user_id: str) -> Standing | None:
    """Ask for one user; None is nobody.

    Raises:
        UnavailableError: users does not answer, so nobody can say.

    """
    try:
        data = await _ask(authority, ONE, {"id": user_id})
    except UnavailableError as error:
        log.warning("auth.users_unavailable", reason=str(error.__cause__))
        raise
    return read_standing(data["user"]) if data.get("user") else None


async def standings_of(
    authority: Authority, user_ids: Sequence[str]
) -> dict[str, Standing]:
    """Ask for up to `MOST_AT_ONCE` users; who is missing is nobody.

    Raises:
        UnavailableError: users does not answer.

    """
    data = await _ask(authority, MANY, {"ids": list(user_ids), "first": MOST_AT_ONCE})
    found = data.get("users")
    if not isinstance(found, dict):
        raise UnavailableError("Users cannot be asked at this moment.")
    return {node["id"]: read_standing(node) for node in found["nodes"]}


async def erased_since(
    authority: Authority, since: datetime, after: str | None
) -> tuple[list[str], str | None]:
    """Name people who were erased since an instant, and where the next page begins.

    Raises:
        UnavailableError: users does not answer.

    """
    given = {"since": since.isoformat(), "after": after}
    page = (await _ask(authority, ERASED, given)).get("users")
    if not isinstance(page, dict):
        raise UnavailableError("Users cannot be asked at this moment.")
    info = page["pageInfo"]
    ids = [node["id"] for node in page["nodes"]]
    return ids, info["endCursor"] if info["hasNextPage"] else None


async def _ask(
    authority: Authority, query: str, variables: dict[str, Any]
) -> dict[str, Any]:
    token = await authority.issue(OURSELVES, OUR_SCOPES)
    try:
        return await authority.graph.ask(query, variables, f"Bearer {token.text}")
    except GraphUnavailableError as error:
        raise UnavailableError(
            "Your rights cannot be looked up at this moment; try again soon."
        ) from error


def read_standing(node: dict[str, Any]) -> Standing:
    """Read a user off the graph.

    Raises:
        UnavailableError: the part that says what they may do is missing.

    """
    if node.get("permissions") is None or node.get("roles") is None:
        raise UnavailableError("Your rights cannot be looked up at this moment.")
    everywhere: set[str] = set(node["permissions"])
    in_places = [held["role"].get("permissions", ()) for held in node["roles"]]
    return Standing(
        email=node["email"],
        active=bool(node["active"]),
        scopes=tuple(sorted(everywhere)),
        anywhere=frozenset(everywhere.union(*in_places)),
        roles=tuple(
            sorted(
                {
                    held["role"]["key"] if held["scope"] == "GLOBAL" else SCOPED
                    for held in node["roles"]
                }
            )
        ),
    )
