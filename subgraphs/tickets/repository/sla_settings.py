"""Statements with which calendars and policies are changed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import BigInteger, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import (
    THE_REVISION,
    CalendarRow,
    CategoryRow,
    GoalRow,
    PolicyRow,
    Priority,
    RevisionRow,
    ServiceRow,
    SlaTarget,
)

Kept = TypeVar("Kept", CalendarRow, PolicyRow)


async def begin_change(session: AsyncSession) -> None:
    """Begin a new revision; whoever else changes something waits for this one.

    Numbers are microseconds of time, so that no two databases share one by chance.
    """
    now = cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
    statement = insert(RevisionRow).values(id=THE_REVISION, number=now)
    later = func.greatest(RevisionRow.number + 1, statement.excluded.number)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"number": later})
    )


async def lock(session: AsyncSession, kind: type[Kept], key: str) -> Kept | None:
    """Read a calendar or a policy, and hold it against every other writer."""
    return await session.get(kind, key, with_for_update=True)


async def named(
    session: AsyncSession, kind: type[CalendarRow | PolicyRow], name: str
) -> str | None:
    """Find the id of the one in use that has a name."""
    return await session.scalar(
        select(kind.id).where(kind.name == name, kind.retired_at.is_(None))
    )


async def policy_with(session: AsyncSession, calendar_id: str) -> str | None:
    """Find a policy in force that counts by a calendar."""
    return await session.scalar(
        select(PolicyRow.id)
        .where(PolicyRow.calendar_id == calendar_id, PolicyRow.retired_at.is_(None))
        .limit(1)
    )


async def policies_in_force(session: AsyncSession) -> tuple[int, int]:
    """Count the policies in force, and say the last one's position."""
    row = await session.execute(
        select(func.count(), func.coalesce(func.max(PolicyRow.position), 0)).where(
            PolicyRow.retired_at.is_(None)
        )
    )
    count, last = row.one()
    return count, last


async def goals_of(
    session: AsyncSession, policy_id: str
) -> dict[tuple[SlaTarget, Priority], timedelta]:
    """Read a policy's goals."""
    rows = await session.execute(
        select(GoalRow.target, GoalRow.priority, GoalRow.within).where(
            GoalRow.policy_id == policy_id
        )
    )
    return {(target, priority): within for target, priority, within in rows}


async def drop_goals(session: AsyncSession, policy_id: str) -> None:
    """Take a policy's goals away, for others."""
    await session.execute(delete(GoalRow).where(GoalRow.policy_id == policy_id))


async def existing(
    session: AsyncSession, kind: type[CategoryRow | ServiceRow], keys: Sequence[str]
) -> set[Any]:
    """Say which of these categories or services there are."""
    if not keys:
        return set()
    return set(await session.scalars(select(kind.id).where(kind.id.in_(keys))))
