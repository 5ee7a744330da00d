"""Saying what roles allow, as mutations."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import changes
from subgraphs.users import policy
from subgraphs.users.context import Info
from subgraphs.users.mutations.directory import change
from subgraphs.users.service import define_roles
from subgraphs.users.types.payloads import UsersUserError
from subgraphs.users.types.role_writes import (
    CreateRoleInput,
    CreateRolePayload,
    UpdateRoleInput,
    UpdateRolePayload,
)
from subgraphs.users.types.roles import Role

ROLE_FIELDS = ("name", "permissions", "retired")


@strawberry.type(description="What can be changed of roles.")
class RoleMutations:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_ROLES]],
        description="Add a role. Requires: roles:manage, and every permission that it "
        "is to have; who has all that administrators have may name others too.",
    )
    async def create_role(
        self,
        info: Info,
        input: Annotated[CreateRoleInput, strawberry.argument(description="Which.")],
    ) -> CreateRolePayload:
        caller = info.context.identity

        def work(session: AsyncSession) -> Awaitable[str]:
            return define_roles.create_role(
                session,
                caller,
                key=input.key,
                name=input.name,
                permissions=input.permissions,
            )

        done = await change(info, "createRole", input, work)
        role = await Role.by_id(info.context, done.shown)
        errors = done.errors(UsersUserError.of)
        return CreateRolePayload(role=role, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_ROLES]],
        description="Rename a role, say what it allows, retire it or take it back. "
        "Administrators keep what administering takes. Requires: roles:manage, and "
        "every permission that the role has or is to have; who has all that "
        "administrators have may name others too.",
    )
    async def update_role(
        self,
        info: Info,
        input: Annotated[
            UpdateRoleInput, strawberry.argument(description="Which, and what of it.")
        ],
    ) -> UpdateRolePayload:
        caller = info.context.identity

        def work(session: AsyncSession) -> Awaitable[str]:
            return define_roles.update_role(
                session,
                caller,
                role_id=input.id,
                expected_version=input.expected_version,
                changes=changes(input, ROLE_FIELDS),
            )

        done = await change(info, "updateRole", input, work)
        role = await Role.by_id(info.context, done.shown)
        errors = done.errors(UsersUserError.of)
        return UpdateRolePayload(role=role, user_errors=errors)
