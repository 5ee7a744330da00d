"""Changing who is in a group, and who is there, as mutations."""

from collections.abc import Awaitable, Sequence
from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.writes import Work, carry_out, changes
from subgraphs.groups import models, policy
from subgraphs.groups.context import Context, Info
from subgraphs.groups.models import IDEMPOTENCY
from subgraphs.groups.mutations.carry_out import changed_group
from subgraphs.groups.repository.reads import MEMBERS_BY_USER
from subgraphs.groups.service import absences, members
from subgraphs.groups.types.groups import Group, GroupMemberEdge, User
from subgraphs.groups.types.inputs import (
    AddGroupMembersInput,
    RemoveGroupMembersInput,
    SetAvailabilityInput,
    UpdateGroupMemberInput,
)
from subgraphs.groups.types.payloads import (
    AddGroupMembersPayload,
    GroupUserError,
    RemoveGroupMembersPayload,
    SetAvailabilityPayload,
    UpdateGroupMemberPayload,
)

MANAGE: Final = [[policy.MANAGE_GROUPS]]


@strawberry.type(description="What can be changed of members.")
class MemberMutations:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=MANAGE,
        description="Put people into a group. Requires: groups:manage.",
    )
    async def add_group_members(
        self,
        info: Info,
        input: Annotated[
            AddGroupMembersInput,
            strawberry.argument(description="Who, and into which."),
        ],
    ) -> AddGroupMembersPayload:
        context = info.context

        def work(session: AsyncSession) -> Awaitable[str]:
            return members.add_group_members(
                session,
                context.identity,
                group_id=input.group_id,
                expected_version=input.expected_version,
                user_ids=input.user_ids,
                skills=input.skills or None,
                capacity=None if input.capacity is UNSET else input.capacity,
            )

        async def check() -> None:
            await context.directory.require(
                people=input.user_ids, path="userIds", listed=True
            )

        found, errors = await changed_group(
            info, "addGroupMembers", input, work, check=check
        )
        them = [] if errors else input.user_ids
        edges = await edges_of(context, found, them)
        return AddGroupMembersPayload(
            group=found, added_edges=edges, user_errors=errors
        )

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=MANAGE,
        description="Take people out of a group. Requires: groups:manage.",
    )
    async def remove_group_members(
        self,
        info: Info,
        input: Annotated[
            RemoveGroupMembersInput,
            strawberry.argument(description="Who, and out of which."),
        ],
    ) -> RemoveGroupMembersPayload:
        caller = info.context.identity

        def work(session: AsyncSession) -> Awaitable[str]:
            return members.remove_group_members(
                session,
                caller,
                group_id=input.group_id,
                expected_version=input.expected_version,
                user_ids=input.user_ids,
            )

        found, errors = await changed_group(info, "removeGroupMembers", input, work)
        return RemoveGroupMembersPayload(group=found, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=MANAGE,
        description="Change what somebody can do in a group, and how much at a time. "
        "Requires: groups:manage.",
    )
    async def update_group_member(
        self,
        info: Info,
        input: Annotated[
            UpdateGroupMemberInput,
            strawberry.argument(description="Who, where, and what of it."),
        ],
    ) -> UpdateGroupMemberPayload:
        context = info.context

        def work(session: AsyncSession) -> Awaitable[str]:
            return members.update_group_member(
                session,
                context.identity,
                group_id=input.group_id,
                user_id=input.user_id,
                expected_version=input.expected_version,
                changes=changes(input, ("skills", "capacity")),
            )

        found, errors = await changed_group(info, "updateGroupMember", input, work)
        edges = await edges_of(context, found, [] if errors else [input.user_id])
        return UpdateGroupMemberPayload(
            group=found, edge=edges[0] if edges else None, user_errors=errors
        )

    @strawberry.federation.mutation(
        authenticated=True,
        description="Say whether one can be given work, from when and until when not. "
        "For people, each of themselves; of others it requires groups:manage.",
    )
    async def set_availability(
        self,
        info: Info,
        input: Annotated[
            SetAvailabilityInput, strawberry.argument(description="Whether, how long.")
        ],
    ) -> SetAvailabilityPayload:
        context, whose = info.context, input.user_id

        def work(session: AsyncSession) -> Awaitable[str]:
            return absences.set_availability(
                session,
                context.identity,
                user_id=whose,
                availability=models.Availability[input.availability.name],
                starts_at=input.starts_at,
                until=input.until,
            )

        async def prepare() -> Work[str]:
            if whose is not None and policy.can_manage_groups(context.identity):
                await context.directory.require(people=[whose], path="userId")
            return work

        done = await carry_out(context, IDEMPOTENCY, "setAvailability", input, prepare)
        user = User(id=strawberry.ID(done.shown)) if done.shown else None
        errors = done.errors(GroupUserError.of)
        return SetAvailabilityPayload(user=user, user_errors=errors)


async def edges_of(
    context: Context, group: Group | None, user_ids: Sequence[str]
) -> list[GroupMemberEdge]:
    """Read these people's membership of a group."""
    if group is None or not user_ids:
        return []
    rows = await context.database.rows(
        MEMBERS_BY_USER, ids=list(user_ids), group=group.id
    )
    return [GroupMemberEdge.from_row(row, group) for row in rows]
