"""Giving and taking roles."""

from dataclasses import asdict, dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.ids import is_id, new_id
from subgraphs.users import events, policy
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import ADMIN, RoleRow, RoleScope
from subgraphs.users.repository import writes
from subgraphs.users.service.words import refuse


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role is held: everywhere, in a department, or in a group."""

    scope: RoleScope = RoleScope.GLOBAL
    department_id: str | None = None
    group_id: str | None = None


async def assign_role(
    session: AsyncSession, caller: Identity, *, user_id: str, role_key: str, at: Place
) -> str:
    """Give a role; one that is held there already is given without effect.

    Returns the person's id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, REQUIRED or INVALID.

    """
    role = await _grantable(session, caller, user_id, role_key)
    refuse_retired(role, "roleKey")
    await _check_place(session, at)
    assigned = {
        "id": new_id("ras"),
        "user_id": user_id,
        "role_id": role.id,
        "granted_by_id": caller.subject,
        **asdict(at),
    }
    if await writes.add_assignment(session, assigned):
        await writes.touch_user(session, user_id)
        await events.role_assigned(session, caller, user_id, role.key, at)
    return user_id


async def revoke_role(
    session: AsyncSession, caller: Identity, *, user_id: str, role_key: str, at: Place
) -> str:
    """Take a role that is held in exactly that place.

    Returns the person's id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, REQUIRED, INVALID or LAST_ADMIN.

    """
    role = await _grantable(session, caller, user_id, role_key)
    await _check_place(session, at)
    held = await writes.assignment(
        session, user_id=user_id, role_id=role.id, **asdict(at)
    )
    if held is None:
        raise refuse(
            Code.NOT_FOUND, "This person does not hold that role there.", "roleKey"
        )
    everything = role.key == ADMIN and at.scope is RoleScope.GLOBAL
    if everything and await writes.is_last_admin(session, user_id):
        raise refuse(
            Code.LAST_ADMIN, "This is the last active administrator.", "userId"
        )
    await session.delete(held)
    await session.flush()
    await writes.touch_user(session, user_id)
    await events.role_revoked(session, caller, user_id, role.key, at)
    return user_id


async def _grantable(
    session: AsyncSession, caller: Identity, user_id: str, role_key: str
) -> RoleRow:
    """Find the role, lock the person, and see that the caller may give the one."""
    if not policy.can_assign_roles(caller):
        raise refuse(Code.FORBIDDEN, "You may not give and take roles.")
    user = await writes.lock_user(session, user_id)
    if user is None or not policy.can_see_user(caller, user_id):
        raise refuse(Code.NOT_FOUND, "There is no such person.", "userId")
    if user.erased_at is not None:
        raise refuse(Code.INVALID, "This person was erased.", "userId")
    role = await writes.role_by_key(session, role_key)
    if role is None:
        raise refuse(Code.NOT_FOUND, "There is no such role.", "roleKey")
    if not policy.can_grant(caller, role.permissions):
        raise refuse(
            Code.FORBIDDEN, "This role allows more than you may do.", "roleKey"
        )
    return role


def refuse_retired(role: RoleRow, field: str) -> None:
    """Refuse to give a role that was retired; who holds it keeps it.

    Raises:
        RejectedError: INVALID.

    """
    if role.retired_at is not None:
        raise refuse(
            Code.INVALID, f"The role {role.key!r} is retired: nobody gets it.", field
        )


async def _check_place(session: AsyncSession, at: Place) -> None:
    """See that the ids given are those that the scope needs, and that they are real.

    A group is another domain's, and `require_group` asks for it.
    """
    given = {"departmentId": at.department_id, "groupId": at.group_id}
    needs = {RoleScope.DEPARTMENT: "departmentId", RoleScope.GROUP: "groupId"}
    for field, value in given.items():
        if needs.get(at.scope) == field and value is None:
            raise refuse(
                Code.REQUIRED, f"The scope {at.scope.value} needs '{field}'.", field
            )
        if needs.get(at.scope) != field and value is not None:
            raise refuse(
                Code.INVALID, f"The scope {at.scope.value} takes no '{field}'.", field
            )
    if at.department_id is not None and not await writes.department_exists(
        session, at.department_id
    ):
        raise refuse(Code.NOT_FOUND, "There is no such department.", "departmentId")
    if at.group_id is not None and not is_id(at.group_id, "grp"):
        raise refuse(Code.NOT_FOUND, "There is no such group.", "groupId")
