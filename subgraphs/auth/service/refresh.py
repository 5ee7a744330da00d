"""Refresh: an opaque token is exchanged for the next one and for an access token.

A refresh token is good once. One that comes back after its successor was used was
copied by somebody, and ends the whole session. For `GRACE` after a rotation the old
token is taken once more, for the same session only: a lost answer or two open tabs
are no theft. Such a second rotation begins no new generation, so of two holders
that both go on, one is found out at the next turn.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from kit.errors import RejectedError
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.models import EndReason
from subgraphs.auth.repository import sessions as stored
from subgraphs.auth.service.authority import Authority, digest
from subgraphs.auth.service.clients import Client
from subgraphs.auth.service.directory import Standing, standing_of
from subgraphs.auth.service.grants import Grant, disabled, grant
from subgraphs.auth.service.sessions import end
from subgraphs.auth.service.sign_in import LONGEST_PAUSE

log = structlog.get_logger(__name__)

GRACE: Final = timedelta(seconds=10)
LONGEST_SESSION: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Family:
    """What decides whether a session's refresh tokens are good."""

    generation: int
    rotated_at: datetime
    ended_at: datetime | None
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Say whether the session is neither over nor expired."""
        return self.ended_at is None and self.expires_at > now

    def copied(self, generation: int, now: datetime) -> bool:
        """Say whether a token of this generation can only be a copy.

        It is good while no other of its generation was used, and for `GRACE` after.
        """
        behind = self.generation - generation
        return behind > 1 or (behind == 1 and now - self.rotated_at > GRACE)


async def refresh_session(
    authority: Authority, refresh_token: str | None, client: Client
) -> Grant:
    """Rotate a refresh token, with the rights that users says now.

    Raises:
        RejectedError: TOKEN_EXPIRED where the token is unknown, used, expired, or its
            session over; ACCOUNT_DISABLED, and the session is over.
        UnavailableError: users does not answer; the old token stays good.

    """
    found = await authority.database.row(
        stored.SESSION_BY_REFRESH_TOKEN, digest=digest(refresh_token or "")
    )
    if found is None:
        raise expired()
    generation: int = found["token_generation"]
    family = Family(
        found["generation"],
        found["rotated_at"],
        found["ended_at"],
        found["expires_at"],
    )
    if not family.is_open(authority.now()):
        raise expired()
    if family.copied(generation, authority.now()):
        raise await stolen(authority, found["id"])
    standing = await standing_of(authority, found["user_id"])
    if standing is None or not standing.active:
        await end(authority, EndReason.DISABLED, user_id=found["user_id"])
        raise disabled()
    granted = await rotate(authority, found["id"], generation, standing, client)
    if granted is None:
        raise await stolen(authority, found["id"])
    return granted


def expired() -> RejectedError:
    """Make the one answer to every refresh token that is not good."""
    return RejectedError(
        AuthErrorCode.TOKEN_EXPIRED, "This session is over; sign in again."
    )


async def stolen(authority: Authority, session_id: str) -> RejectedError:
    """End a session whose refresh token was copied, and make the answer."""
    log.warning("auth.refresh_token_reused", session=session_id)
    await end(authority, EndReason.REUSED, session_id=session_id)
    return expired()


async def rotate(
    authority: Authority,
    session_id: str,
    generation: int,
    standing: Standing,
    client: Client,
) -> Grant | None:
    """Take a token of this generation for the next; None where it is a copy by now.

    The first use begins a new generation.

    Raises:
        RejectedError: TOKEN_EXPIRED, the session ended meanwhile.

    """
    async with authority.database.unit_of_work() as session:
        row = await stored.lock_session(session, session_id)
        now = authority.now()
        if row is None:
            raise expired()
        family = Family(row.generation, row.rotated_at, row.ended_at, row.expires_at)
        if not family.is_open(now):
            raise expired()
        if family.copied(generation, now):
            return None
        if generation == row.generation:
            row.generation += 1
            row.rotated_at = now
        row.last_seen_at = now
        row.expires_at = min(row.created_at + LONGEST_SESSION, now + LONGEST_PAUSE)
        row.scopes, row.roles = list(standing.scopes), list(standing.roles)
        row.ip_address = client.address or row.ip_address
        await session.flush()
        return await grant(authority, session, row)
