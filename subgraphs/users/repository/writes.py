"""What writes need to know and to lock; runs inside the caller's transaction."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Query, row_within
from kit.ids import is_id
from subgraphs.users.models import (
    ADMIN,
    DepartmentRow,
    RoleAssignmentRow,
    RoleRow,
    RoleScope,
    UserRow,
)

MANAGERS: Final = 1
DEPARTMENT_TREE: Final = 2
"""What `lock_tree` locks: who reports to whom, and what is inside what."""

_OF_USER: Final = (
    "id",
    "email",
    "name",
    "active",
    "locale",
    "time_zone",
    "department_id",
    "manager_id",
    "version",
)
_OF_ASSIGNMENT: Final = (
    "id",
    "user_id",
    "role_id",
    "scope",
    "department_id",
    "group_id",
    "granted_by_id",
)
_ADD_USER: Final = Query(
    insert(UserRow.__table__)  # pyright: ignore[reportArgumentType] - a mapped class's table is one
    .values({name: bindparam(name) for name in _OF_USER})
    .on_conflict_do_nothing(index_elements=["email"])
    .returning(UserRow.id)
)
_ADD_ASSIGNMENT: Final = Query(
    insert(RoleAssignmentRow.__table__)  # pyright: ignore[reportArgumentType] - a mapped class's table is one
    .values({name: bindparam(name) for name in _OF_ASSIGNMENT})
    .on_conflict_do_nothing()
    .returning(RoleAssignmentRow.id)
)
_ROLE_BY_KEY: Final = select(RoleRow).where(RoleRow.key == bindparam("key"))


async def lock_user(session: AsyncSession, user_id: str) -> UserRow | None:
    """Read a person whom nobody else may change until this transaction ends."""
    if not is_id(user_id, "usr"):
        return None
    wanted = select(UserRow).where(UserRow.id == user_id)
    return await session.scalar(wanted.with_for_update(key_share=True))


async def lock_department(
    session: AsyncSession, department_id: str
) -> DepartmentRow | None:
    """Read a department that nobody else may change until this transaction ends."""
    if not is_id(department_id, "dep"):
        return None
    wanted = select(DepartmentRow).where(DepartmentRow.id == department_id)
    return await session.scalar(wanted.with_for_update(key_share=True))


async def user_exists(session: AsyncSession, user_id: str) -> bool:
    """Say whether there is such a person."""
    return is_id(user_id, "usr") and await session.get(UserRow, user_id) is not None


async def department_exists(session: AsyncSession, department_id: str) -> bool:
    """Say whether there is such a department."""
    return (
        is_id(department_id, "dep")
        and await session.get(DepartmentRow, department_id) is not None
    )


async def role_by_key(session: AsyncSession, key: str) -> RoleRow | None:
    """Find a role."""
    if not key.isprintable():
        return None
    return await session.scalar(_ROLE_BY_KEY, {"key": key})


async def lock_role(session: AsyncSession, role_id: str) -> RoleRow | None:
    """Read a role that nobody else may change until this transaction ends."""
    if not is_id(role_id, "rol"):
        return None
    wanted = select(RoleRow).where(RoleRow.id == role_id)
    return await session.scalar(wanted.with_for_update(key_share=True))


async def add_role(session: AsyncSession, values: Mapping[str, Any]) -> bool:
    """Add a role, unless the key is another's."""
    row = insert(RoleRow).values(**values)
    added = row.on_conflict_do_nothing(index_elements=["key"])
    return await session.scalar(added.returning(RoleRow.id)) is not None


async def permissions_of(session: AsyncSession, user_id: str) -> set[str]:
    """Gather what a person's roles allow, wherever they are held."""
    held = (
        select(func.unnest(RoleRow.permissions))
        .join(RoleAssignmentRow, RoleAssignmentRow.role_id == RoleRow.id)
        .where(RoleAssignmentRow.user_id == user_id)
    )
    return set(await session.scalars(held))


