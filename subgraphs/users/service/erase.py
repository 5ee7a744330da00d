"""Forgetting who somebody was: their id stays, so that history keeps its links."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from subgraphs.users import events, policy
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import UserRow
from subgraphs.users.repository import erasing, writes
from subgraphs.users.service.words import refuse

NAME: Final = "Erased person"
DOMAIN: Final = "erased.invalid"
"""Nobody's, ever: RFC 2606, section 2."""


async def erase_person(session: AsyncSession, caller: Identity, user_id: str) -> str:
    """Replace all that says who somebody is, for good; return their id.

    They are deactivated, hold no role any more, lead no department and have no
    manager. Who erased them and when is kept. Somebody who is erased already stays
    as they are.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND or LAST_ADMIN.

    """
    if not policy.can_erase(caller):
        raise refuse(Code.FORBIDDEN, "You may not erase people.")
    user = await writes.lock_user(session, user_id)
    if user is None or not policy.can_see_user(caller, user_id):
        raise refuse(Code.NOT_FOUND, "There is no such person.", "id")
    if user.erased_at is not None:
        return user_id
    if not policy.can_grant(caller, await writes.permissions_of(session, user_id)):
        raise refuse(Code.FORBIDDEN, "This person may do more than you may.", "id")
    if user.active and await writes.is_last_admin(session, user_id):
        raise refuse(Code.LAST_ADMIN, "This is the last active administrator.", "id")
    for role_key, held in await erasing.take_roles(session, user_id):
        await events.role_revoked(session, caller, user_id, role_key, held)
    for department in await erasing.take_departments(session, user_id):
        await events.department_changed(session, caller, department)
    forget(user, caller)
    await session.flush()
    await events.user_erased(session, caller, user)
    return user_id


def forget(user: UserRow, caller: Identity) -> None:
    """Put what says nothing in place of what says who it was."""
    now = datetime.now(UTC)
    user.name = NAME
    user.email = f"{user.id}@{DOMAIN}"
    user.locale, user.time_zone = "en", "UTC"
    user.manager_id = None
    user.active = False
    user.erased_at, user.erased_by_id = now, caller.subject
    user.version += 1
    user.updated_at = now
