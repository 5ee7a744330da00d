"""The copy of groups: written as their events say, and read inside units of work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.scalars import read_instant
from subgraphs.tickets.models import (
    KnownAvailabilityRow,
    KnownGroupRow,
    KnownMemberRow,
)

AVAILABLE = "AVAILABLE"


async def put_group(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Know a group as it is now, in place of what was known."""
    row = insert(KnownGroupRow).values(**values)
    await session.execute(
        row.on_conflict_do_update(index_elements=["id"], set_=dict(values))
    )


async def put_members(
    session: AsyncSession,
    group_id: str,
    user_ids: Sequence[str],
    *,
    skills: Sequence[str],
    capacity: int | None,
    at: datetime,
) -> None:
    """Know people to be in a group."""
    if not user_ids:
        return
    row = insert(KnownMemberRow)
    noted = {name: row.excluded[name] for name in ("skills", "capacity")}
    await session.execute(
        row.on_conflict_do_update(index_elements=["group_id", "user_id"], set_=noted),
        [
            {
                "group_id": group_id,
                "user_id": user_id,
                "skills": list(skills),
                "capacity": capacity,
                "joined_at": at,
            }
            for user_id in user_ids
        ],
    )


async def drop_members(
    session: AsyncSession, group_id: str, user_ids: Sequence[str]
) -> None:
    """Know people to be in a group no longer."""
    await session.execute(
        delete(KnownMemberRow).where(
            KnownMemberRow.group_id == group_id,
            KnownMemberRow.user_id.in_(list(user_ids)),
        )
    )


async def drop_begun(session: AsyncSession, user_id: str, now: datetime) -> None:
    """Know no more of what has begun of somebody's absences; what lies ahead stays."""
    noted = KnownAvailabilityRow
    gone = delete(noted).where(noted.user_id == user_id, noted.starts_at <= now)
    await session.execute(gone)


async def put_availability(
    session: AsyncSession,
    user_id: str,
    availability: str,
    starts_at: datetime,
    until: datetime | None,
) -> None:
    """Know whether somebody can be given work, in place of what it covers."""
    noted = KnownAvailabilityRow
    covered = noted.starts_at >= starts_at
    if until is not None:
        covered &= noted.starts_at < until
    await session.execute(delete(noted).where(noted.user_id == user_id, covered))
    values = {"availability": availability, "starts_at": starts_at, "until": until}
    await session.execute(insert(noted).values(user_id=user_id, **values))


async def put_absences(
    session: AsyncSession, user_id: str, absences: Sequence[Mapping[str, Any]]
) -> None:
    """Know these absences of somebody, as events tell them, and no others."""
    noted = KnownAvailabilityRow
    await session.execute(delete(noted).where(noted.user_id == user_id))
    rows = [
        {
            "user_id": user_id,
            "availability": each["availability"],
            "starts_at": read_instant(each["startsAt"]),
            "until": each["until"] and read_instant(each["until"]),
        }
        for each in absences
    ]
    if rows:
        await session.execute(insert(noted), rows)


async def drop_all(session: AsyncSession) -> None:
    """Know nothing any more."""
    for kind in (KnownGroupRow, KnownMemberRow, KnownAvailabilityRow):
        await session.execute(delete(kind))


async def group_known(session: AsyncSession, group_id: str) -> KnownGroupRow | None:
    """Give what is known of a group: its lead, its policy, what it is for."""
    return await session.get(KnownGroupRow, group_id)


async def members_known(session: AsyncSession, group_id: str) -> list[KnownMemberRow]:
    """Give a group's members, who has been in it longest first."""
    return list(
        await session.scalars(
            select(KnownMemberRow)
            .where(KnownMemberRow.group_id == group_id)
            .order_by(KnownMemberRow.joined_at, KnownMemberRow.user_id)
        )
    )


async def available_members_known(
    session: AsyncSession, group_id: str, now: datetime
) -> list[KnownMemberRow]:
    """Give those of them who can be given work now, in the same order."""
    noted = KnownAvailabilityRow
    last = (
        select(noted.availability)
        .where(
            noted.user_id == KnownMemberRow.user_id,
            noted.starts_at <= now,
            or_(noted.until.is_(None), noted.until > now),
        )
        .order_by(noted.starts_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return list(
        await session.scalars(
            select(KnownMemberRow)
            .where(
                KnownMemberRow.group_id == group_id,
                func.coalesce(last, AVAILABLE) == AVAILABLE,
            )
            .order_by(KnownMemberRow.joined_at, KnownMemberRow.user_id)
        )
    )
