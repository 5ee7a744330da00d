"""A router over two subgraphs written by hand, and a client for it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from kit.tokens import TokenVerifier
from router.app import create_app
from router.app.application import Application
from router.app.asgi import AsgiApp, Receive, Scope, Send
from router.settings import read_settings
from router.telemetry.observer import Observer

Json = dict[str, Any]

HEAD = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
{ query: Query mutation: Mutation }
enum join__Graph {
  TICKETS @join__graph(name: "tickets", url: "http://tickets.invalid/graphql")
  USERS @join__graph(name: "users", url: "http://users.invalid/graphql")
}
"""
SDL = (
    HEAD
    + """
type Query @join__type(graph: TICKETS) @join__type(graph: USERS) {
  ticket(id: ID!): Ticket @join__field(graph: TICKETS)
  tickets(first: Int = 2): [Ticket!]! @join__field(graph: TICKETS)
  viewer: User @join__field(graph: USERS) @authenticated
}
type Mutation @join__type(graph: TICKETS) {
  close(id: ID!): Ticket @join__field(graph: TICKETS)
}
type Ticket @join__type(graph: TICKETS) {
  id: ID!
  title: String!
  notes: [String!]! @requiresScopes(scopes: [["notes:read"]])
  assignee: User
}
type User @join__type(graph: TICKETS, key: "id") @join__type(graph: USERS, key: "id") {
  id: ID!
  name: String! @join__field(graph: USERS)
  email: String @join__field(graph: USERS) @requiresScopes(scopes: [["users:read"]])
}
"""
)

TICKETS = [
    {"id": "1", "title": "Printer", "notes": ["n"], "assignee": {"id": "u1"}},
    {"id": "2", "title": "Screen", "notes": [], "assignee": {"id": "u2"}},
]


@dataclass
class Subgraph:
    """Answers any operation from fixed data; counts, and does as it is told."""

    data: Json
    asked: list[Json] = field(default_factory=list[Json])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    status: int = 200
    answer: bytes | None = None
    sends: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    down: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer over ASGI."""
        request: Json = orjson.loads((await receive())["body"])
        self.asked.append(request)
        self.headers.append({k.decode(): v.decode() for k, v in scope["headers"]})
        await asyncio.sleep(0.005)  # as anything that does some work
        if self.down:
            raise ConnectionRefusedError
        shown: list[Json] = request["variables"].get("r0") or []
        entities = {"_entities": [self.data["entities"].get(e["id"]) for e in shown]}
        data = entities if shown else self.data["roots"]
        body = self.answer if self.answer is not None else orjson.dumps({"data": data})
        start = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": self.sends})
        await send({"type": "http.response.body", "body": body})


def subgraphs() -> dict[str, Subgraph]:
    """Make the two, fresh."""
    people = {
        f"u{n}": {"__typename": "User", "id": f"u{n}", "name": name, "email": f"{n}@x"}
        for n, name in ((1, "Ada"), (2, "Ben"))
    }
    tickets = {
        "tickets": TICKETS,
        "ticket": TICKETS[0],
        "close": {**TICKETS[0], "title": "Closed"},
    }
    return {
        "tickets": Subgraph({"roots": tickets, "entities": {}}),
        "users": Subgraph({"roots": {"viewer": people["u1"]}, "entities": people}),
    }


@dataclass
class Client:
    """The router as a client has it."""

    app: Application
    http: httpx.AsyncClient
    subgraphs: dict[str, Subgraph]

    async def post(
        self, body: Json | list[Any] | bytes, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a body as JSON; bytes go as they are."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        sent = {"content-type": "application/json", **(headers or {})}
        return await self.http.post("/graphql", content=raw, headers=sent)

    async def ask(self, query: str, headers: Mapping[str, str] | None = None) -> Json:
        """Ask, and give the answer's JSON."""
        found: Json = (await self.post({"query": query}, headers)).json()
        return found


@asynccontextmanager
async def running_router(
    yaml: str = "",
    *,
    verifier: TokenVerifier | None = None,
    mounts: Mapping[str, AsgiApp] | None = None,
    observer: Observer | None = None,
) -> AsyncGenerator[Client]:
    """Run a router with these settings over two fresh subgraphs."""
    fakes = subgraphs()
    app = create_app(
        read_settings(yaml, {}),
        SDL,
        transports=fakes,
        mounts=mounts,
        verifier=verifier,
        observer=observer,
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        yield Client(app, http, fakes)
