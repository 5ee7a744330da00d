"""Sign-in: a password proves who somebody is, and a session begins."""

from datetime import datetime, timedelta
from typing import Final

from kit.errors import RejectedError
from kit.ids import new_id
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.models import LONGEST_DEVICE_NAME, SessionRow
from subgraphs.auth.repository import accounts
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.clients import Client, clean, fold_email
from subgraphs.auth.service.directory import Standing, standing_of
from subgraphs.auth.service.grants import Grant, disabled, grant
from subgraphs.auth.service.throttle import count_attempt, forgive

LONGEST_PAUSE: Final = timedelta(days=7)
"""A session that is not refreshed for so long is over."""


async def sign_in(
    authority: Authority,
    email: str,
    password: str,
    client: Client,
    device_name: str | None = None,
) -> Grant:
    """Begin a session for who knows an account's password.

    An unknown email and a wrong password get one answer, after the same time.

    Raises:
        RejectedError: LOCKED_OUT, INVALID_CREDENTIALS or ACCOUNT_DISABLED; the last
            is told only to who knew the password.
        UnavailableError: users does not answer; nothing was begun.

    """
    folded = fold_email(email)
    await count_attempt(authority, folded, client.address)
    account = await authority.database.row(accounts.ACCOUNT_BY_EMAIL, email=folded)
    known: str | None = account["password_hash"] if account else None
    right = await authority.passwords.verify(known, password)
    if not right or account is None or known is None:
        raise wrong()
    user_id: str = account["user_id"]
    async with authority.database.unit_of_work() as session:
        await forgive(session, folded, client.address)
    standing = await standing_of(authority, user_id)
    if standing is None or not standing.active:
        raise disabled()
    async with authority.database.unit_of_work() as session:
        if await accounts.lock_password(session, user_id) != known:
            raise wrong()  # it was changed meanwhile, and every session ended
        row = begin(user_id, standing, client, device_name, authority.now())
        session.add(row)
        await session.flush()
        granted = await grant(authority, session, row)
    if authority.passwords.outdated(known):
        await renew_hash(authority, user_id, known, password)
    return granted


def wrong() -> RejectedError:
    """Make the one answer to everything that is not an account's password."""
    return RejectedError(
        AuthErrorCode.INVALID_CREDENTIALS, "The email or the password is wrong."
    )


async def renew_hash(
    authority: Authority, user_id: str, old: str, password: str
) -> None:
    """Hash a password anew, after the costs of hashing were changed."""
    new = await authority.passwords.hash(password)
    async with authority.database.unit_of_work() as session:
        await accounts.set_password(session, user_id, old, new, authority.now())


def begin(
    user_id: str,
    standing: Standing,
    client: Client,
    device_name: str | None,
    now: datetime,
) -> SessionRow:
    """Make a session's row."""
    return SessionRow(
        id=new_id("ses"),
        user_id=user_id,
        generation=1,
        rotated_at=now,
        created_at=now,
        last_seen_at=now,
        expires_at=now + LONGEST_PAUSE,
        ip_address=client.address,
        user_agent=client.user_agent,
        device_name=clean(device_name, LONGEST_DEVICE_NAME),
        scopes=list(standing.scopes),
        roles=list(standing.roles),
    )
