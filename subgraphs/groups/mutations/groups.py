"""Changing groups themselves, as mutations."""

from collections.abc import Awaitable
from enum import Enum
from typing import Annotated, Any, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import changes
from subgraphs.groups import models, policy
from subgraphs.groups.context import Info
from subgraphs.groups.mutations.carry_out import Check, changed_group
from subgraphs.groups.service import groups
from subgraphs.groups.types.inputs import CreateGroupInput, UpdateGroupInput
from subgraphs.groups.types.payloads import CreateGroupPayload, UpdateGroupPayload

PLAIN: Final = ("name", "parent_id", "department_id", "lead_id", "email")
MANAGE: Final = [[policy.MANAGE_GROUPS]]


@strawberry.type(description="What can be changed of groups.")
class GroupMutations:
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
        for optional in ("assignment_policy", "absent_assignees"):
            if details.get(optional, "") is None:
                del details[optional]

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
        caller, given = info.context.identity, given_of(input)

        def work(session: AsyncSession) -> Awaitable[str]:
            return groups.update_group(
                session,
                caller,
                group_id=input.id,
                expected_version=input.expected_version,
                changes=given,
            )

        found, errors = await changed_group(
            info, "updateGroup", input, work, check=asked(info, given)
        )
        return UpdateGroupPayload(group=found, user_errors=errors)


def asked(info: Info, details: groups.GroupChanges) -> Check:
    """Prepare to see that a group's lead and department exist."""

    async def check() -> None:
        lead_id = details.get("lead_id")
        await info.context.directory.require(
            people=[] if lead_id is None else [lead_id],
            department=details.get("department_id"),
        )

    return check


def given_of(input: CreateGroupInput | UpdateGroupInput) -> groups.GroupChanges:
    """Take the fields that the caller gave, null included."""
    found: Any = changes(input, PLAIN)
    for name, kind in (
        ("kind", models.GroupKind),
        ("assignment_policy", models.AssignmentPolicy),
        ("absent_assignees", models.AbsentAssignees),
    ):
        for value in changes(input, (name,)).values():
            found[name] = kind[value.name] if isinstance(value, Enum) else None
    return found
