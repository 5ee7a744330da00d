"""What goes with a person who is erased."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.users.models import DepartmentRow, RoleAssignmentRow, RoleRow


async def take_roles(
    session: AsyncSession, user_id: str
) -> list[tuple[str, RoleAssignmentRow]]:
    """Take every role of somebody; give their keys, and where they were held."""
    held = await session.execute(
        select(RoleRow.key, RoleAssignmentRow)
        .join(RoleRow, RoleRow.id == RoleAssignmentRow.role_id)
        .where(RoleAssignmentRow.user_id == user_id)
        .order_by(RoleAssignmentRow.id)
    )
    found = [(row[0], row[1]) for row in held]
    await session.execute(
        delete(RoleAssignmentRow).where(RoleAssignmentRow.user_id == user_id)
    )
    return found


async def take_departments(session: AsyncSession, user_id: str) -> list[DepartmentRow]:
    """Leave the departments that somebody led without a head; give them."""
    wanted = select(DepartmentRow).where(DepartmentRow.head_id == user_id)
    rows = list(await session.scalars(wanted.with_for_update(key_share=True)))
    for row in rows:
        row.head_id = None
        row.version += 1
    return rows
