"""Saying what roles allow: permissions are data."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.ids import new_id
from kit.writes import check_version
from subgraphs.users import events, policy
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import (
    ADMIN,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_PERMISSION,
    MOST_PERMISSIONS,
    RoleRow,
)
from subgraphs.users.repository import writes
from subgraphs.users.service.words import line, refuse

_KEY: Final = re.compile(r"[a-z][a-z0-9_-]*")
_PERMISSION: Final = re.compile(r"[a-z][a-z0-9_]*:[a-z][a-z0-9_]*")


class RoleChanges(TypedDict, total=False):
    """What is to change about a role: absent is unchanged."""

    name: str | None
    permissions: Sequence[str] | None
    retired: bool | None


async def create_role(
    session: AsyncSession,
    caller: Identity,
    *,
    key: str,
    name: str,
    permissions: Sequence[str],
) -> str:
    """Add a role that allows these, and return its id.

    Raises:
        RejectedError: FORBIDDEN, REQUIRED, TOO_LONG, INVALID or TAKEN.

    """
    if not policy.can_manage_roles(caller):
        raise refuse(Code.FORBIDDEN, "You may not add roles.")
    allowed = permission_list(permissions)
    values: dict[str, object] = {
        "id": new_id("rol"),
        "key": role_key(key),
        "name": line(name, LONGEST_NAME, "name"),
        "permissions": allowed,
        "built_in": False,
        "version": 1,
    }
    await _refuse_more(session, caller, allowed)
    if not await writes.add_role(session, values):
        raise refuse(Code.TAKEN, "Another role has this key.", "key")
    role = RoleRow(**values)
    await events.role_created(session, caller, role)
    return role.id


async def update_role(
    session: AsyncSession,
    caller: Identity,
    *,
    role_id: str,
    expected_version: int | None,
    changes: RoleChanges,
) -> str:
    """Rename a role, say what it allows, retire it or take it back; return its id.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, STALE, REQUIRED, TOO_LONG, INVALID or
            LAST_ADMIN.

    """
    if not policy.can_manage_roles(caller):
        raise refuse(Code.FORBIDDEN, "You may not change roles.")
    role = await writes.lock_role(session, role_id)
    if role is None or not policy.can_read_directory(caller):
        raise refuse(Code.NOT_FOUND, "There is no such role.", "id")
    check_version(role, expected_version, Code.STALE, "This role")
    wanted = _checked(role, changes)
    new = {name: v for name, v in wanted.items() if getattr(role, name) != v}
    if not new:
        return role_id
    await _refuse_more(
        session, caller, [*role.permissions, *(changes.get("permissions") or ())]
    )
    _refuse_the_end(role, new)
    for name, value in new.items():
        setattr(role, name, value)
    role.version += 1
    await events.role_changed(session, caller, role)
    return role_id


def role_key(value: str) -> str:
    """Take a role's name for programs.

    Raises:
        RejectedError: REQUIRED, TOO_LONG or INVALID.

    """
    text = line(value, LONGEST_KEY, "key")
    if not _KEY.fullmatch(text):
        raise refuse(
            Code.INVALID, "'key' is small letters, digits, '-' and '_'.", "key"
        )
    return text


def permission_list(given: Sequence[str]) -> list[str]:
    """Take permissions, each once and in the order of the alphabet.

    >>> permission_list(["tickets:work", "tickets:read", "tickets:work"])
    ['tickets:read', 'tickets:work']

    Raises:
        RejectedError: TOO_LONG, or INVALID with the place of the one that is none.

    """
    if len(given) > MOST_PERMISSIONS:
        raise refuse(
            Code.TOO_LONG,
            f"{len(given)} permissions; at most {MOST_PERMISSIONS} fit.",
            "permissions",
        )
    for place, each in enumerate(given):
        if len(each) > LONGEST_PERMISSION or not _PERMISSION.fullmatch(each):
            raise refuse(
                Code.INVALID,
                "A permission is 'domain:action' in small letters, at most "
                f"{LONGEST_PERMISSION} of them.",
                "permissions",
                str(place),
            )
    return sorted(set(given))


def _checked(role: RoleRow, given: RoleChanges) -> dict[str, object]:
    """Check each field that is given; none of them is ever cleared."""
    found: dict[str, object] = {}
    if "name" in given:
        found["name"] = line(given["name"], LONGEST_NAME, "name")
    if "permissions" in given:
        if given["permissions"] is None:
            raise refuse(Code.REQUIRED, "'permissions' is a list.", "permissions")
        found["permissions"] = permission_list(given["permissions"])
    if "retired" in given:
        if given["retired"] is None:
            raise refuse(Code.REQUIRED, "'retired' is true or false.", "retired")
        now = role.retired_at or datetime.now(UTC)
        found["retired_at"] = now if given["retired"] else None
    return found


async def _refuse_more(
    session: AsyncSession, caller: Identity, permissions: Sequence[str]
) -> None:
    """Refuse to give or take, through a role, what the caller may not do."""
    admin = await writes.role_by_key(session, ADMIN)
    highest = admin.permissions if admin else permissions
    if not policy.can_define(caller, permissions, highest):
        raise refuse(
            Code.FORBIDDEN, "This role allows more than you may do.", "permissions"
        )


def _refuse_the_end(role: RoleRow, new: dict[str, object]) -> None:
    """Refuse what would leave nobody to administer, or take what came with us."""
    if new.get("retired_at") is not None and role.built_in:
        code = Code.LAST_ADMIN if role.key == ADMIN else Code.INVALID
        raise refuse(code, "A role that came with HelpNest stays.", "retired")
    kept = new.get("permissions")
    if role.key == ADMIN and isinstance(kept, list):
        missing = policy.GOVERNING.difference(kept)
        if missing:
            raise refuse(
                Code.LAST_ADMIN,
                f"Administrators keep {', '.join(sorted(missing))}: without, nobody "
                "could administer any more.",
                "permissions",
            )
