"""What somebody gets who proved who they are: an access and a refresh token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.models import RefreshTokenRow, SessionRow
from subgraphs.auth.repository import keys
from subgraphs.auth.service.authority import (
    AccessToken,
    Authority,
    digest,
    draw_secret,
)

REFRESH_PREFIX: Final = "hnr"


@dataclass(frozen=True, slots=True)
class Grant:
    """The tokens of one session."""

    user_id: str
    session_id: str
    access: AccessToken
    refresh_token: str
    refresh_expires_at: datetime


async def grant(authority: Authority, session: AsyncSession, row: SessionRow) -> Grant:
    """Draw a refresh token of a session's present generation, and sign its access.

    It happens inside the unit of work that holds the session's row: whoever ends
    the session or changes its rights comes before this token, or takes it back.
    """
    secret = draw_secret(REFRESH_PREFIX)
    session.add(
        RefreshTokenRow(
            digest=digest(secret), session_id=row.id, generation=row.generation
        )
    )
    access = await authority.issue(
        row.user_id,
        row.scopes,
        roles=row.roles,
        session_id=row.id,
        not_before=await keys.not_before_of(session, row.user_id),
    )
    return Grant(row.user_id, row.id, access, secret, row.expires_at)


def disabled() -> RejectedError:
    """Make the answer to somebody whose account is not active."""
    return RejectedError(
        AuthErrorCode.ACCOUNT_DISABLED, "This account is disabled; ask your IT."
    )
