"""Who is in a group, with which skills and capacity."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from subgraphs.groups import events
from subgraphs.groups.errors import GroupErrorCode as Code
from subgraphs.groups.repository import writes
from subgraphs.groups.service.groups import fresh_group, require_manager, touch
from subgraphs.groups.service.words import capacity_of, refuse, skills_of


async def add_group_members(
    session: AsyncSession,
    caller: Identity,
    *,
    group_id: str,
    expected_version: int | None,
    user_ids: Sequence[str],
    skills: Sequence[str] | None,
    capacity: int | None,
) -> str:
    """Put people who are known to exist into a group: all of them or none.

    Returns the group's id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, STALE, REQUIRED, INVALID, TOO_LONG or
            ALREADY_MEMBER.

    """
    require_manager(caller)
    group = await fresh_group(session, group_id, expected_version, "groupId")
    them = somebody(user_ids)
    known, limit = skills_of(skills), capacity_of(capacity)
    there = await writes.members_among(session, group_id, them)
    for n, each in enumerate(user_ids):
        if each in there:
            raise refuse(
                Code.ALREADY_MEMBER, "This person is in it.", "userIds", str(n)
            )
    await writes.add_members(session, group_id, them, skills=known, capacity=limit)
    touch(group)
    await events.members_added(
        session, caller, group_id, them, skills=known, capacity=limit
    )
    return group_id


async def remove_group_members(
    session: AsyncSession,
    caller: Identity,
    *,
    group_id: str,
    expected_version: int | None,
    user_ids: Sequence[str],
) -> str:
    """Take people out of a group, all of them or none; return the group's id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, STALE, REQUIRED or NOT_MEMBER.

    """
    require_manager(caller)
    group = await fresh_group(session, group_id, expected_version, "groupId")
    them = somebody(user_ids)
    there = await writes.members_among(session, group_id, them)
    for n, each in enumerate(user_ids):
        if each not in there:
            raise refuse(
                Code.NOT_MEMBER, "This person is not in it.", "userIds", str(n)
            )
    await writes.remove_members(session, group_id, them)
    touch(group)
    await events.members_removed(session, caller, group_id, them)
    return group_id


def somebody(user_ids: Sequence[str]) -> list[str]:
    """Take each id once, of one person at least.

    Raises:
        RejectedError: REQUIRED.

    """
    if not user_ids:
        raise refuse(Code.REQUIRED, "'userIds' names nobody.", "userIds")
    return list(dict.fromkeys(user_ids))


async def update_group_member(
    session: AsyncSession,
    caller: Identity,
    *,
    group_id: str,
    user_id: str,
    expected_version: int | None,
    changes: Mapping[str, Any],
) -> str:
    """Change what somebody can do in a group, and how much; return the group's id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, STALE, NOT_MEMBER, INVALID or TOO_LONG.

    """
    require_manager(caller)
    group = await fresh_group(session, group_id, expected_version, "groupId")
    new: dict[str, Any] = {}
    if "skills" in changes:
        new["skills"] = skills_of(changes["skills"])
    if "capacity" in changes:
        new["capacity"] = capacity_of(changes["capacity"])
    member = await writes.lock_member(session, group_id, user_id)
    if member is None:
        raise refuse(Code.NOT_MEMBER, "This person is not in it.", "userId")
    changed = {name: v for name, v in new.items() if getattr(member, name) != v}
    for name, value in changed.items():
        setattr(member, name, value)
    if changed:
        touch(group)
        await events.member_changed(session, caller, member)
    return group_id
