"""The comments subgraph alone, with a real database and tickets that a test names."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest

from kit.app import Surroundings
from kit.ids import new_id
from kit.settings import ServiceSettings
from subgraphs.comments.app import create_app
from tests.support.execution import EXECUTION
from tests.support.subgraph import Subgraph
from tests.support.tokens import verifier

COMMENT = """
  id visibility source body bodyHtml version createdAt editedAt deletedAt deletionReason
  author { id } deletedBy { id } mentions { id } inReplyTo { id } ticket { id }
  versions { version body replacedBy { id } } viewerCanEdit viewerCanDelete
"""
ADD = f"""
mutation ($in: AddCommentInput!) {{
  addComment(input: $in) {{
    repeated userErrors {{ code path message }}
    commentEdge {{ cursor node {{ {COMMENT} }} }} ticket {{ id }}
  }}
}}
"""
LIST = f"""
query ($them: [_Any!]!, $visibility: CommentVisibility, $first: Int, $after: String,
       $last: Int, $before: String) {{
  _entities(representations: $them) {{
    ... on Ticket {{
      comments(visibility: $visibility, first: $first, after: $after, last: $last,
               before: $before) {{
        totalCount nodes {{ {COMMENT} }} edges {{ cursor }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
      }}
      lastPublicComment {{ body }}
    }}
  }}
}}
"""
SAYS = ["tickets:read", "tickets:write"]


@dataclass
class Tickets:
    """Plays the public graph's tickets and people, as each caller sees them.

    ``seen`` says by caller and ticket whether they reply and whether they work on it;
    the caller is told by the token's subject, which the test says in ``as_``.
    """

    seen: dict[tuple[str, str], tuple[bool, bool]] = field(
        default_factory=dict[tuple[str, str], tuple[bool, bool]]
    )
    over: set[str] = field(default_factory=set[str])
    requesters: dict[str, str] = field(default_factory=dict[str, str])
    people: dict[str, Any] = field(default_factory=dict[str, Any])
    group: str = field(default_factory=lambda: new_id("grp"))
    down: bool = False
    asked: list[str] = field(default_factory=list[str])

    def answer(self, request: httpx.Request) -> httpx.Response:
        given = orjson.loads(request.content)
        variables = given["variables"]
        self.asked.append(given["query"].split("(")[0].split()[-1])
        if self.down:
            raise httpx.ConnectError("nobody there")
        token = request.headers["authorization"].removeprefix("Bearer ")
        caller = verifier().verify(token).subject
        if "CommentMentions" in given["query"]:
            nodes = [self.people[i] for i in variables["ids"] if i in self.people]
            data: dict[str, Any] = {"users": {"nodes": nodes}}
        elif "ids" in variables:
            found = [self.ticket(caller, each) for each in variables["ids"]]
            data = {"tickets": {"nodes": [each for each in found if each]}}
        else:
            data = {"ticket": self.ticket(caller, variables["id"])}
        return httpx.Response(200, json={"data": data})

    def ticket(self, caller: str, key: str) -> dict[str, Any] | None:
        standing = self.seen.get((caller, key))
        if standing is None:
            return None
        over = key in self.over
        return {
            "id": key,
            "status": {"category": "CLOSED" if over else "NEW"},
            "requester": {"id": self.requesters.get(key, new_id("usr"))},
            "openedBy": None,
            "group": {"id": self.group},
            "requesterDepartment": None,
            "viewerPermissions": {
                "canComment": standing[0] and not over,
                "canCommentInternally": standing[1],
            },
        }

    def person(
        self, *permissions: str, active: bool = True, member: bool = False
    ) -> str:
        """Know somebody with one role that is held everywhere, in the group or not."""
        key = new_id("usr")
        role = {"permissions": list(permissions)}
        held = {"scope": "GLOBAL", "group": None, "role": role}
        groups = [{"id": self.group}] if member else []
        self.people[key] = {
            "id": key,
            "active": active,
            "groups": groups,
            "headedDepartments": [],
            "roles": [held],
        }
        return key


@dataclass
class Talk(Subgraph):
    """The subgraph, a ticket, its requester, an agent, and a stranger."""

    tickets: Tickets = field(default_factory=Tickets)

    def __post_init__(self) -> None:
        self.ticket = new_id("tkt")
        self.ada = self.tickets.person("tickets:read", "tickets:write")
        works = ("tickets:read", "tickets:work", "tickets:read_group")
        self.bob = self.tickets.person(*works, member=True)
        self.requester: dict[str, Any] = {"subject": self.ada, "scopes": SAYS}
        self.agent: dict[str, Any] = {
            "subject": self.bob,
            "scopes": [*SAYS, "tickets:work"],
        }
        self.stranger: dict[str, Any] = {"subject": new_id("usr"), "scopes": SAYS}
        self.know(self.ticket)

    def know(self, ticket: str) -> str:
        """Let the requester see a ticket, and the agent work on it."""
        self.tickets.requesters[ticket] = self.ada
        self.tickets.seen[self.ada, ticket] = (True, False)
        self.tickets.seen[self.bob, ticket] = (True, True)
        return ticket

    async def send(
        self, mutation: str, by: Mapping[str, Any], **given: Any
    ) -> dict[str, Any]:
        """Send one mutation and give its payload."""
        data = await self.data(mutation, {"in": given}, **by)
        (payload,) = data.values()
        return payload

    async def say(
        self, body: str = "Hello", *, by: Mapping[str, Any] | None = None, **given: Any
    ) -> dict[str, Any]:
        """Add a comment and give it; a public one of the requester's by default."""
        whole = {"ticketId": self.ticket, "visibility": "PUBLIC", "body": body, **given}
        payload = await self.send(ADD, by or self.requester, **whole)
        assert payload["userErrors"] == [], payload
        return payload["commentEdge"]["node"]

    async def note(self, body: str = "Between us", **given: Any) -> dict[str, Any]:
        """Add an internal note of the agent's."""
        return await self.say(body, by=self.agent, visibility="INTERNAL", **given)

    async def refused(
        self, mutation: str, by: Mapping[str, Any], **given: Any
    ) -> list[Any]:
        """Send a mutation that must change nothing; give its code and its path."""
        before = await self.everything()
        payload = await self.send(mutation, by, **given)
        (error,) = payload["userErrors"]
        assert await self.everything() == before
        return [error["code"], *(error["path"] or [])]

    async def everything(self) -> list[Any]:
        """Look into the database: every comment, and every version."""
        async with self.service.database.engine.connect() as connection:
            return [
                [tuple(row) for row in await connection.exec_driver_sql(sql)]
                for sql in (
                    "SELECT * FROM comments ORDER BY id",
                    "SELECT * FROM comment_versions ORDER BY comment_id, version",
                )
            ]

    async def heard(
        self, by: Mapping[str, Any], ticket: str | None = None, **page: Any
    ) -> dict[str, Any]:
        """Read a ticket's comments as somebody does."""
        them = [{"__typename": "Ticket", "id": ticket or self.ticket}]
        data = await self.data(LIST, {"them": them, **page}, **by)
        (found,) = data["_entities"]
        return found


@pytest.fixture
async def talk(database_url: Callable[[str], str]) -> AsyncGenerator[Talk]:
    tickets = Tickets()
    settings = ServiceSettings(
        domain="comments", database_url=database_url("comments"), execution=EXECUTION
    )
    transport = httpx.MockTransport(tickets.answer)
    async with httpx.AsyncClient(transport=transport) as graph:
        around = Surroundings(verifier(), graph, poll=False)
        service = create_app(settings, surroundings=around)
        async with (
            service.database,
            httpx.AsyncClient(
                transport=httpx.ASGITransport(service), base_url="http://comments"
            ) as http,
        ):
            yield Talk(service, http, tickets=tickets)
