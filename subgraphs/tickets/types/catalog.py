"""What can be asked for, and the fields that administrators add."""

from typing import Self

import strawberry
from asyncpg import Record

from kit.types import Node
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import TicketType
from subgraphs.tickets.types.settings import Category, Service
from subgraphs.tickets.types.words import CustomFieldKind


@strawberry.type(description="A field that an administrator added.")
class CustomFieldDefinition:
    id: strawberry.ID = strawberry.field(description="Opaque global id.")
    key: str = strawberry.field(description="Name for machines; it never changes.")
    label: str = strawberry.field(description="Name for people.")
    kind: CustomFieldKind = strawberry.field(
        description="What it holds; it never changes."
    )
    required: bool = strawberry.field(description="It must be filled.")
    options: list[str] | None = strawberry.field(
        description="What can be chosen; null where nothing is."
    )
    max_length: int | None = strawberry.field(
        description="Characters that a text may have; null: 4,000."
    )
    minimum: float | None = strawberry.field(
        description="The least a number may be; null: any."
    )
    maximum: float | None = strawberry.field(
        description="The most a number may be; null: any."
    )
    applies_to: list[TicketType] = strawberry.field(
        description="The types of ticket that have it."
    )
    retired: bool = strawberry.field(
        description="It is out of use; what tickets hold of it stays."
    )
    category_ids: strawberry.Private[list[str]]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        same = ("id", "key", "label", "kind", "required", "options", "max_length")
        return cls(
            **{name: row[name] for name in (*same, "minimum", "maximum")},
            applies_to=row["applies_to"],
            retired=row["retired_at"] is not None,
            category_ids=row["category_ids"],
        )

    @strawberry.field(
        description="The categories whose tickets have it, with all inside them; "
        "none named: all tickets."
    )
    async def categories(self, info: Info) -> list[Category]:
        load = info.context.loaders.category_by_id.load_many
        rows = await load(self.category_ids) if self.category_ids else []
        return [Category.from_row(row) for row in rows if row]


@strawberry.federation.type(
    keys=["id"], description="Something that the IT department offers."
)
class CatalogItem(Node):
    name: str = strawberry.field(description="Its name.")
    approval_required: bool = strawberry.field(
        description="Whoever asks for it needs somebody's consent."
    )
    retired: bool = strawberry.field(
        description="It is out of use: nobody asks for it any more."
    )
    service_id: strawberry.Private[str | None]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=row["id"],
            name=row["name"],
            approval_required=row["approval_required"],
            retired=row["retired_at"] is not None,
            service_id=row["service_id"],
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.catalog_item_by_id.load(id)
        return cls.from_row(row) if row else None

    @strawberry.field(description="The service it belongs to; null if none was named.")
    async def service(self, info: Info) -> Service | None:
        key = self.service_id
        row = key and await info.context.loaders.service_by_id.load(key)
        return Service.from_row(row) if row else None

    @strawberry.field(description="Its form: the fields in use, in their order.")
    async def fields(self, info: Info) -> list[CustomFieldDefinition]:
        rows = await info.context.loaders.fields_by_item.load(self.id)
        return [
            CustomFieldDefinition.from_row(row)
            for row in rows
            if row["retired_at"] is None
        ]
