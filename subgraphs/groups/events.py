"""What happens in groups, that others may follow.

An event carries all that is known after it, so that whoever follows needs to ask
nobody: a copy is built of events alone. Each is written in the transaction that made
it, by whoever holds the group, or the person's availability.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.outbox import FeedSource, record
from kit.scalars import write_instant
from subgraphs.groups.models import (
    EVENTS,
    FEED_CLOCK,
    Availability,
    GroupMemberRow,
    GroupRow,
)
from subgraphs.groups.repository.absences import Absence


class GroupEventKind(Enum):
    """What can happen; consumers leave out what they do not know."""

    GROUP_CREATED = "GROUP_CREATED"
    GROUP_CHANGED = "GROUP_CHANGED"
    MEMBERS_ADDED = "MEMBERS_ADDED"
    MEMBERS_CHANGED = "MEMBERS_CHANGED"
    MEMBERS_REMOVED = "MEMBERS_REMOVED"
    AVAILABILITY_CHANGED = "AVAILABILITY_CHANGED"


FEED: Final = FeedSource("groups", EVENTS, FEED_CLOCK, dict(EVENTS.c))

WATCHED: Final = FeedSource(
    "groups watched",
    EVENTS,
    FEED_CLOCK,
    {name: EVENTS.c[name] for name in ("id", "entity_id", "kind")},
)
"""The feed for those who are subscribed: what of an event says whose it is."""

OF_MEMBERS: Final = frozenset(
    kind.value
    for kind in (
        GroupEventKind.MEMBERS_ADDED,
        GroupEventKind.MEMBERS_CHANGED,
        GroupEventKind.MEMBERS_REMOVED,
    )
)
"""The kinds that tell who is in a group."""


async def group_created(
    session: AsyncSession, caller: Identity, group: GroupRow
) -> None:
    """Tell of a group that was added."""
    kind = GroupEventKind.GROUP_CREATED
    await record(session, EVENTS, caller, kind, of=group.id, payload=whole(group))


async def group_changed(
    session: AsyncSession, caller: Identity, group: GroupRow
) -> None:
    """Tell what a group is now."""
    kind = GroupEventKind.GROUP_CHANGED
    await record(session, EVENTS, caller, kind, of=group.id, payload=whole(group))


def whole(group: GroupRow) -> dict[str, str | None]:
    """Write all of a group but its members."""
    return {
        "name": group.name,
        "kind": group.kind.value,
        "parentId": group.parent_id,
        "departmentId": group.department_id,
        "leadId": group.lead_id,
        "email": group.email,
        "assignmentPolicy": group.assignment_policy.value,
        "absentAssignees": group.absent_assignees.value,
    }


async def members_added(
    session: AsyncSession,
    caller: Identity,
    group_id: str,
    user_ids: Sequence[str],
    *,
    skills: Sequence[str],
    capacity: int | None,
) -> None:
    """Tell who came into a group."""
    told = {"userIds": user_ids, "skills": skills, "capacity": capacity}
    await record(
        session, EVENTS, caller, GroupEventKind.MEMBERS_ADDED, of=group_id, payload=told
    )


async def member_changed(
    session: AsyncSession, caller: Identity, member: GroupMemberRow
) -> None:
    """Tell what somebody is in a group now."""
    told = {
        "userIds": [member.user_id],
        "skills": member.skills,
        "capacity": member.capacity,
    }
    kind = GroupEventKind.MEMBERS_CHANGED
    await record(session, EVENTS, caller, kind, of=member.group_id, payload=told)


async def members_removed(
    session: AsyncSession, caller: Identity, group_id: str, user_ids: Sequence[str]
) -> None:
    """Tell who left a group."""
    told = {"userIds": user_ids}
    kind = GroupEventKind.MEMBERS_REMOVED
    await record(session, EVENTS, caller, kind, of=group_id, payload=told)


async def availability_changed(
    session: AsyncSession,
    caller: Identity,
    user_id: str,
    availability: Availability,
    *,
    starts_at: datetime | None,
    until: datetime | None,
    absences: Sequence[Absence],
) -> None:
    """Tell whether somebody can be given work; the entity is the person.

    ``starts_at`` None is from now on. ``absences`` is all that is noted of them now.
    """
    told = {
        "availability": availability.value,
        "startsAt": starts_at and write_instant(starts_at),
        "until": until and write_instant(until),
        "absences": [
            {
                "availability": each.availability.value,
                "startsAt": write_instant(each.starts_at),
                "until": each.until and write_instant(each.until),
            }
            for each in absences
        ],
    }
    kind = GroupEventKind.AVAILABILITY_CHANGED
    await record(session, EVENTS, caller, kind, of=user_id, payload=told)
