"""What writes need to know and to lock; runs inside the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import is_id
from subgraphs.groups.models import GroupMemberRow, GroupRow

TREE: Final = 1
"""What `lock_tree` locks: which group is inside which."""


async def lock_group(session: AsyncSession, group_id: str) -> GroupRow | None:
    """Read a group that nobody else may change until this transaction ends."""
    if not is_id(group_id, "grp"):
        return None
    wanted = select(GroupRow).where(GroupRow.id == group_id)
    return await session.scalar(wanted.with_for_update(key_share=True))


async def lock_tree(session: AsyncSession) -> None:
    """Keep everybody else from moving groups until this transaction ends.

    Two moves that are each harmless can make a circle together.
    """
    await session.execute(select(func.pg_advisory_xact_lock(TREE, TREE)))


async def group_exists(session: AsyncSession, group_id: str) -> bool:
    """Say whether there is such a group."""
    return is_id(group_id, "grp") and await session.get(GroupRow, group_id) is not None


async def is_inside(session: AsyncSession, group_id: str, outer_id: str) -> bool:
    """Say whether a group is the outer one, or lies somewhere inside it."""
    above = (
        select(GroupRow.id, GroupRow.parent_id)
        .where(GroupRow.id == group_id)
        .cte("above", recursive=True)
    )
    above = above.union(
        select(GroupRow.id, GroupRow.parent_id).join(
            above, GroupRow.id == above.c.parent_id
        )
    )
    found = select(above.c.id).where(above.c.id == outer_id)
    return await session.scalar(found) is not None


async def add_group(session: AsyncSession, values: Mapping[str, Any]) -> bool:
    """Add a group, unless the name is another's."""
    row = insert(GroupRow).values(**values)
    added = row.on_conflict_do_nothing(index_elements=["name_key"])
    return await session.scalar(added.returning(GroupRow.id)) is not None


async def name_is_taken(session: AsyncSession, name_key: str, group_id: str) -> bool:
    """Say whether a group other than this one has the name."""
    taken = select(GroupRow.id).where(
        GroupRow.name_key == name_key, GroupRow.id != group_id
    )
    return await session.scalar(taken) is not None


async def members_among(
    session: AsyncSession, group_id: str, user_ids: Iterable[str]
) -> set[str]:
    """Say which of these people are in a group."""
    wanted = select(GroupMemberRow.user_id).where(
        GroupMemberRow.group_id == group_id,
        GroupMemberRow.user_id.in_(tuple(user_ids)),
    )
    return set(await session.scalars(wanted))


async def add_members(
    session: AsyncSession,
    group_id: str,
    user_ids: Sequence[str],
    *,
    skills: list[str],
    capacity: int | None,
) -> None:
    """Put people into a group."""
    rows = [
        {"group_id": group_id, "user_id": each, "skills": skills, "capacity": capacity}
        for each in user_ids
    ]
    await session.execute(insert(GroupMemberRow), rows)


async def remove_members(
    session: AsyncSession, group_id: str, user_ids: Iterable[str]
) -> None:
    """Take people out of a group."""
    gone = delete(GroupMemberRow).where(
        GroupMemberRow.group_id == group_id,
        GroupMemberRow.user_id.in_(tuple(user_ids)),
    )
    await session.execute(gone)


async def lock_member(
    session: AsyncSession, group_id: str, user_id: str
) -> GroupMemberRow | None:
    """Read somebody's membership, which nobody else may change until the end."""
    return await session.get(GroupMemberRow, (group_id, user_id), with_for_update=True)
