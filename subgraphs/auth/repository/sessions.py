"""How sessions and their refresh tokens are found, begun, rotated and ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ARRAY, DateTime, and_, any_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import IdText, Query
from subgraphs.auth.models import EndReason, RefreshTokenRow, SessionRow

_VISIBLE: Final = (
    SessionRow.id,
    SessionRow.user_id,
    SessionRow.created_at,
    SessionRow.last_seen_at,
    SessionRow.ip_address,
    SessionRow.user_agent,
    SessionRow.device_name,
)
_NOW: Final = bindparam("now", type_=DateTime(timezone=True))
_OPEN: Final = and_(SessionRow.ended_at.is_(None), SessionRow.expires_at > _NOW)

OPEN_SESSIONS_BY_ID: Final = Query(
    select(*_VISIBLE).where(
        SessionRow.id == any_(bindparam("ids", type_=ARRAY(IdText))), _OPEN
    )
)
OPEN_SESSIONS_BY_USER: Final = Query(
    select(*_VISIBLE)
    .where(SessionRow.user_id == any_(bindparam("ids", type_=ARRAY(IdText))), _OPEN)
    .order_by(SessionRow.user_id, SessionRow.last_seen_at.desc(), SessionRow.id)
)
SESSION_BY_REFRESH_TOKEN: Final = Query(
    select(
        SessionRow.id,
        SessionRow.user_id,
        SessionRow.generation,
        SessionRow.rotated_at,
        SessionRow.created_at,
        SessionRow.expires_at,
        SessionRow.ended_at,
        RefreshTokenRow.generation.label("token_generation"),
    )
    .join_from(RefreshTokenRow, SessionRow)
    .where(RefreshTokenRow.digest == bindparam("digest", type_=BYTEA()))
)
SEEN_SINCE: Final = Query(
    select(SessionRow.id, SessionRow.user_id, SessionRow.scopes, SessionRow.roles)
    .where(
        SessionRow.ended_at.is_(None),
        SessionRow.last_seen_at > bindparam("since", type_=DateTime(timezone=True)),
    )
    .order_by(SessionRow.user_id)
)


async def lock_session(session: AsyncSession, session_id: str) -> SessionRow | None:
    """Read a session that nobody else may change before this unit of work ends."""
    return await session.get(SessionRow, session_id, with_for_update=True)


async def end_sessions(
    session: AsyncSession,
    reason: EndReason,
    now: datetime,
    *,
    user_id: str | None = None,
    session_id: str | None = None,
    spare: str | None = None,
) -> Sequence[str]:
    """End one open session, or those of a user (but the one to spare).

    Returns the ids of the sessions that were open and are not any more.
    """
    ending = update(SessionRow).where(SessionRow.ended_at.is_(None))
    if session_id is not None:
        ending = ending.where(SessionRow.id == session_id)
    if user_id is not None:
        ending = ending.where(SessionRow.user_id == user_id)
    if spare is not None:
        ending = ending.where(SessionRow.id != spare)
    ended = await session.scalars(
        ending.values(ended_at=now, end_reason=reason).returning(SessionRow.id)
    )
    return ended.all()


async def note_rights(
    session: AsyncSession, user_id: str, scopes: Sequence[str], roles: Sequence[str]
) -> None:
    """Remember what users says now of someone's rights."""
    await session.execute(
        update(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
        .values(scopes=list(scopes), roles=list(roles))
    )


async def drop_sessions(session: AsyncSession, before: datetime) -> None:
    """Delete sessions that expired before an instant, with their tokens."""
    await session.execute(delete(SessionRow).where(SessionRow.expires_at < before))
