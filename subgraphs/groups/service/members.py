"""Who is in a group, and who can be given work."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from subgraphs.groups import events, policy
from subgraphs.groups.errors import GroupErrorCode as Code
from subgraphs.groups.models import Availability
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
    if await writes.members_among(session, group_id, them):
        raise refuse(Code.ALREADY_MEMBER, "Somebody of them is in it.", "userIds")
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
    if await writes.members_among(session, group_id, them) != set(them):
        raise refuse(Code.NOT_MEMBER, "Somebody of them is not in it.", "userIds")
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


async def set_availability(
    session: AsyncSession,
    caller: Identity,
    *,
    availability: Availability,
    until: datetime | None,
) -> str:
    """Say whether the caller can be given work, until when; return their id.

    Raises:
        RejectedError: FORBIDDEN for who is no person, INVALID for an end that is past
            or that being available has.

    """
    if not policy.can_set_availability(caller):
        raise refuse(Code.FORBIDDEN, "Only people are available, or not.")
    if until is not None and availability is Availability.AVAILABLE:
        raise refuse(Code.INVALID, "Being available has no end.", "until")
    if until is not None and until <= datetime.now(UTC):
        raise refuse(Code.INVALID, "'until' has passed.", "until")
    await writes.set_availability(session, caller.subject, availability, until)
    await events.availability_changed(
        session, caller, caller.subject, availability, until
    )
    return caller.subject
