"""The tickets subgraph alone, with a real database and people that a test names."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest

from kit.app import Surroundings
from kit.ids import new_id
from kit.settings import ServiceSettings
from subgraphs.tickets.app import create_app
from tests.support.execution import EXECUTION
from tests.support.subgraph import Subgraph
from tests.support.tokens import verifier

REQUESTER = ["users:read", "tickets:read", "tickets:write"]
AGENT = [*REQUESTER, "tickets:work", "tickets:read_all"]
ANALYST = ["users:read", "tickets:read", "tickets:read_all"]
MANAGER = [*AGENT, "tickets:manage"]
IMPORTER = [*AGENT, "tickets:import"]

OPEN = """
mutation Open($in: CreateTicketInput!) {
  createTicket(input: $in) {
    repeated
    userErrors { code path message }
    ticket {
      id number type title description channel impact urgency priority
      priorityOverridden holdReason tags version openedAt updatedAt reassignmentCount
      reopenCount resolvedAt closedAt
      status { key name category }
      requester { id } openedBy { id } requesterDepartment { id }
      group { id } assignee { id } category { name } service { name }
    }
  }
}
"""


@dataclass
class Directory:
    """Plays the public graph's people: whom a ticket may name."""

    departments: dict[str, str | None] = field(default_factory=dict[str, str | None])
    left: set[str] = field(default_factory=set[str])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    down: bool = False
    asked: list[str] = field(default_factory=list[str])

    def person(self, department: str | None = None) -> str:
        key = new_id("usr")
        self.departments[key] = department
        return key

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("nobody there")
        key = orjson.loads(request.content)["variables"]["id"]
        self.asked.append(key)
        if key not in self.departments:
            return httpx.Response(200, json={"data": {"user": None}})
        department = self.departments[key]
        user = {
            "id": key,
            "active": key not in self.left,
            "department": {"id": department} if department else None,
            "groups": [{"id": group} for group in self.groups.get(key, ())],
        }
        return httpx.Response(200, json={"data": {"user": user}})


@dataclass
class Desk(Subgraph):
    """The subgraph, its people, and somebody of each role."""

    people: Directory = field(default_factory=Directory)
    department: str = field(default_factory=lambda: new_id("dep"))

    def __post_init__(self) -> None:
        self.ada = self.people.person(self.department)
        self.bob = self.people.person()
        self.requester: dict[str, Any] = {"subject": self.ada, "scopes": REQUESTER}
        self.agent: dict[str, Any] = {"subject": self.bob, "scopes": AGENT}
        self.admin: dict[str, Any] = {"subject": self.bob, "scopes": MANAGER}
        self.manager: dict[str, Any] = {"subject": self.bob, "scopes": MANAGER}
        self.importer: dict[str, Any] = {
            "subject": new_id("sva"),
            "scopes": IMPORTER,
            "session": None,
        }

    async def open(
        self,
        title: str = "Printer on fire",
        *,
        by: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> dict[str, Any]:
        """Open a ticket and give it, as the mutation answers it."""
        payload = await self.mutate(
            OPEN, {"type": "INCIDENT", "title": title, **given}, by=by
        )
        assert payload["userErrors"] == [], payload
        return payload["ticket"]

    async def mutate(
        self,
        mutation: str,
        given: Mapping[str, Any],
        *,
        by: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Send one mutation and give its payload."""
        data = await self.data(mutation, {"in": given}, **(by or self.requester))
        (payload,) = data.values()
        return payload


@pytest.fixture
async def desk(database_url: Callable[[str], str]) -> AsyncGenerator[Desk]:
    people = Directory()
    settings = ServiceSettings(
        domain="tickets",
        database_url=database_url("tickets"),
        execution=EXECUTION,
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(people.answer)) as graph:
        service = create_app(
            settings, surroundings=Surroundings(verifier(), graph, poll=False)
        )
        transport = httpx.ASGITransport(service)
        async with (
            service.database,
            httpx.AsyncClient(transport=transport, base_url="http://desk") as http,
        ):
            yield Desk(service, http, people=people)
