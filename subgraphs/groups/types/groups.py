"""Groups and their members as the graph sees them, and what people gain by them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Self

import strawberry
from asyncpg import Record
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.ids import is_id
from kit.pagination import page_of, write_cursor
from kit.types import FORWARD, After, First, Node, PageInfo
from subgraphs.groups.context import Context, Info
from subgraphs.groups.policy import can_read_groups, can_see_user
from subgraphs.groups.repository.columns import BY_JOINING
from subgraphs.groups.types.enums import (
    AbsentAssignees,
    AssignmentPolicy,
    Availability,
    GroupKind,
)

EVERY_KIND = tuple(kind.name for kind in GroupKind)


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)],
    description="A unit of the organisation.",
)
class Department:
    """Owned by users; here it is only named."""

    id: strawberry.ID = strawberry.field(description="Opaque global id.")


@strawberry.federation.type(
    keys=["id"],
    description="An assignment, approval or notification group. Groups lie inside "
    "groups; membership is not inherited. Requires: users:read; null otherwise.",
)
class Group(Node):
    name: str = strawberry.field(description="Its name; no two groups share one.")
    kind: GroupKind = strawberry.field(description="What it is for.")
    email: str | None = strawberry.field(
        description="Where the whole group is reached, in lower case; null: nowhere."
    )
    assignment_policy: AssignmentPolicy = strawberry.field(
        description="How its tickets find somebody to work on them."
    )
    absent_assignees: AbsentAssignees = strawberry.field(
        description="What becomes of its tickets that somebody who is not available is "
        "given by name. Its policy never chooses who is not."
    )
    version: int = strawberry.field(
        description="Grows by one with each change, of members too; pass it as "
        "`expectedVersion`."
    )
    department: Department | None = strawberry.field(
        description="The department it belongs to; null: none."
    )
    lead: "User | None" = strawberry.field(
        description="Who leads it and is told when it is late; null: nobody."
    )
    parent_id: strawberry.Private[str | None]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row that has the columns of ``groups``."""
        department_id, lead_id = row["department_id"], row["lead_id"]
        return cls(
            id=row["id"],
            name=row["name"],
            kind=GroupKind[row["kind"]],
            email=row["email"],
            assignment_policy=AssignmentPolicy[row["assignment_policy"]],
            absent_assignees=AbsentAssignees[row["absent_assignees"]],
            version=row["version"],
            department=Department(id=department_id) if department_id else None,
            lead=User(id=lead_id) if lead_id else None,
            parent_id=row["parent_id"],
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: object) -> Self | None:
        """Find a group that another subgraph names."""
        return await cls.by_id(info.context, id if isinstance(id, str) else None)

    @classmethod
    async def by_id(cls, context: Context, id: str | None) -> Self | None:
        """Find a group, if the caller may see any."""
        if id is None or not is_id(id, "grp"):
            return None
        if not can_read_groups(context.identity):
            return None
        row = await context.loaders.group_by_id.load(id)
        return cls.from_row(row) if row else None

    @strawberry.field(description="The group it is part of; null at the top.")
    async def parent(self, info: Info) -> "Group | None":
        return await Group.by_id(info.context, self.parent_id)

    @strawberry.field(description="The groups directly inside it, by name.")
    async def children(self, info: Info) -> list["Group"]:
        rows = await info.context.loaders.groups_by_parent.load(self.id)
        return [Group.from_row(row) for row in rows]

    @strawberry.field(
        description="Who is in it, by when they joined.", directives=[FORWARD]
    )
    async def members(
        self, info: Info, first: First = None, after: After = None
    ) -> "GroupMemberConnection":
        page = page_of(BY_JOINING, first=first, after=after)
        rows = await info.context.loaders.members_by_group(page).load(self.id)
        kept = rows[: page.size]
        return GroupMemberConnection(
            nodes=[User(id=row["user_id"]) for row in kept],
            rows=kept,
            more=(len(rows) > page.size, page.place is not None),
            group=self,
        )

    @strawberry.field(description="Whether the person who asks is in it.")
    async def viewer_is_member(self, info: Info) -> bool:
        found = await info.context.loaders.membership_by_group.load(self.id)
        return found is not None


@strawberry.type(description="Somebody in a group, and their place in the list.")
class GroupMemberEdge:
    node: "User | None" = strawberry.field(description="Who.")
    cursor: str = strawberry.field(description="Their place; pass it as `after`.")
    joined_at: datetime = strawberry.field(description="Since when they are in it.")
    is_lead: bool = strawberry.field(description="They lead the group.")
    capacity: int | None = strawberry.field(
        description="How many open tickets they work on at a time; null: no limit."
    )
    skills: list[str] = strawberry.field(
        description="What they can do there, in lower case."
    )

    @classmethod
    def from_row(cls, row: Record, group: Group) -> Self:
        """Make one of a row that has the columns of ``group_members``."""
        return cls(
            node=User(id=row["user_id"]),
            cursor=write_cursor(BY_JOINING, row),
            joined_at=row["joined_at"],
            is_lead=group.lead is not None and group.lead.id == row["user_id"],
            capacity=row["capacity"],
            skills=row["skills"],
        )


