"""How a ticket was solved."""

from datetime import datetime
from typing import Self

import strawberry
from asyncpg import Record

from subgraphs.tickets.context import Info
from subgraphs.tickets.types.people import User


async def text_of(info: Info, row: Record, name: str) -> str | None:
    """Give a large column: read with the ticket, or else in one go for a list."""
    if name in row:
        return row[name]
    found = await info.context.loaders.texts_by_ticket.load(row["id"])
    return found[name] if found else None


@strawberry.type(description="How a ticket was solved.")
class Resolution:
    code: str = strawberry.field(description="What kind of solution it was.")
    resolved_by: User | None = strawberry.field(
        description="Who solved it. Null if no person did, or if the users service is "
        "unavailable."
    )
    resolved_at: datetime = strawberry.field(description="When it was solved.")
    row: strawberry.Private[Record]

    @classmethod
    def of(cls, row: Record) -> Self | None:
        if row["resolution_code"] is None:
            return None
        solver = row["resolved_by_id"]
        return cls(
            code=row["resolution_code"],
            resolved_by=None if solver is None else User(id=solver),
            resolved_at=row["resolved_at"],
            row=row,
        )

    @strawberry.field(description="What was done; null if nothing was written.")
    async def notes(self, info: Info) -> str | None:
        return await text_of(info, self.row, "resolution_notes")
