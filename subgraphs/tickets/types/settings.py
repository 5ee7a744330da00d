"""Statuses, categories, services and the steps of the workflow."""

from typing import Self

import strawberry
from asyncpg import Record

from kit.types import Node
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import StatusCategory, TicketType
from subgraphs.tickets.types.people import User


@strawberry.federation.type(
    keys=["id"], description="A step in a ticket's life, inside a fixed category."
)
class TicketStatus(Node):
    key: str = strawberry.field(
        description="Short name for machines, such as `on_hold`."
    )
    name: str = strawberry.field(description="Name for people.")
    category: StatusCategory = strawberry.field(description="What it means.")

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=row["id"], key=row["key"], name=row["name"], category=row["category"]
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.status_by_id.load(id)
        return cls.from_row(row) if row else None

    @strawberry.field(description="The types of ticket that may have it.")
    async def applies_to(self, info: Info) -> list[TicketType]:
        row = await info.context.loaders.status_by_id.load(self.id)
        return row["applies_to"] if row else []


@strawberry.federation.type(
    keys=["id"], description="What a ticket is about; categories form a tree."
)
class Category(Node):
    name: str = strawberry.field(description="Its name.")
    parent_id: strawberry.Private[str | None]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(id=row["id"], name=row["name"], parent_id=row["parent_id"])

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.category_by_id.load(id)
        return cls.from_row(row) if row else None

    @strawberry.field(description="The category it is part of; null at the top.")
    async def parent(self, info: Info) -> "Category | None":
        if self.parent_id is None:
            return None
        row = await info.context.loaders.category_by_id.load(self.parent_id)
        return Category.from_row(row) if row else None


@strawberry.federation.type(
    keys=["id"], description="Something the IT department runs, such as e-mail."
)
class Service(Node):
    name: str = strawberry.field(description="Its name.")
    owner: User | None = strawberry.field(
        description="Who answers for it. Null if nobody is named, or if the users "
        "service is unavailable."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=row["id"],
            name=row["name"],
            owner=row["owner_id"] and User(id=row["owner_id"]),
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.service_by_id.load(id)
        return cls.from_row(row) if row else None


@strawberry.type(description="A step that may be taken from where a ticket stands.")
class TicketTransition:
    to_status: TicketStatus = strawberry.field(description="Where it leads.")
    required_fields: list[str] = strawberry.field(
        description="Inputs of `transitionTicket` that it demands, such as "
        "`holdReason`."
    )
    blocked_by: list[str] = strawberry.field(
        description="Why it cannot be taken now, as sentences; empty when it can."
    )


@strawberry.type(description="What the viewer may do with a ticket.")
class TicketPermissions:
    can_comment: bool = strawberry.field(
        description="Reply, for all who see it. Nobody may on one that is over."
    )
    can_comment_internally: bool = strawberry.field(
        description="Read and write notes that only those who work on it see."
    )
    can_edit: bool = strawberry.field(description="Change its texts and tags.")
    can_assign: bool = strawberry.field(
        description="Give it to a group or a person, and classify it."
    )
    can_resolve: bool = strawberry.field(description="Move it to resolved.")
    can_reopen: bool = strawberry.field(description="Take it up again after its end.")
    cannot_reasons: list[str] = strawberry.field(
        description="Why not, as sentences; empty when all is allowed."
    )
