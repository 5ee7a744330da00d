"""Adding, changing and moving departments."""

from typing import TypedDict

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.ids import new_id
from kit.writes import check_version
from subgraphs.users import events, policy
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import LONGEST_CODE, LONGEST_NAME, DepartmentRow
from subgraphs.users.repository import writes
from subgraphs.users.service.words import line, refuse


class DepartmentChanges(TypedDict, total=False):
    """What is to change about a department: absent is unchanged, None clears."""

    code: str | None
    name: str | None
    parent_id: str | None
    head_id: str | None


async def create_department(
    session: AsyncSession, caller: Identity, *, details: DepartmentChanges
) -> str:
    """Add a department, at the top or inside another, and return its id.

    Raises:
        RejectedError: FORBIDDEN, REQUIRED, TOO_LONG, INVALID, NOT_FOUND or TAKEN.

    """
    if not policy.can_manage_departments(caller):
        raise refuse(Code.FORBIDDEN, "You may not add departments.")
    await writes.lock_tree(session, writes.DEPARTMENT_TREE)
    department_id = new_id("dep")
    values = {
        "id": department_id,
        "version": 1,
        "code": line(details.get("code"), LONGEST_CODE, "code"),
        "name": line(details.get("name"), LONGEST_NAME, "name"),
        **await _checked(session, details),
    }
    if not await writes.add_department(session, values):
        raise refuse(Code.TAKEN, "Another department has this code.", "code")
    await events.department_created(session, caller, DepartmentRow(**values))
    return department_id


async def update_department(
    session: AsyncSession,
    caller: Identity,
    *,
    department_id: str,
    expected_version: int | None,
    changes: DepartmentChanges,
) -> str:
    """Change what is given about a department, and return its id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, STALE, REQUIRED, TOO_LONG, INVALID, TAKEN
            or CYCLE.

    """
    if not policy.can_manage_departments(caller):
        raise refuse(Code.FORBIDDEN, "You may not change departments.")
    await writes.lock_tree(session, writes.DEPARTMENT_TREE)
    department = await writes.lock_department(session, department_id)
    if department is None:
        raise refuse(Code.NOT_FOUND, "There is no such department.", "id")
    check_version(department, expected_version, Code.STALE, "This department")
    wanted = await _checked(session, changes)
    new = {name: v for name, v in wanted.items() if getattr(department, name) != v}
    await _refuse_clashes(session, department, new)
    for name, value in new.items():
        setattr(department, name, value)
    if new:
        department.version += 1
        department.updated_at = func.now()
        await events.department_changed(session, caller, department)
    return department_id


async def _refuse_clashes(
    session: AsyncSession, department: DepartmentRow, new: dict[str, str | None]
) -> None:
    code, parent_id = new.get("code"), new.get("parent_id")
    if code and await writes.code_is_taken(session, code):
        raise refuse(Code.TAKEN, "Another department has this code.", "code")
    if parent_id and await writes.is_inside(session, parent_id, department.id):
        raise refuse(Code.CYCLE, "That department lies inside this one.", "parentId")


async def _checked(
    session: AsyncSession, given: DepartmentChanges
) -> dict[str, str | None]:
    """Check each field that is given; what may not be empty is not cleared."""
    found: dict[str, str | None] = {}
    if "code" in given:
        found["code"] = line(given["code"], LONGEST_CODE, "code")
    if "name" in given:
        found["name"] = line(given["name"], LONGEST_NAME, "name")
    if "parent_id" in given:
        parent_id = found["parent_id"] = given["parent_id"]
        if parent_id is not None and not await writes.department_exists(
            session, parent_id
        ):
            raise refuse(Code.NOT_FOUND, "There is no such department.", "parentId")
    if "head_id" in given:
        head_id = found["head_id"] = given["head_id"]
        if head_id is not None and not await writes.user_exists(session, head_id):
            raise refuse(Code.NOT_FOUND, "There is no such person.", "headId")
    return found
