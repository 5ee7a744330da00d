"""Who is in a group, and who can be given work."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from subgraphs.groups import events, policy
from subgraphs.groups.errors import GroupErrorCode as Code
from subgraphs.groups.models import MOST_ABSENCES, Availability
from subgraphs.groups.repository import writes
from subgraphs.groups.service.groups import fresh_group, require_manager, touch
from subgraphs.groups.service.words import capacity_of, refuse, skills_of

FURTHEST: Final = timedelta(days=731)
"""How far ahead somebody can say that they will be away."""


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


async def set_availability(
    session: AsyncSession,
    caller: Identity,
    *,
    user_id: str | None,
    availability: Availability,
    starts_at: datetime | None,
    until: datetime | None,
) -> str:
    """Say whether somebody can be given work, from when until when; return their id.

    Without ``user_id`` it is the caller's own; ``starts_at`` None is now.

    Raises:
        RejectedError: FORBIDDEN for who is no person, or says it of somebody else
            without the right to; INVALID for an end that is past or before the
            beginning, or that being available has; TOO_LONG for too many.

    """
    whose = user_id or caller.subject
    if not policy.can_set_availability(caller, whose):
        raise refuse(Code.FORBIDDEN, "Only people are available, or not.")
    now = datetime.now(UTC)
    begins = max(starts_at or now, now)
    if availability is Availability.AVAILABLE and (until or starts_at):
        raise refuse(Code.INVALID, "Being available has no end.", "until")
    check_period(now, begins, until)
    await writes.lock_absences(session, whose)
    if begins == now:
        await writes.drop_absences(session, whose, now)
    if availability is not Availability.AVAILABLE:
        await writes.set_availability(session, whose, availability, begins, until)
    if await writes.count_absences(session, whose) > MOST_ABSENCES:
        raise refuse(
            Code.TOO_LONG, f"At most {MOST_ABSENCES} can be noted.", "startsAt"
        )
    await events.availability_changed(
        session,
        caller,
        whose,
        availability,
        starts_at=begins if begins > now else None,
        until=until,
    )
    return whose


def check_period(now: datetime, begins: datetime, until: datetime | None) -> None:
    """Refuse a time that cannot be.

    Raises:
        RejectedError: INVALID.

    """
    if until is not None and until <= now:
        raise refuse(Code.INVALID, "'until' has passed.", "until")
    if until is not None and until <= begins:
        raise refuse(Code.INVALID, "It ends before it begins.", "until")
    if begins > now + FURTHEST:
        raise refuse(Code.INVALID, "'startsAt' is too far away.", "startsAt")
