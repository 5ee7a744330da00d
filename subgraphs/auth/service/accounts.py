"""Accounts: made for a user, given a password, their password changed."""

from datetime import UTC, datetime

from kit.database import Database
from kit.errors import ForbiddenError, RejectedError
from kit.identity import Identity
from subgraphs.auth import policy
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.models import EndReason
from subgraphs.auth.repository import accounts as stored
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.clients import checked_email
from subgraphs.auth.service.directory import standing_of
from subgraphs.auth.service.passwords import Passwords, random_password, refuse_weak
from subgraphs.auth.service.sessions import end_within, not_again
from subgraphs.auth.service.throttle import count_attempt, forgive


async def bootstrap_account(database: Database, user_id: str, email: str) -> str:
    """Give a user an account with a drawn password, at first start; return it.

    Nobody is asked and nothing is checked: it is for the command line alone. Of a
    user who has an account the password is replaced.

    Raises:
        RejectedError: INVALID, the email is none, or TAKEN, it is another account's.

    """
    password = random_password()
    passwords = Passwords(workers=1)
    try:
        hashed = await passwords.hash(password)
    finally:
        passwords.close()
    folded = checked_email(email)
    async with database.unit_of_work() as session:
        now = datetime.now(UTC)
        if not await stored.put_account(session, user_id, folded, hashed, now):
            raise taken()
    return password


def taken() -> RejectedError:
    """Make the answer where another account has the email."""
    return RejectedError(
        AuthErrorCode.TAKEN, "Another account has this email.", ["input", "userId"]
    )


async def issue_password(authority: Authority, caller: Identity, user_id: str) -> str:
    """Give a user an account, or the one they have a new drawn password; return it.

    The email is the one that users knows. Whoever was signed in with the old
    password is signed out.

    Raises:
        ForbiddenError: the caller lacks ``users:manage``.
        RejectedError: NOT_FOUND, there is no such user; ACCOUNT_DISABLED, they are
            not active; FORBIDDEN, they may do something that the caller may not;
            TAKEN or INVALID, the email cannot be an account's.
        UnavailableError: users does not answer.

    """
    if not policy.can_set_up_accounts(caller):
        raise ForbiddenError("Setting up accounts needs the permission users:manage")
    path = ["input", "userId"]
    standing = await standing_of(authority, user_id)
    if standing is None:
        raise RejectedError(AuthErrorCode.NOT_FOUND, "There is no such user.", path)
    if not standing.active:
        raise RejectedError(
            AuthErrorCode.ACCOUNT_DISABLED, "This user is not active.", path
        )
    if not policy.can_act_for(caller, standing.anywhere):
        raise RejectedError(
            AuthErrorCode.FORBIDDEN, "This user may do more than you may.", path
        )
    email = checked_email(standing.email)
    password = random_password()
    hashed = await authority.passwords.hash(password)
    async with authority.database.unit_of_work() as session:
        now = authority.now()
        if not await stored.put_account(session, user_id, email, hashed, now):
            raise taken()
        ended = await end_within(
            authority, session, EndReason.PASSWORD_CHANGED, user_id=user_id
        )
    authority.taken_back(dict.fromkeys(ended, not_again(authority)))
    return password


async def change_password(
    authority: Authority, caller: Identity, current: str, new: str
) -> str:
    """Replace the caller's own password; every other session of theirs ends.

    Returns their id.

    A wrong ``current`` counts as a failed sign-in.

    Raises:
        ForbiddenError: the caller is no person with a session.
        RejectedError: LOCKED_OUT, INVALID_CREDENTIALS (``current`` is wrong), or
            INVALID (``new`` is too weak).

    """
    if not policy.can_change_own_password(caller):
        raise ForbiddenError("Only somebody who signed in has a password to change")
    account = await authority.database.row(
        stored.ACCOUNT_BY_USER, user_id=caller.subject
    )
    if account is None:
        raise ForbiddenError("Only somebody who signed in has a password to change")
    refuse_weak(new, account["email"], ["input", "newPassword"])
    await count_attempt(authority, account["email"], None)
    known: str = account["password_hash"]
    wrong = RejectedError(
        AuthErrorCode.INVALID_CREDENTIALS,
        "The current password is wrong.",
        ["input", "currentPassword"],
    )
    if not await authority.passwords.verify(known, current):
        raise wrong
    hashed = await authority.passwords.hash(new)
    async with authority.database.unit_of_work() as session:
        await forgive(session, account["email"], None)
        if not await stored.set_password(
            session, caller.subject, known, hashed, authority.now()
        ):
            raise wrong
        ended = await end_within(
            authority,
            session,
            EndReason.PASSWORD_CHANGED,
            user_id=caller.subject,
            spare=caller.session_id,
        )
    authority.taken_back(dict.fromkeys(ended, not_again(authority)))
    return caller.subject
