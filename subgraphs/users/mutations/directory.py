"""Changing people, departments and roles, as mutations."""

from collections.abc import Awaitable
from typing import Annotated, TypeVar

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.writes import Input, Outcome, Work, carry_out, changes, without_asking
from subgraphs.users import policy
from subgraphs.users.context import Info
from subgraphs.users.models import IDEMPOTENCY
from subgraphs.users.models import RoleScope as Scope
from subgraphs.users.service import departments, people, roles
from subgraphs.users.service.groups import require_group
from subgraphs.users.types.inputs import (
    AssignRoleInput,
    CreateDepartmentInput,
    CreateUserInput,
    RevokeRoleInput,
    UpdateDepartmentInput,
    UpdateUserInput,
)
from subgraphs.users.types.payloads import (
    AssignRolePayload,
    CreateDepartmentPayload,
    CreateUserPayload,
    RevokeRolePayload,
    UpdateDepartmentPayload,
    UpdateUserPayload,
    UsersUserError,
)
from subgraphs.users.types.people import Department, User

USER_FIELDS = ("name", "department_id", "manager_id", "locale", "time_zone", "active")
Written = TypeVar("Written")
DEPARTMENT_FIELDS = ("code", "name", "parent_id", "head_id")


@strawberry.type(description="What can be changed of the directory.")
class DirectoryMutations:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_USERS]],
        description="Add a person. Requires: users:manage.",
    )
    async def create_user(
        self,
        info: Info,
        input: Annotated[CreateUserInput, strawberry.argument(description="Who.")],
    ) -> CreateUserPayload:
        caller = info.context.identity
        details = changes(input, USER_FIELDS)
        for optional in ("locale", "time_zone"):
            if details.get(optional, "") is None:
                del details[optional]
        keys = None if input.role_keys is UNSET else input.role_keys

        def work(session: AsyncSession) -> Awaitable[str]:
            return people.create_user(
                session, caller, email=input.email, role_keys=keys, details=details
            )

        user, errors = await changed_user(info, "createUser", input, work)
        return CreateUserPayload(user=user, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Change a person; `active` deactivates them and brings them back. "
        "Requires: users:manage, or self for `locale` and `timeZone`.",
    )
    async def update_user(
        self,
        info: Info,
        input: Annotated[
            UpdateUserInput, strawberry.argument(description="Who, and what of them.")
        ],
    ) -> UpdateUserPayload:
        caller = info.context.identity

        def work(session: AsyncSession) -> Awaitable[str]:
            return people.update_user(
                session,
                caller,
                user_id=input.id,
                expected_version=input.expected_version,
                changes=changes(input, USER_FIELDS),
            )

        user, errors = await changed_user(info, "updateUser", input, work)
        return UpdateUserPayload(user=user, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.ASSIGN_ROLES]],
        description="Give a role. Requires: roles:assign, and every permission that "
        "the role has: nobody gives more than they have.",
    )
    async def assign_role(
        self,
        info: Info,
        input: Annotated[
            AssignRoleInput, strawberry.argument(description="Which, to whom, where.")
        ],
    ) -> AssignRolePayload:
        caller, at = info.context.identity, place(input)

        def work(session: AsyncSession) -> Awaitable[str]:
            return roles.assign_role(
                session, caller, user_id=input.user_id, role_key=input.role_key, at=at
            )

        async def prepare() -> Work[str]:
            if at.scope is roles.RoleScope.GROUP and at.group_id is not None:
                await require_group(info.context.graph, at.group_id)
            return work

        done = await carry_out(info.context, IDEMPOTENCY, "assignRole", input, prepare)
        user = await User.by_id(info.context, done.shown)
        errors = done.errors(UsersUserError.of)
        return AssignRolePayload(user=user, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.ASSIGN_ROLES]],
        description="Take a role where it is held. Requires: roles:assign, and every "
        "permission that the role has.",
    )
    async def revoke_role(
        self,
        info: Info,
        input: Annotated[
            RevokeRoleInput, strawberry.argument(description="Which, of whom, where.")
        ],
    ) -> RevokeRolePayload:
        caller, at = info.context.identity, place(input)

        def work(session: AsyncSession) -> Awaitable[str]:
            return roles.revoke_role(
                session, caller, user_id=input.user_id, role_key=input.role_key, at=at
            )

        user, errors = await changed_user(info, "revokeRole", input, work)
        return RevokeRolePayload(user=user, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_DEPARTMENTS]],
        description="Add a department. Requires: departments:manage.",
    )
    async def create_department(
        self,
        info: Info,
        input: Annotated[
            CreateDepartmentInput, strawberry.argument(description="Which.")
        ],
    ) -> CreateDepartmentPayload:
        caller = info.context.identity

        def work(session: AsyncSession) -> Awaitable[str]:
            return departments.create_department(
                session, caller, details=changes(input, DEPARTMENT_FIELDS)
            )

        found, errors = await changed_department(info, "createDepartment", input, work)
        return CreateDepartmentPayload(department=found, user_errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_DEPARTMENTS]],
        description="Change or move a department. Requires: departments:manage.",
    )
    async def update_department(
        self,
        info: Info,
        input: Annotated[
            UpdateDepartmentInput,
            strawberry.argument(description="Which, and what of it."),
        ],
    ) -> UpdateDepartmentPayload:
        caller = info.context.identity

        def work(session: AsyncSession) -> Awaitable[str]:
            return departments.update_department(
                session,
                caller,
                department_id=input.id,
                expected_version=input.expected_version,
                changes=changes(input, DEPARTMENT_FIELDS),
            )

        found, errors = await changed_department(info, "updateDepartment", input, work)
        return UpdateDepartmentPayload(department=found, user_errors=errors)


async def changed_user(
    info: Info, verb: str, input: Input, work: Work[str]
) -> tuple[User | None, list[UsersUserError]]:
    """Do the work once, then read the person anew."""
    done = await change(info, verb, input, work)
    user = await User.by_id(info.context, done.shown)
    return user, done.errors(UsersUserError.of)


async def changed_department(
    info: Info, verb: str, input: Input, work: Work[str]
) -> tuple[Department | None, list[UsersUserError]]:
    """Do the work once, then read the department anew."""
    done = await change(info, verb, input, work)
    department = await Department.by_id(info.context, done.shown)
    return department, done.errors(UsersUserError.of)


async def change(
    info: Info, verb: str, input: Input, work: Work[Written]
) -> Outcome[Written]:
    """Do the work once, for which nobody else must be asked."""
    prepare = without_asking(work)
    return await carry_out(info.context, IDEMPOTENCY, verb, input, prepare)


def place(input: AssignRoleInput | RevokeRoleInput) -> roles.Place:
    """Say where a role is to be given or taken."""
    return roles.Place(Scope[input.scope.name], input.department_id, input.group_id)
