"""A router over two real subgraphs, one of which tells what happens to tickets."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self, cast

import strawberry

from kit.database import Database
from kit.endpoint import GraphQLEndpoint
from kit.engine import engine_for
from kit.errors import ForbiddenError
from kit.graphql import Context, Schema
from kit.proof import ProofVerifier
from kit.public_graph import PublicGraph
from kit.tokens import TokenVerifier
from router.app import create_app
from router.app.application import Application
from router.settings import read_settings
from router.telemetry.observer import Observer
from tests.support.tokens import verifier

SDL = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
{ query: Query subscription: Subscription }
enum join__Graph {
  TICKETS @join__graph(name: "tickets", url: "http://tickets.invalid/graphql")
  USERS @join__graph(name: "users", url: "http://users.invalid/graphql")
}
type Query @join__type(graph: TICKETS) @join__type(graph: USERS) {
  ticket(id: ID!): Ticket @join__field(graph: TICKETS)
}
type Subscription @join__type(graph: TICKETS) {
  ticketChanged(id: ID!): Ticket @join__field(graph: TICKETS) @authenticated
  refused: Ticket @join__field(graph: TICKETS)
  counted(to: Int!): Int! @join__field(graph: TICKETS)
}
type Ticket
  @join__type(graph: TICKETS, key: "id")
{
  id: ID!
  title: String!
  who: String!
  secret: String @requiresScopes(scopes: [["secrets:read"]])
  slow: String
  assignee: User
}
type User
  @join__type(graph: TICKETS, key: "id", resolvable: false)
  @join__type(graph: USERS, key: "id")
{
  id: ID!
  name: String @join__field(graph: USERS)
  boss: User @join__field(graph: USERS)
  must: String! @join__field(graph: USERS)
}
"""


class Happenings:
    """What happens to tickets, told to everyone who listens."""

    def __init__(self) -> None:
        self.listeners: list[asyncio.Queue[str]] = []
        self.opened = 0

    def happen(self, title: str) -> None:
        """Change every ticket's title."""
        for listener in self.listeners:
            listener.put_nowait(title)

    async def heard(self) -> AsyncGenerator[str]:
        """Listen."""
        queue = asyncio.Queue[str]()
        self.listeners.append(queue)
        self.opened += 1
        try:
            while True:
                yield await queue.get()
        finally:
            self.listeners.remove(queue)


Info = strawberry.Info[Context, None]
happenings = Happenings()


@strawberry.federation.type(keys=["id"], name="User")
class Assignee:
    id: strawberry.ID


@strawberry.federation.type(keys=["id"])
class Ticket:
    id: strawberry.ID
    title: str

    @strawberry.field
    def who(self, info: Info) -> str:
        """Say for whom this is executed."""
        return info.context.identity.subject

    @strawberry.field
    def secret(self) -> str | None:
        """Tell a secret."""
        return "it"

    @strawberry.field
    async def slow(self) -> str | None:
        """Take a while."""
        await asyncio.sleep(0.02)
        return f"slow {self.title}"

    @strawberry.field
    def assignee(self) -> Assignee | None:
        """Name the assignee."""
        return Assignee(id=strawberry.ID("u-" + self.id))

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """Find by id."""
        return cls(id=id, title=f"ticket {id}")


@strawberry.type
class TicketQuery:
    @strawberry.field
    def ticket(self, id: strawberry.ID) -> Ticket | None:
        """Find a ticket."""
        return Ticket(id=id, title=f"ticket {id}")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticket_changed(
        self,
        id: strawberry.ID,
    ) -> AsyncGenerator[Ticket | None]:
        """Tell what happens."""
        async for title in happenings.heard():
            yield Ticket(id=id, title=title)

    @strawberry.subscription
    async def refused(self) -> AsyncGenerator[Ticket | None]:
        """Tell nothing."""
        raise ForbiddenError("Not yours.")
        yield None

    @strawberry.subscription
    async def counted(self, to: int) -> AsyncGenerator[int]:
        """Count."""
        for number in range(to):
            yield number


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field
    async def name(self) -> str | None:
        """Name a person."""
        await asyncio.sleep(0.01)
        return f"name of {self.id}"

    @strawberry.field
    def boss(self) -> "User | None":
        """Find who is above."""
        return User(id=strawberry.ID("boss-" + self.id))

    @strawberry.field
    def must(self) -> str:
        """Fail, where nothing may fail."""
        raise ForbiddenError("Not yours.")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """Find by id."""
        return cls(id=id)


@strawberry.type
class UserQuery:
    @strawberry.field
    def ok(self) -> bool:
        """Say yes."""
        return True


SCHEMAS = {
    "tickets": Schema(
        query=TicketQuery, subscription=Subscription, types=[Ticket, Assignee]
    ),
    "users": Schema(query=UserQuery, types=[User]),
}


class Counted:
    """A subgraph's endpoint that notes what it is asked, and may be down.

    ``at_once`` is how many requests it has had under way, at the most.
    """

    def __init__(self, endpoint: GraphQLEndpoint) -> None:
        self.endpoint = endpoint
        self.calls = 0
        self.at_once = 0
        self.down = False
        self._under_way = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on."""
        self.calls += 1
        if self.down:
            raise ConnectionRefusedError
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        try:
            await self.endpoint(scope, receive, send)
        finally:
            self._under_way -= 1


def subgraph(name: str, trust: TokenVerifier, secret: bytes | None = None) -> Counted:
    """Make one of the two."""
    nowhere: Any = None
    return Counted(
        GraphQLEndpoint(
            engine=engine_for(SCHEMAS[name], "compiled"),
            database=cast("Database", nowhere),
            verifier=trust,
            graph=PublicGraph(nowhere, "http://nowhere"),
            make_context=Context,
            proof=ProofVerifier(secret) if secret else None,
        )
    )


@dataclass
class Following:
    """The router, its subgraphs, and what happens."""

    app: Application
    trust: TokenVerifier
    subgraphs: dict[str, Counted]
    happenings: Happenings = field(default_factory=lambda: happenings)

    async def heard(self, count: int = 1) -> None:
        """Wait until so many listen to what happens."""
        async with asyncio.timeout(10):
            while len(self.happenings.listeners) != count:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.002)


FORWARD = "headers: {all: {request: [{propagate: {named: authorization}}]}}\n"


@asynccontextmanager
async def following(
    yaml: str = "",
    *,
    secret: str | None = None,
    observer: Observer | None = None,
    **urls: str,
) -> AsyncGenerator[Following]:
    """Run a router with these settings; ``urls`` are of subgraphs served elsewhere."""
    happenings.__init__()
    trust = verifier()
    key = secret.encode() if secret else None
    subgraphs = {name: subgraph(name, trust, key) for name in SCHEMAS}
    app = create_app(
        read_settings(FORWARD + yaml, {}),
        SDL,
        transports={**subgraphs, **urls},
        verifier=trust,
        observer=observer,
    )
    try:
        yield Following(app, trust, subgraphs)
    finally:
        await app.succession.close()
