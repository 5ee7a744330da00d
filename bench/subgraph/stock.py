"""Stock: Strawberry as its documentation shows it, with a SQLAlchemy session.

FastAPI's ``GraphQLRouter``, graphql-core's executor, one ORM session per request,
and a loader for references. No token and no rights are checked.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import strawberry
from fastapi import Depends, FastAPI
from sqlalchemy import make_url, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from strawberry.dataloader import DataLoader
from strawberry.fastapi import GraphQLRouter
from strawberry.schema.config import StrawberryConfig

from kit.scalars import SCALARS
from subgraphs.tickets.models import Impact, Priority, TicketRow, TicketType, Urgency
from subgraphs.tickets.types import enums

assert enums  # noqa: S101 - importing it made the models' enums graph types


@strawberry.federation.type(keys=["id"])
class User:
    """Another domain's entity."""

    id: strawberry.ID


@strawberry.federation.type(keys=["id"])
class Ticket:
    """A ticket, made of its ORM row."""

    id: strawberry.ID
    number: str
    title: str
    type: TicketType
    impact: Impact
    urgency: Urgency
    priority: Priority
    opened_at: datetime
    updated_at: datetime
    version: int
    row: strawberry.Private[TicketRow]

    @strawberry.field
    def assignee(self) -> User | None:
        """Link to the person who works on it."""
        key = self.row.assignee_id
        return User(id=strawberry.ID(key)) if key else None

    @classmethod
    def from_row(cls, row: TicketRow) -> "Ticket":
        """Make one of a row."""
        return cls(
            id=strawberry.ID(row.id),
            number=row.number,
            title=row.title,
            type=row.type,
            impact=row.impact,
            urgency=row.urgency,
            priority=row.priority,
            opened_at=row.opened_at,
            updated_at=row.updated_at,
            version=row.version,
            row=row,
        )

    @classmethod
    async def resolve_reference(
        cls,
        info: strawberry.Info,
        id: strawberry.ID,  # noqa: A002 - the key's own name
    ) -> "Ticket | None":
        """Find one by its key, batched."""
        row = await info.context["tickets"].load(id)
        return cls.from_row(row) if row else None


@strawberry.type
class Tickets:
    """A page of tickets."""

    nodes: list[Ticket]


@strawberry.type
class Query:
    """Where a caller enters."""

    @strawberry.field
    async def ticket(
        self,
        info: strawberry.Info,
        id: strawberry.ID,  # noqa: A002 - as above
    ) -> Ticket | None:
        """Find one ticket."""
        row = await info.context["session"].get(TicketRow, id)
        return Ticket.from_row(row) if row else None

    @strawberry.field
    async def tickets(self, info: strawberry.Info, first: int) -> Tickets:
        """List the newest."""
        newest = select(TicketRow).order_by(
            TicketRow.opened_at.desc(), TicketRow.id.desc()
        )
        rows = await info.context["session"].scalars(newest.limit(first))
        return Tickets(nodes=[Ticket.from_row(row) for row in rows])


def create_app(url: str) -> FastAPI:
    """Put the app together."""
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"), pool_size=8
    )
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def session() -> AsyncGenerator[AsyncSession]:
        async with sessions() as opened:
            yield opened

    async def context(opened: AsyncSession = Depends(session)) -> dict[str, Any]:  # noqa: B008 - FastAPI's way
        async def load(keys: list[str]) -> list[TicketRow | None]:
            rows = await opened.scalars(select(TicketRow).where(TicketRow.id.in_(keys)))
            found = {row.id: row for row in rows}
            return [found.get(key) for key in keys]

        return {"session": opened, "tickets": DataLoader(load)}

    config = StrawberryConfig(scalar_map=SCALARS)
    schema = strawberry.federation.Schema(Query, config=config)
    router: Any = GraphQLRouter(schema, context_getter=context)
    app = FastAPI()
    app.include_router(router, prefix="/graphql")
    return app
