"""Roles as the graph sees them."""

from enum import Enum
from typing import Self

import strawberry
from asyncpg import Record
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.ids import is_id
from kit.types import Node
from subgraphs.users.context import Context, Info
from subgraphs.users.policy import can_read_directory


@strawberry.enum(description="Where a role is held.")
class RoleScope(Enum):
    GLOBAL = strawberry.enum_value("GLOBAL", description="Everywhere.")
    DEPARTMENT = strawberry.enum_value(
        "DEPARTMENT", description="Within one department, and those inside it."
    )
    GROUP = strawberry.enum_value("GROUP", description="Within one assignment group.")


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)],
    description="A team that tickets go to.",
)
class Group:
    """Owned by groups; here it is only named."""

    id: strawberry.ID = strawberry.field(description="Opaque global id.")


@strawberry.federation.type(
    keys=["id"],
    description="A named set of permissions. Requires: users:read.",
)
class Role(Node):
    key: str = strawberry.field(
        description="Its name for programs, e.g. `agent`; unique."
    )
    name: str = strawberry.field(description="Its name for people.")
    permissions: list[str] = strawberry.field(
        description="What it allows, each as `domain:action`, e.g. `tickets:read`. The "
        "tokens of people who hold the role everywhere carry these as scopes."
    )
    built_in: bool = strawberry.field(
        description="It came with HelpNest and cannot be retired."
    )
    retired: bool = strawberry.field(
        description="Nobody gets it any more; those who hold it keep it."
    )
    version: int = strawberry.field(
        description="Grows by one with each change; pass it as `expectedVersion`."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row that has the columns of ``roles``."""
        return cls(
            id=row["id"],
            key=row["key"],
            name=row["name"],
            permissions=row["permissions"],
            built_in=row["built_in"],
            retired=row["retired_at"] is not None,
            version=row["version"],
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: object) -> Self | None:
        """Find a role that another subgraph names."""
        return await cls.by_id(info.context, id if isinstance(id, str) else None)

    @classmethod
    async def by_id(cls, context: Context, id: str | None) -> Self | None:
        """Find a role, if the caller may see any."""
        if id is None or not is_id(id, "rol"):
            return None
        if not can_read_directory(context.identity):
            return None
        row = await context.loaders.role_by_id.load(id)
        return cls.from_row(row) if row else None
