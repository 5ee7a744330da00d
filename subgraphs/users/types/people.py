"""People and departments as the graph sees them."""

from datetime import datetime
from typing import Annotated, Self

import strawberry
from asyncpg import Record

from kit.ids import is_id
from kit.pagination import Page, page_of
from kit.types import FORWARD, After, Connection, First, Node, fill
from subgraphs.users.context import Context, Info
from subgraphs.users.policy import can_read_directory, can_see_user
from subgraphs.users.repository.columns import MEMBERS, REPORTS
from subgraphs.users.types.permissions import UserPermissions
from subgraphs.users.types.roles import Group, Role, RoleScope


@strawberry.federation.type(
    keys=["id", "email"],
    description="A person: requester, agent, approver. Deactivated, never deleted, so "
    "history keeps its names. Requires: self or users:read; null otherwise.",
)
class User(UserPermissions, Node):
    email: str = strawberry.field(
        description="Their e-mail address, in lower case; no two people share one."
    )
    name: str = strawberry.field(description="Their full name.")
    active: bool = strawberry.field(
        description="They may sign in; false once they have left."
    )
    locale: str = strawberry.field(
        description="The language they read, as a BCP 47 tag, e.g. `en-GB`."
    )
    time_zone: str = strawberry.field(
        description="Where they work, as an IANA name, e.g. `Europe/Berlin`."
    )
    version: int = strawberry.field(
        description="Grows by one with each change; pass it as `expectedVersion`."
    )
    created_at: datetime = strawberry.field(description="When they were added.")
    updated_at: datetime = strawberry.field(
        description="When they, or the roles they hold, last changed."
    )
    erased_at: datetime | None = strawberry.field(
        description="When they were erased; null: never."
    )
    department_id: strawberry.Private[str | None]
    manager_id: strawberry.Private[str | None]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row that has the columns of ``users``."""
        return cls(
            id=row["id"],
            email=row["email"],
            name=row["name"],
            active=row["active"],
            locale=row["locale"],
            time_zone=row["time_zone"],
            version=row["version"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            erased_at=row["erased_at"],
            department_id=row["department_id"],
            manager_id=row["manager_id"],
        )

    @classmethod
    async def resolve_reference(
        cls, info: Info, id: object = None, email: object = None
    ) -> Self | None:
        """Find a person whom another subgraph names, by either key."""
        if isinstance(id, str):
            return await cls.by_id(info.context, id)
        return (
            await cls.by_email(info.context, email) if isinstance(email, str) else None
        )

    @classmethod
    async def by_id(cls, context: Context, id: str | None) -> Self | None:
        """Find a person whom the caller may see."""
        if id is None or not is_id(id, "usr"):
            return None
        if not can_see_user(context.identity, id):
            return None
        row = await context.loaders.user_by_id.load(id)
        return cls.from_row(row) if row else None

    @classmethod
    async def by_email(cls, context: Context, email: str) -> Self | None:
        """Find a person whom the caller may see, in upper or lower case."""
        if not email.isprintable():
            return None
        row = await context.loaders.user_by_email.load(email.lower())
        if row is None or not can_see_user(context.identity, row["id"]):
            return None
        return cls.from_row(row)

    @strawberry.field(
        description="Where they belong; null when nowhere. Requires: users:read."
    )
    async def department(self, info: Info) -> "Department | None":
        return await Department.by_id(info.context, self.department_id)

    @strawberry.field(
        description="Line manager, the default approver of a service request; null "
        "when there is none. Requires: users:read."
    )
    async def manager(self, info: Info) -> "User | None":
        return await User.by_id(info.context, self.manager_id)

    @strawberry.field(
        description="The people whose line manager they are, by name; those who have "
        "left too. Requires: users:read; empty otherwise.",
        directives=[FORWARD],
    )
    async def direct_reports(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection["User"]:
        page = page_of(REPORTS, first=first, after=after)
        return await people(info.context, "reports", self.id, page)

    @strawberry.field(
        description="The departments they lead, by name. Requires: users:read."
    )
    async def headed_departments(
        self,
        info: Info,
        include_descendants: Annotated[
            bool,
            strawberry.argument(description="Also all departments inside them."),
        ] = False,
    ) -> list["Department"]:
        if not can_read_directory(info.context.identity):
            return []
        loader = info.context.loaders.departments_by_head(whole=include_descendants)
        return [Department.from_row(row) for row in await loader.load(self.id)]

    @strawberry.field(description="The roles they hold, each with where.")
    async def roles(self, info: Info) -> list["RoleAssignment"]:
        rows = await info.context.loaders.roles_by_user.load(self.id)
        return [RoleAssignment.from_row(row) for row in rows]


@strawberry.federation.type(
    keys=["id"],
    description="A unit of the organisation. Requires: users:read; null otherwise.",
)
class Department(Node):
    code: str = strawberry.field(description="Its short name, e.g. `IT-OPS`; unique.")
    name: str = strawberry.field(description="Its full name.")
    version: int = strawberry.field(
        description="Grows by one with each change; pass it as `expectedVersion`."
    )
    parent_id: strawberry.Private[str | None]
    head_id: strawberry.Private[str | None]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row that has the columns of ``departments``."""
        return cls(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            version=row["version"],
            parent_id=row["parent_id"],
            head_id=row["head_id"],
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: object) -> Self | None:
        """Find a department that another subgraph names."""
        return await cls.by_id(info.context, id if isinstance(id, str) else None)

    @classmethod
    async def by_id(cls, context: Context, id: str | None) -> Self | None:
        """Find a department, if the caller may see any."""
        if id is None or not is_id(id, "dep"):
            return None
        if not can_read_directory(context.identity):
            return None
        row = await context.loaders.department_by_id.load(id)
        return cls.from_row(row) if row else None

    @strawberry.field(description="The department it is part of; null at the top.")
    async def parent(self, info: Info) -> "Department | None":
        return await Department.by_id(info.context, self.parent_id)

    @strawberry.field(description="The departments directly inside it, by name.")
    async def children(self, info: Info) -> list["Department"]:
        rows = await info.context.loaders.departments_by_parent.load(self.id)
        return [Department.from_row(row) for row in rows]

    @strawberry.field(description="Who leads it; null while nobody does.")
    async def head(self, info: Info) -> User | None:
        return await User.by_id(info.context, self.head_id)

    @strawberry.field(
        description="The people who belong to it, by name; those who have left too.",
        directives=[FORWARD],
    )
    async def members(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        include_descendants: Annotated[
            bool,
            strawberry.argument(
                description="Also the members of all departments inside it."
            ),
        ] = False,
    ) -> Connection[User]:
        page = page_of(MEMBERS, first=first, after=after)
        relation = "subtree" if include_descendants else "members"
        return await people(info.context, relation, self.id, page)