@strawberry.type(description="A page of a group's members.")
class GroupMemberConnection:
    nodes: list["User"] = strawberry.field(description="The people of this page.")
    rows: strawberry.Private[Sequence[Record]]
    more: strawberry.Private[tuple[bool, bool]]
    group: strawberry.Private[Group]

    @strawberry.field(description="The people with what they are in the group.")
    def edges(self) -> list[GroupMemberEdge]:
        return [GroupMemberEdge.from_row(row, self.group) for row in self.rows]

    @strawberry.field(description="Where this page stands.")
    def page_info(self) -> PageInfo:
        rows = self.rows
        return PageInfo(
            has_next_page=self.more[0],
            has_previous_page=self.more[1],
            start_cursor=write_cursor(BY_JOINING, rows[0]) if rows else None,
            end_cursor=write_cursor(BY_JOINING, rows[-1]) if rows else None,
        )

    @strawberry.field(
        description="How many members the group has; counted only when selected."
    )
    async def total_count(self, info: Info) -> int:
        row = await info.context.loaders.member_count_by_group.load(self.group.id)
        return row["count"] if row else 0


@strawberry.federation.type(keys=["id"], description="A person; the users domain's.")
class User:
    """Owned by users; here it gains their groups, and whether they are there."""

    id: strawberry.ID = strawberry.field(description="Opaque global id.")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """Take the key at its word: users says whether there is such a person."""
        return cls(id=id)

    @strawberry.field(
        description="The groups they are in, by name. Requires: self or users:read; "
        "null otherwise."
    )
    async def groups(
        self,
        info: Info,
        kind: Annotated[
            GroupKind | None,
            strawberry.argument(description="Only groups of this kind."),
        ] = None,
    ) -> list[Group] | None:
        if not can_see_user(info.context.identity, self.id):
            return None
        kinds = EVERY_KIND if kind is None else (kind.name,)
        rows = await info.context.loaders.groups_by_user(kinds).load(self.id)
        return [Group.from_row(row) for row in rows]

    @strawberry.field(
        description="Whether they can be given work now; AVAILABLE unless they said "
        "otherwise. Requires: self or users:read; null otherwise."
    )
    async def availability(self, info: Info) -> Availability | None:
        if not can_see_user(info.context.identity, self.id):
            return None
        row = await away(info.context, self.id)
        return Availability[row["availability"]] if row else Availability.AVAILABLE

    @strawberry.field(
        description="When they are available again; null when they are, or have not "
        "said. Requires: self or users:read; null otherwise."
    )
    async def away_until(self, info: Info) -> datetime | None:
        if not can_see_user(info.context.identity, self.id):
            return None
        row = await away(info.context, self.id)
        rows = await info.context.loaders.absences_by_user.load(self.id)
        return available_again(row["until"], rows) if row else None

    @strawberry.field(
        description="What they said of their availability for now and for days to "
        "come, by when it begins. Requires: self or users:read; null otherwise."
    )
    async def absences(self, info: Info) -> list["Absence"] | None:
        if not can_see_user(info.context.identity, self.id):
            return None
        rows = await info.context.loaders.absences_by_user.load(self.id)
        now = datetime.now(UTC)
        lasting = [row for row in rows if row["until"] is None or row["until"] > now]
        return [Absence.from_row(row) for row in lasting]


@strawberry.type(description="That somebody can be given work less, for a time.")
class Absence:
    availability: Availability = strawberry.field(description="How far they can.")
    starts_at: datetime = strawberry.field(description="From when.")
    lasts_until: datetime | None = strawberry.field(
        description="Until when; null: until they say so."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row of ``availabilities``."""
        return cls(
            availability=Availability[row["availability"]],
            starts_at=row["starts_at"],
            lasts_until=row["until"],
        )


async def away(context: Context, user_id: str) -> Record | None:
    """Find what somebody said of their availability now: the last that has begun."""
    now = datetime.now(UTC)
    rows = await context.loaders.absences_by_user.load(user_id)
    lasting = [
        row
        for row in rows
        if row["starts_at"] <= now and (row["until"] is None or row["until"] > now)
    ]
    return lasting[-1] if lasting else None


def available_again(until: datetime | None, absences: Iterable[Any]) -> datetime | None:
    """Say when an absence is over with all that follow it at once; they are sorted.

    >>> days = [datetime(2026, 12, day, tzinfo=UTC) for day in (1, 5, 9)]
    >>> leave = [{"starts_at": days[1], "until": days[2]}]
    >>> available_again(days[1], leave).day, available_again(days[0], leave).day
    (9, 1)
    """
    for each in absences:
        if until is not None and each["starts_at"] <= until:
            ends = each["until"]
            until = None if ends is None else max(until, ends)
    return until
