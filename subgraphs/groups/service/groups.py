"""Adding, changing and moving groups."""

from typing import TypedDict

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.ids import new_id
from kit.writes import check_version
from subgraphs.groups import events, policy
from subgraphs.groups.errors import GroupErrorCode as Code
from subgraphs.groups.models import (
    LONGEST_NAME,
    AbsentAssignees,
    AssignmentPolicy,
    GroupKind,
    GroupRow,
)
from subgraphs.groups.repository import writes
from subgraphs.groups.service.words import email_address, line, name_key, refuse


class GroupChanges(TypedDict, total=False):
    """What is to change about a group: absent is unchanged, None clears."""

    name: str | None
    kind: GroupKind | None
    parent_id: str | None
    department_id: str | None
    lead_id: str | None
    email: str | None
    assignment_policy: AssignmentPolicy | None
    absent_assignees: AbsentAssignees | None


async def create_group(
    session: AsyncSession, caller: Identity, *, details: GroupChanges
) -> str:
    """Add a group whose lead and department are known to exist; return its id.

    Raises:
        RejectedError: FORBIDDEN, REQUIRED, TOO_LONG, INVALID, NOT_FOUND or TAKEN.

    """
    require_manager(caller)
    await writes.lock_tree(session)
    group_id = new_id("grp")
    name = line(details.get("name"), LONGEST_NAME, "name")
    values = {
        "id": group_id,
        "version": 1,
        "assignment_policy": AssignmentPolicy.MANUAL,
        "absent_assignees": AbsentAssignees.WARN,
        **await _checked(session, details),
        "name": name,
        "name_key": name_key(name),
    }
    if not await writes.add_group(session, values):
        raise refuse(Code.TAKEN, "Another group has this name.", "name")
    await events.group_created(session, caller, GroupRow(**values))
    return group_id


async def update_group(
    session: AsyncSession,
    caller: Identity,
    *,
    group_id: str,
    expected_version: int | None,
    changes: GroupChanges,
) -> str:
    """Change what is given about a group, and return its id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, STALE, REQUIRED, TOO_LONG, INVALID, TAKEN
            or CYCLE.

    """
    require_manager(caller)
    await writes.lock_tree(session)
    group = await fresh_group(session, group_id, expected_version, "id")
    wanted = await _checked(session, changes)
    new = {name: v for name, v in wanted.items() if getattr(group, name) != v}
    parent_id = new.get("parent_id")
    if parent_id and await writes.is_inside(session, str(parent_id), group_id):
        raise refuse(Code.CYCLE, "That group lies inside this one.", "parentId")
    if "name" in new:
        name = str(new["name"])
        if await writes.name_is_taken(session, name_key(name), group_id):
            raise refuse(Code.TAKEN, "Another group has this name.", "name")
        new["name_key"] = name_key(name)
    for name, value in new.items():
        setattr(group, name, value)
    if new:
        touch(group)
        await events.group_changed(session, caller, group)
    return group_id


def require_manager(caller: Identity) -> None:
    """Refuse who may not change groups.

    Raises:
        RejectedError: FORBIDDEN.

    """
    if not policy.can_manage_groups(caller):
        raise refuse(Code.FORBIDDEN, "You may not change groups.")


async def fresh_group(
    session: AsyncSession, group_id: str, expected_version: int | None, path: str
) -> GroupRow:
    """Lock a group that is of the version expected.

    Raises:
        RejectedError: NOT_FOUND or STALE.

    """
    group = await writes.lock_group(session, group_id)
    if group is None:
        raise refuse(Code.NOT_FOUND, "There is no such group.", path)
    check_version(group, expected_version, Code.STALE, "This group")
    return group


def touch(group: GroupRow) -> None:
    """Note that a group has changed."""
    group.version += 1
    group.updated_at = func.now()


async def _checked(session: AsyncSession, given: GroupChanges) -> dict[str, object]:
    """Check each field that is given; what may not be empty is not cleared."""
    found: dict[str, object] = {}
    if "name" in given:
        found["name"] = line(given["name"], LONGEST_NAME, "name")
    if "email" in given:
        found["email"] = email_address(given["email"])
    if "parent_id" in given:
        parent_id = found["parent_id"] = given["parent_id"]
        if parent_id is not None and not await writes.group_exists(session, parent_id):
            raise refuse(Code.NOT_FOUND, "There is no such group.", "parentId")
    for name, said in (
        ("kind", "kind"),
        ("assignment_policy", "assignmentPolicy"),
        ("absent_assignees", "absentAssignees"),
    ):
        if name in given:
            found[name] = required(given[name], said)
    if "department_id" in given:
        found["department_id"] = given["department_id"]
    return found | ({"lead_id": given["lead_id"]} if "lead_id" in given else {})


def required(value: object, field: str) -> object:
    """Take a value that cannot be cleared.

    Raises:
        RejectedError: REQUIRED.

    """
    if value is None:
        raise refuse(Code.REQUIRED, f"'{field}' cannot be cleared.", field)
    return value
