"""Where a caller changes groups, who is in them, and whether they are there."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import Enum
from typing import Annotated, Any, Protocol

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.errors import RejectedError
from kit.idempotency import once
from subgraphs.groups import models, policy
from subgraphs.groups.context import Context, Info
from subgraphs.groups.models import IDEMPOTENCY
from subgraphs.groups.repository.reads import MEMBERS_BY_USER
from subgraphs.groups.service import groups, members
from subgraphs.groups.types.groups import Group, GroupMemberEdge, User
from subgraphs.groups.types.inputs import (
    AddGroupMembersInput,
    CreateGroupInput,
    RemoveGroupMembersInput,
    SetAvailabilityInput,
    UpdateGroupInput,
)
from subgraphs.groups.types.payloads import (
    AddGroupMembersPayload,
    CreateGroupPayload,
    GroupUserError,
    RemoveGroupMembersPayload,
    SetAvailabilityPayload,
    UpdateGroupPayload,
)

PLAIN = ("name", "parent_id", "department_id", "lead_id", "email")
MANAGE = [[policy.MANAGE_GROUPS]]


class WithKey(Protocol):
    """An input that may be sent twice."""

    idempotency_key: str | None


@strawberry.type(description="What can be changed.")
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=MANAGE,
        description="Add a group. Requires: groups:manage.",
    )
    async def create_group(
        self,
        info: Info,
        input: Annotated[CreateGroupInput, strawberry.argument(description="Which.")],
    ) -> CreateGroupPayload:
        caller, details = info.context.identity, given_of(input)
        if details.get("assignment_policy", "") is None:
            del details["assignment_policy"]

        def work(session: AsyncSession) -> Awaitable[str]:
            return groups.create_group(session, caller, details=details)

        found, errors = await changed_group(
            info, "createGroup", input, work, check=asked(info, details)
        )
        return CreateGroupPayload(group=found, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=MANAGE,
        description="Change or move a group. Requires: groups:manage.",
    )
    async def update_group(
        self,
        info: Info,
        input: Annotated[
            UpdateGroupInput,
            strawberry.argument(description="Which, and what of it."),
        ],
    ) -> UpdateGroupPayload:
        caller, changes = info.context.identity, given_of(input)

        def work(session: AsyncSession) -> Awaitable[str]:
            return groups.update_group(
                session,
                caller,
                group_id=input.id,
                expected_version=input.expected_version,
                changes=changes,
            )

        found, errors = await changed_group(
            info, "updateGroup", input, work, check=asked(info, changes)
        )
        return UpdateGroupPayload(group=found, user_errors=errors)

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
            people = list(dict.fromkeys(input.user_ids))
            await context.directory.require(people=people, path="userIds")

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
        description="Say whether one can be given work, and until when not. For "
        "people, each of themselves.",
    )
    async def set_availability(
        self,
        info: Info,
        input: Annotated[
            SetAvailabilityInput, strawberry.argument(description="Whether, how long.")
        ],
    ) -> SetAvailabilityPayload:
        caller = info.context.identity

        def work(session: AsyncSession) -> Awaitable[str]:
            return members.set_availability(
                session,
                caller,
                availability=models.Availability[input.availability.name],
                until=input.until,
            )

        user_id, errors = await change(info.context, "setAvailability", input, work)
        user = User(id=strawberry.ID(user_id)) if user_id else None
        return SetAvailabilityPayload(user=user, user_errors=errors)


Work = Callable[[AsyncSession], Awaitable[str]]
Check = Callable[[], Awaitable[None]]


async def changed_group(
    info: Info, verb: str, input: WithKey, work: Work, *, check: Check | None = None
) -> tuple[Group | None, list[GroupUserError]]:
    """Check elsewhere, do the work once, then read the group anew."""
    context = info.context
    try:
        groups.require_manager(context.identity)
        if check is not None:
            await check()
    except RejectedError as rejected:
        return None, [GroupUserError.of(rejected)]
    group_id, errors = await change(context, verb, input, work)
    return await Group.by_id(context, group_id), errors


async def change(
    context: Context, verb: str, input: WithKey, work: Work
) -> tuple[str | None, list[GroupUserError]]:
    """Run one unit of work under the input's key; say what to read, and what failed."""

    async def keyed(session: AsyncSession) -> str:
        return await once(
            session,
            IDEMPOTENCY,
            lambda: work(session),
            subject=context.identity.subject,
            key=input.idempotency_key,
            verb=verb,
            body=input,
        )

    outcome = await context.database.attempt(keyed)
    context.forget()
    if not isinstance(outcome, RejectedError):
        return outcome, []
    current = outcome.current if isinstance(outcome.current, str) else None
    return current, [GroupUserError.of(outcome)]


def asked(info: Info, details: groups.GroupChanges) -> Check:
    """Prepare to see that a group's lead and department exist."""

    async def check() -> None:
        lead_id = details.get("lead_id")
        await info.context.directory.require(
            people=[lead_id] if lead_id else [],
            department=details.get("department_id"),
        )

    return check


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


def given_of(input: CreateGroupInput | UpdateGroupInput) -> groups.GroupChanges:
    """Take the fields that the caller gave, null included."""
    found: Any = {**given(input, PLAIN)}
    for name, kind in (
        ("kind", models.GroupKind),
        ("assignment_policy", models.AssignmentPolicy),
    ):
        for value in given(input, (name,)).values():
            found[name] = kind[value.name] if isinstance(value, Enum) else None
    return found


def given(input: object, fields: Iterable[str]) -> dict[str, Any]:
    """Take those fields that the caller gave, null included."""
    found = {name: getattr(input, name, UNSET) for name in fields}
    return {name: value for name, value in found.items() if value is not UNSET}
