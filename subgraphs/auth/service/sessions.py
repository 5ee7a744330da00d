"""Sessions end: by signing out, by being revoked, or because rights did."""

from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError, UnauthenticatedError
from kit.identity import Identity
from subgraphs.auth import policy
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.models import EndReason
from subgraphs.auth.repository import accounts, keys
from subgraphs.auth.repository import sessions as stored
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.keys import TOKEN_LIFETIME

FOR_GOOD: Final = TOKEN_LIFETIME + timedelta(minutes=1)
"""How far ahead the tokens of what is over are refused: it gets no others."""


async def end(
    authority: Authority,
    reason: EndReason,
    *,
    session_id: str | None = None,
    user_id: str | None = None,
) -> list[str]:
    """End one session, or all of a user, and publish that their tokens are not good.

    Returns the ids of the sessions that were open.
    """
    async with authority.database.unit_of_work() as session:
        ended = await end_within(
            authority, session, reason, session_id=session_id, user_id=user_id
        )
    authority.taken_back(dict.fromkeys(ended, not_again(authority)))
    return ended


async def end_within(
    authority: Authority,
    session: AsyncSession,
    reason: EndReason,
    *,
    session_id: str | None = None,
    user_id: str | None = None,
    spare: str | None = None,
) -> list[str]:
    """Do as `end` does inside a unit of work, as the last thing in it."""
    ended = await stored.end_sessions(
        session,
        reason,
        authority.now(),
        session_id=session_id,
        user_id=user_id,
        spare=spare,
    )
    published = dict.fromkeys(ended, not_again(authority))
    await keys.publish_revocations(session, published, authority.now())
    return list(ended)


def not_again(authority: Authority) -> int:
    """Give a ``not before`` that no token reaches which exists by now."""
    return int((authority.now() + FOR_GOOD).timestamp())


async def sign_out(authority: Authority, caller: Identity) -> str:
    """End the session that the caller's token belongs to.

    Raises:
        UnauthenticatedError: the token belongs to no session.

    """
    if caller.session_id is None:
        raise UnauthenticatedError("This token belongs to no session")
    await end(authority, EndReason.SIGNED_OUT, session_id=caller.session_id)
    return caller.session_id


async def revoke_session(
    authority: Authority, caller: Identity, session_id: str
) -> str:
    """End a session of the caller's own, or anybody's with ``sessions:manage``.

    Raises:
        RejectedError: NOT_FOUND, there is none that the caller may see.

    """
    rows = await authority.database.rows(
        stored.OPEN_SESSIONS_BY_ID, ids=[session_id], now=authority.now()
    )
    if not rows or not policy.can_end_sessions(caller, rows[0]["user_id"]):
        raise RejectedError(
            AuthErrorCode.NOT_FOUND, "There is no such session.", ["input", "id"]
        )
    await end(authority, EndReason.REVOKED, session_id=session_id)
    return session_id


async def revoke_sessions(
    authority: Authority, caller: Identity, user_id: str
) -> list[str]:
    """End all sessions of a user, the caller's own included if it is theirs.

    Raises:
        RejectedError: NOT_FOUND, it is nobody whose sessions the caller may see, or
            nobody who ever could sign in.

    """
    allowed = policy.can_end_sessions(caller, user_id)
    if not allowed or not await has_account(authority, user_id):
        raise RejectedError(
            AuthErrorCode.NOT_FOUND, "There is no such user.", ["input", "userId"]
        )
    return await end(authority, EndReason.REVOKED, user_id=user_id)


async def has_account(authority: Authority, user_id: str) -> bool:
    """Say whether this is somebody who can have sessions; users need not answer."""
    account = await authority.database.row(accounts.ACCOUNT_BY_USER, user_id=user_id)
    return account is not None
