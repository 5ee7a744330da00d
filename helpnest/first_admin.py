"""The first administrator: made by the domains themselves, as nobody can ask yet.

Whoever can write to the databases can do this anyway; it is the command line's alone,
and only while there is no other administrator who could be asked.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpnest.errors import CannotStartError
from kit.database import Database
from kit.errors import RejectedError
from kit.identity import Identity, Kind
from subgraphs.auth.service.accounts import bootstrap_account
from subgraphs.users.models import (
    ADMIN,
    REQUESTER,
    RoleAssignmentRow,
    RoleRow,
    RoleScope,
    UserRow,
)
from subgraphs.users.repository import writes
from subgraphs.users.service.people import UserChanges, create_user
from subgraphs.users.service.words import email_address

INSTALLATION: Final = "installation"
"""Who gives the first roles: nobody's id."""


async def nobody_lives_here(users_url: str) -> bool:
    """Say whether the users database is empty."""
    async with Database(users_url) as database, database.unit_of_work() as session:
        return await session.scalar(select(UserRow.id).limit(1)) is None


async def make_admin(
    urls: Mapping[str, str], email: str, details: UserChanges
) -> tuple[str, str]:
    """Make the first administrator and their account, or a new password for them.

    ``urls`` are the domains' databases. Returns their id and the password.

    Raises:
        CannotStartError: somebody else is an administrator, or the address or the
            name cannot be kept.

    """
    try:
        async with (
            Database(urls["users"]) as database,
            database.unit_of_work() as session,
        ):
            user_id = await _found_or_made(session, email_address(email), details)
        async with Database(urls["auth"]) as database:
            return user_id, await bootstrap_account(database, user_id, email)
    except RejectedError as rejected:
        raise CannotStartError(rejected.message) from rejected


async def _found_or_made(
    session: AsyncSession, email: str, details: UserChanges
) -> str:
    admins = (
        select(UserRow.email, UserRow.id)
        .join(RoleAssignmentRow, RoleAssignmentRow.user_id == UserRow.id)
        .join(RoleRow, RoleRow.id == RoleAssignmentRow.role_id)
        .where(
            UserRow.active,
            RoleRow.key == ADMIN,
            RoleAssignmentRow.scope == RoleScope.GLOBAL,
        )
    )
    known = {row.email: row.id for row in await session.execute(admins)}
    if email in known:
        return str(known[email])
    if known:
        raise CannotStartError(
            f"There is an administrator already: {min(known)}, who can give others "
            "the role."
        )
    role = await writes.role_by_key(session, ADMIN)
    allowed = frozenset(role.permissions if role else ())
    return await create_user(
        session,
        Identity(INSTALLATION, Kind.SERVICE, scopes=allowed),
        email=email,
        role_keys=(REQUESTER, ADMIN),
        details=details,
    )
