"""What somebody may do, and where each right comes from."""

from typing import TYPE_CHECKING, Annotated, cast

import strawberry
from asyncpg import Record

from subgraphs.users.context import Info
from subgraphs.users.policy import can_read_permissions
from subgraphs.users.types.roles import RoleScope

if TYPE_CHECKING:
    from subgraphs.users.types.people import RoleAssignment

Held = Annotated["RoleAssignment", strawberry.lazy("subgraphs.users.types.people")]


@strawberry.type(description="One thing that somebody may do, and through which roles.")
class PermissionSource:
    permission: str = strawberry.field(
        description="What it is, as `domain:action`, e.g. `tickets:read`."
    )
    everywhere: bool = strawberry.field(
        description="A role held everywhere allows it; false: it is good in the "
        "departments and groups alone where the roles are held."
    )
    held: strawberry.Private[list[Record]]

    @strawberry.field(
        description="The roles that allow it, each with where it is held; a role held "
        "in several places is there for each."
    )
    def held_through(self) -> list[Held]:
        from subgraphs.users.types.people import RoleAssignment  # noqa: PLC0415 - people have permissions, which come from what they hold

        return [RoleAssignment.from_row(row) for row in self.held]


@strawberry.type
class UserPermissions:
    """What a person may do."""

    @strawberry.field(
        description="What their roles held everywhere allow, sorted; the scopes that "
        "their tokens carry. Null unless the caller is this person or has "
        "permissions:read."
    )
    async def permissions(self, info: Info) -> list[str] | None:
        sources = await sources_of(info, self)
        if sources is None:
            return None
        return [source.permission for source in sources if source.everywhere]

    @strawberry.field(
        description="Everything that they may do somewhere, sorted, and which roles "
        "allow it where. Null unless the caller is this person or has "
        "permissions:read."
    )
    async def permission_sources(self, info: Info) -> list[PermissionSource] | None:
        return await sources_of(info, self)


async def sources_of(info: Info, person: object) -> list[PermissionSource] | None:
    """Gather what a person's roles allow, if the caller may know."""
    user_id = cast("str", vars(person)["id"])
    if not can_read_permissions(info.context.identity, user_id):
        return None
    found: dict[str, list[Record]] = {}
    for row in await info.context.loaders.roles_by_user.load(user_id):
        for permission in row["permissions"]:
            found.setdefault(permission, []).append(row)
    return [
        PermissionSource(
            permission=permission,
            everywhere=any(row["scope"] == RoleScope.GLOBAL.name for row in rows),
            held=rows,
        )
        for permission, rows in sorted(found.items())
    ]