async def is_last_admin(session: AsyncSession, user_id: str) -> bool:
    """Say whether this person alone is an active administrator of everything.

    Whoever asks holds the role's row until their transaction ends, so of two
    administrators who remove each other one is told that they are the last.
    """
    role = select(RoleRow.id).where(RoleRow.key == ADMIN).with_for_update()
    role_id = await session.scalar(role)
    admins = (
        select(UserRow.id)
        .join(RoleAssignmentRow, RoleAssignmentRow.user_id == UserRow.id)
        .where(
            RoleAssignmentRow.role_id == role_id,
            RoleAssignmentRow.scope == RoleScope.GLOBAL,
            UserRow.active,
        )
    )
    return set(await session.scalars(admins)) == {user_id}


async def lock_tree(session: AsyncSession, tree: int) -> None:
    """Keep everybody else from moving anything in a tree until this transaction ends.

    Two moves that are each harmless can make a circle together.
    """
    await session.execute(select(func.pg_advisory_xact_lock(tree, tree)))


async def reports_to(session: AsyncSession, user_id: str, boss_id: str) -> bool:
    """Say whether a person is the boss, or has them somewhere above."""
    above = (
        select(UserRow.id, UserRow.manager_id)
        .where(UserRow.id == user_id)
        .cte("above", recursive=True)
    )
    above = above.union(
        select(UserRow.id, UserRow.manager_id).join(
            above, UserRow.id == above.c.manager_id
        )
    )
    found = select(above.c.id).where(above.c.id == boss_id)
    return await session.scalar(found) is not None


async def is_inside(session: AsyncSession, department_id: str, outer_id: str) -> bool:
    """Say whether a department is the outer one, or lies somewhere inside it."""
    above = (
        select(DepartmentRow.id, DepartmentRow.parent_id)
        .where(DepartmentRow.id == department_id)
        .cte("above", recursive=True)
    )
    above = above.union(
        select(DepartmentRow.id, DepartmentRow.parent_id).join(
            above, DepartmentRow.id == above.c.parent_id
        )
    )
    found = select(above.c.id).where(above.c.id == outer_id)
    return await session.scalar(found) is not None


async def add_user(session: AsyncSession, values: Mapping[str, Any]) -> bool:
    """Add a person, unless the e-mail address is somebody's."""
    given = {**dict.fromkeys(_OF_USER), **values}
    return await row_within(session, _ADD_USER, **given) is not None


async def add_department(session: AsyncSession, values: Mapping[str, Any]) -> bool:
    """Add a department, unless the code is another's."""
    row = insert(DepartmentRow).values(**values)
    added = row.on_conflict_do_nothing(index_elements=["code"])
    return await session.scalar(added.returning(DepartmentRow.id)) is not None


async def code_is_taken(session: AsyncSession, code: str) -> bool:
    """Say whether a department has this code."""
    wanted = select(DepartmentRow.id).where(DepartmentRow.code == code)
    return await session.scalar(wanted) is not None


async def add_assignment(session: AsyncSession, values: Mapping[str, Any]) -> bool:
    """Give a role, unless it is held there already."""
    scope: RoleScope = values["scope"]
    given = {**dict.fromkeys(_OF_ASSIGNMENT), **values, "scope": scope.value}
    return await row_within(session, _ADD_ASSIGNMENT, **given) is not None


async def assignment(
    session: AsyncSession,
    *,
    user_id: str,
    role_id: str,
    scope: RoleScope,
    department_id: str | None,
    group_id: str | None,
) -> RoleAssignmentRow | None:
    """Find the role that a person holds in exactly this place."""
    held = RoleAssignmentRow
    return await session.scalar(
        select(held).where(
            held.user_id == user_id,
            held.role_id == role_id,
            held.scope == scope,
            held.department_id.is_not_distinct_from(department_id),
            held.group_id.is_not_distinct_from(group_id),
        )
    )


async def touch_user(session: AsyncSession, user_id: str) -> None:
    """Note that something about a person has changed."""
    await session.execute(
        update(UserRow)
        .where(UserRow.id == user_id)
        .values(version=UserRow.version + 1, updated_at=func.now())
    )
