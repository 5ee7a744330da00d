"""The tickets subgraph alone, with a real database and people that a test names."""

import asyncio
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
from tests.support.plans import fill, reading
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

OPEN_TO_ALL = {
    "kind": "ASSIGNMENT",
    "assignmentPolicy": "MANUAL",
    "absentAssignees": "ALLOW",
}


@dataclass
class Directory:
    """Plays the public graph's people: whom a ticket may name."""

    departments: dict[str, str | None] = field(default_factory=dict[str, str | None])
    left: set[str] = field(default_factory=set[str])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    down: bool = False
    teams: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    missing: set[str] = field(default_factory=set[str])
    away: dict[str, str] = field(default_factory=dict[str, str])
    limits: dict[str, tuple[int | None, list[str]]] = field(
        default_factory=dict[str, tuple[int | None, list[str]]]
    )
    asked: list[str] = field(default_factory=list[str])

    def person(self, department: str | None = None) -> str:
        key = new_id("usr")
        self.departments[key] = department
        return key

    def team(self, *members: str, policy: str = "ROUND_ROBIN", **more: Any) -> str:
        """Make a group; a group that no test made has everybody in it."""
        key = new_id("grp")
        self.teams[key] = {
            "kind": "ASSIGNMENT",
            "assignmentPolicy": policy,
            "absentAssignees": "WARN",
            "members": list(members),
            **more,
        }
        return key

    def about_group(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Answer what tickets ask about a group, and about people in it."""
        key = given["group"]
        team = self.teams.get(key, {**OPEN_TO_ALL, "members": list(self.departments)})
        group = None if key in self.missing else {"id": key, **team}
        if group is None:
            return {"group": None}
        if "people" not in given:
            edges = [self.edge(each) for each in team["members"]]
            end = {"hasNextPage": False, "endCursor": None}
            return {"group": {**group, "members": {"edges": edges, "pageInfo": end}}}
        known = [each for each in given["people"] if each in self.departments]
        nodes = [
            {
                **self.edge(each)["node"],
                "groups": [{"id": key}] if each in team["members"] else [],
            }
            for each in known
        ]
        return {"group": group, "users": {"nodes": nodes}}

    def colleague(self, person: str) -> dict[str, Any] | None:
        """Answer what tickets ask about somebody and all groups that tests made."""
        if person not in self.departments:
            return None
        groups = [
            {"id": key, **team}
            for key, team in self.teams.items()
            if person in team["members"]
        ]
        return {**self.edge(person)["node"], "groups": groups}

    def edge(self, person: str) -> dict[str, Any]:
        """Write a member as the graph does."""
        capacity, skills = self.limits.get(person, (None, []))
        node = {
            "id": person,
            "active": person not in self.left,
            "availability": self.away.get(person, "AVAILABLE"),
        }
        return {"capacity": capacity, "skills": skills, "node": node}

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("nobody there")
        given = orjson.loads(request.content)["variables"]
        if "group" in given:
            return httpx.Response(200, json={"data": self.about_group(given)})
        if "several" in given:
            known = [each for each in given["several"] if each in self.departments]
            nodes = [self.edge(each)["node"] for each in known]
            return httpx.Response(200, json={"data": {"users": {"nodes": nodes}}})
        if "colleague" in given:
            user = self.colleague(given["colleague"])
            return httpx.Response(200, json={"data": {"user": user}})
        key = given["id"]
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


@pytest.fixture(scope="module")
def filled(databases: Any) -> str:
    """A database of a module's own: filling it for each test would take a second."""
    url: str = databases.copy("tickets")
    asyncio.run(fill(url))
    return url


@pytest.fixture
async def database(filled: str) -> AsyncGenerator[Any]:
    """Connect to it as the service does."""
    async with reading(filled) as connection:
        yield connection
