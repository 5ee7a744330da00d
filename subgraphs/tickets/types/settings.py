"""Statuses, categories, services and the steps of the workflow."""

from typing import Self

import strawberry
from asyncpg import Record

from kit.types import Node
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import StatusCategory, TicketType
from subgraphs.tickets.types.people import Group, User


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

    @strawberry.field(
        description="It is out of use: no step leads to it any more. Tickets that "
        "stand in it stay until they are moved."
    )
    async def retired(self, info: Info) -> bool:
        row = await info.context.loaders.status_by_id.load(self.id)
        return row is not None and row["retired_at"] is not None

    @strawberry.field(description="The types of ticket that may have it.")
    async def applies_to(self, info: Info) -> list[TicketType]:
        row = await info.context.loaders.status_by_id.load(self.id)
        return row["applies_to"] if row else []


@strawberry.federation.type(
    keys=["id"], description="What a ticket is about; categories form a tree."
)
class Category(Node):
    name: str = strawberry.field(description="Its name.")
    default_group: Group | None = strawberry.field(
        description="The group that gets what is opened in it without a group. Null: "
        "that of the category it is part of, or none."
    )
    retired: bool = strawberry.field(
        description="It is out of use: no ticket gets it any more."
    )
    parent_id: strawberry.Private[str | None]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        group = row["default_group_id"]
        return cls(
            id=row["id"],
            name=row["name"],
            default_group=None if group is None else Group(id=group),
            retired=row["retired_at"] is not None,
            parent_id=row["parent_id"],
        )

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
    retired: bool = strawberry.field(
        description="It is out of use: no ticket gets it any more."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=row["id"],
            name=row["name"],
            owner=row["owner_id"] and User(id=row["owner_id"]),
            retired=row["retired_at"] is not None,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.service_by_id.load(id)
        return cls.from_row(row) if row else None
