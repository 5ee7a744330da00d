"""The first administrator: made by the domains themselves, as nobody can ask yet."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpnest.demo.company import ADMIN, PERSONS
from kit.database import Database
from kit.identity import Identity, Kind
from subgraphs.auth.service.accounts import bootstrap_account
from subgraphs.users.models import UserRow
from subgraphs.users.repository import writes
from subgraphs.users.service.people import create_user

INSTALLATION: Final = "installation"
"""Who gives the first roles: nobody's id."""


async def nobody_lives_here(users_url: str) -> bool:
    """Say whether the users database is empty."""
    async with Database(users_url) as database, database.unit_of_work() as session:
        count = await session.scalar(select(func.count()).select_from(UserRow))
    return not count


async def make_admin(urls: Mapping[str, str]) -> tuple[str, str]:
    """Make the first administrator and their account, or find them.

    Returns their id, and a new password that replaces any older one.
    """
    person = PERSONS[ADMIN]
    async with Database(urls["users"]) as database, database.unit_of_work() as session:
        found = select(UserRow.id).where(UserRow.email == person.email)
        user_id = await session.scalar(found) or await _create(session)
    async with Database(urls["auth"]) as database:
        password = await bootstrap_account(database, user_id, person.email)
    return user_id, password


async def _create(session: AsyncSession) -> str:
    person = PERSONS[ADMIN]
    role = await writes.role_by_key(session, "admin")
    allowed = frozenset(role.permissions if role else ())
    return await create_user(
        session,
        Identity(INSTALLATION, Kind.SERVICE, scopes=allowed),
        email=person.email,
        role_keys=person.roles,
        details={
            "name": person.name,
            "locale": person.locale,
            "time_zone": person.zone,
        },
    )
