"""What an import needs to know at once, and writes at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.users.models import (
    DepartmentRow,
    RoleAssignmentRow,
    RoleRow,
    RoleScope,
    UserRow,
)


@dataclass(frozen=True, slots=True)
class Known:
    """People by address, departments by code and by name, roles by key.

    ``held`` has the ids of the roles that each person holds everywhere.
    """

    users: Mapping[str, UserRow]
    departments: Mapping[str, set[str]]
    roles: Mapping[str, RoleRow]
    held: Mapping[str, set[str]]


async def know(session: AsyncSession, emails: Collection[str]) -> Known:
    """Read what rows may name; these people nobody else may change until the end."""
    wanted = select(UserRow).where(UserRow.email.in_(emails)).order_by(UserRow.id)
    found = list(await session.scalars(wanted.with_for_update(key_share=True)))
    departments: dict[str, set[str]] = {}
    for row in await session.scalars(select(DepartmentRow)):
        departments.setdefault(row.name.casefold(), set()).add(row.id)
    for row in await session.scalars(select(DepartmentRow)):
        departments[row.code] = {row.id}
    held: dict[str, set[str]] = {}
    assigned = select(RoleAssignmentRow).where(
        RoleAssignmentRow.user_id.in_([user.id for user in found]),
        RoleAssignmentRow.scope == RoleScope.GLOBAL,
    )
    for row in await session.scalars(assigned):
        held.setdefault(row.user_id, set()).add(row.role_id)
    roles = {role.key: role for role in await session.scalars(select(RoleRow))}
    return Known({user.email: user for user in found}, departments, roles, held)


async def managers(session: AsyncSession) -> dict[str, str]:
    """Say who reports to whom."""
    rows = await session.execute(
        select(UserRow.id, UserRow.manager_id).where(UserRow.manager_id.is_not(None))
    )
    return {row.id: row.manager_id for row in rows}


async def add_users(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Add people in one statement; False, where an address is somebody's."""
    if not rows:
        return True
    added = (
        insert(UserRow)
        .values([dict(row) for row in rows])
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(UserRow.id)
    )
    return len(list(await session.scalars(added))) == len(rows)


async def add_assignments(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Give roles, but for those that are held already."""
    if rows:
        given = insert(RoleAssignmentRow).values([dict(row) for row in rows])
        await session.execute(given.on_conflict_do_nothing())
