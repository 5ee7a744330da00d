"""The groups subgraph alone, with a real database and people that a test names."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest

from kit.app import Surroundings
from kit.ids import new_id
from kit.settings import ServiceSettings
from subgraphs.groups.app import create_app
from tests.support.execution import EXECUTION
from tests.support.subgraph import Subgraph
from tests.support.tokens import verifier

GROUP = """
  id name kind email assignmentPolicy version viewerIsMember
  parent { name } department { id } lead { id }
"""
CREATE = f"""
mutation ($in: CreateGroupInput!) {{
  createGroup(input: $in) {{ userErrors {{ code path }} group {{ {GROUP} }} }}
}}
"""


@dataclass
class Directory:
    """Plays the public graph's people and departments: those who exist."""

    people: list[str] = field(default_factory=list[str])
    departments: list[str] = field(default_factory=list[str])
    left: set[str] = field(default_factory=set[str])
    down: bool = False
    asked: int = 0

    def person(self) -> str:
        self.people.append(new_id("usr"))
        return self.people[-1]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.down:
            raise httpx.ConnectError("nobody there")
        given = orjson.loads(request.content)["variables"]
        data: dict[str, Any] = {}
        if given["people"]:
            known = [each for each in given["ids"] if each in self.people]
            nodes = [{"id": each, "active": each not in self.left} for each in known]
            data["users"] = {"nodes": nodes}
        if given["in"]:
            there = given["unit"] in self.departments
            data["department"] = {"id": given["unit"]} if there else None
        return httpx.Response(200, json={"data": data})


@dataclass
class Teams(Subgraph):
    """The subgraph, its people, and somebody who may do everything with groups."""

    directory: Directory = field(default_factory=Directory)

    def __post_init__(self) -> None:
        self.ada, self.bob, self.cem = (self.directory.person() for _ in range(3))
        self.department = new_id("dep")
        self.directory.departments.append(self.department)
        scopes = ["users:read", "groups:manage"]
        self.admin: dict[str, Any] = {"subject": self.ada, "scopes": scopes}
        self.reader: dict[str, Any] = {"subject": self.bob, "scopes": ["users:read"]}

    async def send(
        self, mutation: str, by: Mapping[str, Any] | None = None, **given: Any
    ) -> dict[str, Any]:
        """Send one mutation and give its payload."""
        data = await self.data(mutation, {"in": given}, **(by or self.admin))
        (payload,) = data.values()
        return payload

    async def make(self, name: str, **given: Any) -> str:
        """Add a group, of which a test needs only the id."""
        payload = await self.send(CREATE, name=name, kind="ASSIGNMENT", **given)
        assert payload["userErrors"] == []
        return payload["group"]["id"]

    async def refused(self, mutation: str, **given: Any) -> list[Any]:
        """Send a mutation that must change nothing; give its code and its path."""
        before = await self.everything()
        payload = await self.send(mutation, **given)
        (error,) = payload["userErrors"]
        assert await self.everything() == before
        return [error["code"], *(error["path"] or [])]

    async def everything(self) -> dict[str, Any]:
        """Read every group and member."""
        members = "members { edges { node { id } capacity skills } }"
        query = f"{{ groups {{ nodes {{ {GROUP} {members} }} }} }}"
        return await self.data(query, **self.admin)


@pytest.fixture
async def teams(database_url: Callable[[str], str]) -> AsyncGenerator[Teams]:
    directory = Directory()
    settings = ServiceSettings(
        domain="groups", database_url=database_url("groups"), execution=EXECUTION
    )
    transport = httpx.MockTransport(directory.answer)
    async with httpx.AsyncClient(transport=transport) as graph:
        around = Surroundings(verifier(), graph, poll=False)
        service = create_app(settings, surroundings=around)
        async with (
            service.database,
            httpx.AsyncClient(
                transport=httpx.ASGITransport(service), base_url="http://groups"
            ) as http,
        ):
            yield Teams(service, http, directory=directory)