@strawberry.type(
    description="A role held everywhere, or only within one department or group."
)
class RoleAssignment:
    role: Role = strawberry.field(description="The role.")
    scope: RoleScope = strawberry.field(description="Where it is held.")
    granted_at: datetime = strawberry.field(description="When it was given.")
    department_id: strawberry.Private[str | None]
    granted_by_id: strawberry.Private[str | None]
    group: Group | None = strawberry.field(
        description="The assignment group it is held in; null for other scopes."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row of ``role_assignments`` joined with its role."""
        group_id = row["group_id"]
        return cls(
            role=Role.from_row(row),
            scope=RoleScope[row["scope"]],
            granted_at=row["granted_at"],
            department_id=row["department_id"],
            granted_by_id=row["granted_by_id"],
            group=Group(id=group_id) if group_id else None,
        )

    @strawberry.field(
        description="The department it is held in; null for other scopes."
    )
    async def department(self, info: Info) -> Department | None:
        return await Department.by_id(info.context, self.department_id)

    @strawberry.field(
        description="The department it is held in and all inside it, by name."
    )
    async def departments(self, info: Info) -> list[Department]:
        if self.department_id is None or not can_read_directory(info.context.identity):
            return []
        loader = info.context.loaders.departments_inside
        rows = await loader.load(self.department_id)
        return [Department.from_row(row) for row in rows]

    @strawberry.field(
        description="Who gave it; null when that was a service, or the installation."
    )
    async def granted_by(self, info: Info) -> User | None:
        return await User.by_id(info.context, self.granted_by_id)


async def people(
    context: Context, relation: str, owner: str, page: Page
) -> Connection[User]:
    """Make a page of an owner's people; see `Loaders.people_by_owner`."""
    rows = await context.loaders.people_by_owner(relation, page).load(owner)

    async def count() -> int:
        row = await context.loaders.people_count_by_owner(relation).load(owner)
        return row["count"] if row else 0

    return fill(Connection[User], page, rows, User.from_row, count)
