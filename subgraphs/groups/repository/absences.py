"""What somebody noted of their availability; runs inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.groups.models import Availability, AvailabilityRow

ABSENCES: Final = 2
"""Tells the locks of absences from others on the same text."""


class Absence(NamedTuple):
    """That somebody can be given less work, or none; ``until`` None has no end."""

    starts_at: datetime
    until: datetime | None
    availability: Availability


async def lock_absences(session: AsyncSession, user_id: str) -> None:
    """Let nobody else note this person's absences until this transaction ends."""
    key = func.hashtextextended(user_id, ABSENCES)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def absences_of(
    session: AsyncSession, user_id: str, now: datetime
) -> list[Absence]:
    """Read what somebody noted and what is not over, by when it begins."""
    row = AvailabilityRow
    found = await session.execute(
        select(row.starts_at, row.until, row.availability)
        .where(row.user_id == user_id, or_(row.until.is_(None), row.until > now))
        .order_by(row.starts_at)
    )
    return [Absence(*row) for row in found]


async def put_absences(
    session: AsyncSession, user_id: str, absences: Sequence[Absence]
) -> None:
    """Keep these absences of somebody, and no others."""
    await session.execute(
        delete(AvailabilityRow).where(AvailabilityRow.user_id == user_id)
    )
    if absences:
        rows = [{"user_id": user_id, **each._asdict()} for each in absences]
        await session.execute(insert(AvailabilityRow), rows)
