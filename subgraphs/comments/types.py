"""What the graph sees of comments."""

from typing import Self

import strawberry
from asyncpg import Record

from kit.ids import is_id
from kit.types import Node
from subgraphs.comments.context import Info
from subgraphs.comments.policy import can_read


@strawberry.federation.type(
    keys=["id"],
    description="What comments are. Requires: comments:read.",
)
class Comment(Node):
    name: str = strawberry.field(description="Its name, 1 to 200 characters.")

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row that has the table's columns."""
        return cls(id=row["id"], name=row["name"])

    @classmethod
    async def resolve_reference(cls, info: Info, id: object) -> Self | None:
        """Find one that another subgraph names, if the caller may see it."""
        if not isinstance(id, str) or not is_id(id, "cmt"):
            return None
        if not can_read(info.context.identity):
            return None
        row = await info.context.loaders.comment_by_id.load(id)
        return cls.from_row(row) if row else None
