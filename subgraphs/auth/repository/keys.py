"""How signing keys and revocations are found, added and dropped."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    DateTime,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Query
from subgraphs.auth.models import RevocationRow, SigningKeyRow

KEYS_LOCK: Final = 0x4B455953
"""The bytes of "KEYS": held while keys are looked at and made."""

FEED_LOCK: Final = 0x46454544
"""The bytes of "FEED": held from taking a number to the commit."""

_ALONE: Final = text("SELECT pg_advisory_xact_lock(:key)")

PUBLISHED_KEYS: Final = Query(
    select(
        SigningKeyRow.kid,
        SigningKeyRow.public_jwk,
        SigningKeyRow.private_pem,
        SigningKeyRow.created_at,
        SigningKeyRow.use_from,
    )
    .where(
        or_(
            SigningKeyRow.retires_at.is_(None),
            SigningKeyRow.retires_at > bindparam("now", type_=DateTime(timezone=True)),
        )
    )
    .order_by(SigningKeyRow.use_from, SigningKeyRow.kid)
)
_NEWEST: Final = select(func.coalesce(func.max(RevocationRow.number), 0))
REVOCATIONS_AFTER: Final = Query(
    select(RevocationRow.number, RevocationRow.who, RevocationRow.not_before)
    .where(RevocationRow.number > bindparam("after", type_=BigInteger()))
    .order_by(RevocationRow.number)
)
LAST_REVOCATION: Final = Query(_NEWEST)


async def lock_keys(session: AsyncSession) -> Sequence[SigningKeyRow]:
    """Read all keys, oldest first; no other process rotates before this one ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(:key)"), {"key": KEYS_LOCK}
    )
    keys = await session.scalars(
        select(SigningKeyRow).order_by(SigningKeyRow.use_from, SigningKeyRow.kid)
    )
    return keys.all()


async def retire_keys(
    session: AsyncSession, but: str, retires_at: datetime, now: datetime
) -> None:
    """Set when all keys but one retire at the latest; drop those that have."""
    latest = func.least(SigningKeyRow.retires_at, retires_at)  # passes over nulls
    await session.execute(
        update(SigningKeyRow).where(SigningKeyRow.kid != but).values(retires_at=latest)
    )
    await drop_keys(session, now)


async def drop_keys(session: AsyncSession, now: datetime) -> None:
    """Delete retired keys, and with them their private halves."""
    await session.execute(delete(SigningKeyRow).where(SigningKeyRow.retires_at <= now))


async def not_before_of(session: AsyncSession, who: str) -> int:
    """Say up to which second somebody's tokens were taken back; 0 is never."""
    found = await session.scalar(
        select(func.max(RevocationRow.not_before)).where(RevocationRow.who == who)
    )
    return found or 0


async def publish_revocations(
    session: AsyncSession, revoked: Mapping[str, int], now: datetime
) -> None:
    """Add to the feed; do it last in the unit of work.

    Numbers are committed in their order: without the lock a follower could see
    number 6 before 5 was committed, and would never ask for 5.
    """
    if not revoked:
        return
    await session.execute(_ALONE, {"key": FEED_LOCK})
    session.add_all(
        RevocationRow(who=who, not_before=not_before, created_at=now)
        for who, not_before in revoked.items()
    )
    await session.flush()


async def drop_revocations(session: AsyncSession, before: datetime) -> None:
    """Delete what concerns only expired tokens, but the newest: it keeps the count."""
    await session.execute(
        delete(RevocationRow).where(
            RevocationRow.created_at < before,
            RevocationRow.number < _NEWEST.scalar_subquery(),
        )
    )
