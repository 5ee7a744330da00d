"""Adding, changing and deactivating people."""

from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.ids import new_id
from kit.writes import check_version
from subgraphs.users import events, policy
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import (
    LONGEST_NAME,
    REQUESTER,
    RoleAssignmentRow,
    RoleRow,
    RoleScope,
    UserRow,
)
from subgraphs.users.repository import writes
from subgraphs.users.service.roles import refuse_retired
from subgraphs.users.service.words import email_address, language, line, refuse, zone


class UserChanges(TypedDict, total=False):
    """What is to change about a person: absent is unchanged, None clears."""

    name: str | None
    department_id: str | None
    manager_id: str | None
    locale: str | None
    time_zone: str | None
    active: bool | None


async def create_user(
    session: AsyncSession,
    caller: Identity,
    *,
    email: str,
    role_keys: Sequence[str] | None,
    details: UserChanges,
) -> str:
    """Add a person and give them roles; without any named, that of a requester.

    Returns their id.

    Raises:
        RejectedError: FORBIDDEN, REQUIRED, TOO_LONG, INVALID, NOT_FOUND or TAKEN.

    """
    if not policy.can_create_users(caller):
        raise refuse(Code.FORBIDDEN, "You may not add people.")
    if role_keys is not None and not policy.can_assign_roles(caller):
        raise refuse(Code.FORBIDDEN, "You may not give roles.", "roleKeys")
    values = {
        "id": new_id("usr"),
        "email": email_address(email),
        "name": line(details.get("name"), LONGEST_NAME, "name"),
        "active": True,
        "version": 1,
        "locale": "en",
        "time_zone": "UTC",
        **await _checked(session, details),
    }
    roles = [await _role(session, key) for key in dict.fromkeys(role_keys or ())]
    if not all(policy.can_grant(caller, role.permissions) for role in roles):
        raise refuse(Code.FORBIDDEN, "You may not give that role.", "roleKeys")
    if role_keys is None:
        roles = [await _role(session, REQUESTER)]
    if not await writes.add_user(session, values):
        raise refuse(Code.TAKEN, "Somebody has this e-mail address.", "email")
    user = UserRow(**values)
    await events.user_created(session, caller, user)
    for role in roles:
        assigned = {
            "id": new_id("ras"),
            "user_id": values["id"],
            "role_id": role.id,
            "scope": RoleScope.GLOBAL,
            "granted_by_id": caller.subject,
        }
        await writes.add_assignment(session, assigned)
        given = RoleAssignmentRow(**assigned)
        await events.role_assigned(session, caller, user.id, role.key, given)
    return user.id


async def update_user(
    session: AsyncSession,
    caller: Identity,
    *,
    user_id: str,
    expected_version: int | None,
    changes: UserChanges,
) -> str:
    """Change what is given about a person; ``active`` deactivates and brings back.

    Returns their id.

    Raises:
        RejectedError: NOT_FOUND, FORBIDDEN, STALE, REQUIRED, TOO_LONG, INVALID, CYCLE
            or LAST_ADMIN.

    """
    if changes.get("manager_id"):
        await writes.lock_tree(session, writes.MANAGERS)
    user = await _editable(session, caller, user_id, changes)
    check_version(user, expected_version, Code.STALE, "This person's record")
    wanted = await _checked(session, changes)
    new = {name: v for name, v in wanted.items() if getattr(user, name) != v}
    if "active" in new:
        await may_switch(session, caller, user)
    if new.get("manager_id") and await writes.reports_to(
        session, str(new["manager_id"]), user_id
    ):
        raise refuse(Code.CYCLE, "That manager reports to this person.", "managerId")
    for name, value in new.items():
        setattr(user, name, value)
    if new:
        await session.flush()
        await writes.touch_user(session, user_id)
        await events.user_changed(session, caller, user, new)
    return user_id


async def _editable(
    session: AsyncSession, caller: Identity, user_id: str, changes: UserChanges
) -> UserRow:
    user = await writes.lock_user(session, user_id)
    if user is None or not policy.can_see_user(caller, user_id):
        raise refuse(Code.NOT_FOUND, "There is no such person.", "id")
    if user.erased_at is not None:
        raise refuse(Code.INVALID, "This person was erased.", "id")
    if not policy.can_edit_user(caller, user_id, changes.keys()):
        raise refuse(Code.FORBIDDEN, "You may not change that about this person.")
    return user


async def _checked(session: AsyncSession, given: UserChanges) -> dict[str, object]:
    """Check each field that is given; what may not be empty is not cleared."""
    found: dict[str, object] = {}
    if "name" in given:
        found["name"] = line(given["name"], LONGEST_NAME, "name")
    if "locale" in given:
        found["locale"] = language(given["locale"])
    if "time_zone" in given:
        found["time_zone"] = zone(given["time_zone"])
    if "active" in given:
        if given["active"] is None:
            raise refuse(Code.REQUIRED, "'active' is true or false.", "active")
        found["active"] = given["active"]
    return found | await _placed(session, given)


async def _placed(session: AsyncSession, given: UserChanges) -> dict[str, object]:
    found: dict[str, object] = {}
    if "department_id" in given:
        department_id = given["department_id"]
        if department_id is not None and not await writes.department_exists(
            session, department_id
        ):
            raise refuse(Code.NOT_FOUND, "No such department.", "departmentId")
        found["department_id"] = department_id
    if "manager_id" in given:
        manager_id = given["manager_id"]
        if manager_id is not None and not await writes.user_exists(session, manager_id):
            raise refuse(Code.NOT_FOUND, "There is no such person.", "managerId")
        found["manager_id"] = manager_id
    return found


async def may_switch(session: AsyncSession, caller: Identity, user: UserRow) -> None:
    """Refuse to deactivate or bring back whoever may do more than the caller."""
    allowed = await writes.permissions_of(session, user.id)
    if not policy.can_grant(caller, allowed):
        raise refuse(Code.FORBIDDEN, "This person may do more than you may.", "active")
    if user.active and await writes.is_last_admin(session, user.id):
        raise refuse(
            Code.LAST_ADMIN, "This is the last active administrator.", "active"
        )


async def _role(session: AsyncSession, key: str) -> RoleRow:
    role = await writes.role_by_key(session, key)
    if role is None:
        raise refuse(Code.NOT_FOUND, "There is no such role.", "roleKeys")
    refuse_retired(role, "roleKeys")
    return role
