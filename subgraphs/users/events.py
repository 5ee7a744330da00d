"""What happens to people, departments and roles, that others may follow.

Events are never changed, and people have a right to be forgotten: names, addresses
and the like do not go into them. Who needs one asks the graph for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.outbox import FeedSource, record, record_all
from subgraphs.users.models import EVENTS, FEED_CLOCK, DepartmentRow, RoleRow, UserRow


class UserEventKind(Enum):
    """What can happen; consumers leave out what they do not know."""

    USER_CREATED = "USER_CREATED"
    USER_CHANGED = "USER_CHANGED"
    USER_DEACTIVATED = "USER_DEACTIVATED"
    USER_REACTIVATED = "USER_REACTIVATED"
    USER_ERASED = "USER_ERASED"
    ROLE_ASSIGNED = "ROLE_ASSIGNED"
    ROLE_REVOKED = "ROLE_REVOKED"
    ROLE_CREATED = "ROLE_CREATED"
    ROLE_CHANGED = "ROLE_CHANGED"
    DEPARTMENT_CREATED = "DEPARTMENT_CREATED"
    DEPARTMENT_CHANGED = "DEPARTMENT_CHANGED"


FEED: Final = FeedSource("users", EVENTS, FEED_CLOCK, dict(EVENTS.c))


class Held(Protocol):
    """Where a role is held, on a row as on a rule's own value."""

    @property
    def scope(self) -> Any:
        """Everywhere, in a department or in a group: a `RoleScope`."""
        ...

    @property
    def department_id(self) -> Any:
        """Which department, or None."""
        ...

    @property
    def group_id(self) -> Any:
        """Which group, or None."""
        ...


async def user_created(session: AsyncSession, caller: Identity, user: UserRow) -> None:
    """Tell of a person who was added."""
    kind = UserEventKind.USER_CREATED
    await record(session, EVENTS, caller, kind, of=user.id, payload=standing(user))


async def user_changed(
    session: AsyncSession, caller: Identity, user: UserRow, changed: Iterable[str]
) -> None:
    """Tell which fields of a person changed, and where they stand now."""
    await record_all(session, EVENTS, caller, [change_of(user, changed)])


def change_of(
    user: UserRow, changed: Iterable[str]
) -> tuple[UserEventKind, str, dict[str, object]]:
    """Write what changed about a person."""
    fields = sorted(set(changed))
    kind = UserEventKind.USER_CHANGED
    if "active" in fields:
        back = user.active
        kind = (
            UserEventKind.USER_REACTIVATED if back else UserEventKind.USER_DEACTIVATED
        )
    return kind, user.id, {**standing(user), "changed": fields}


async def people_imported(
    session: AsyncSession,
    caller: Identity,
    *,
    added: Sequence[UserRow],
    changed: Sequence[tuple[UserRow, Iterable[str]]],
    given: Sequence[tuple[str, str, Held]],
) -> None:
    """Tell of many people at once, as of each by itself.

    ``given`` are roles: whose, which, and where.
    """
    told: list[tuple[UserEventKind, str, Mapping[str, object]]] = [
        (UserEventKind.USER_CREATED, user.id, standing(user)) for user in added
    ]
    told += [change_of(user, fields) for user, fields in changed]
    told += [
        (UserEventKind.ROLE_ASSIGNED, user_id, held(key, at))
        for user_id, key, at in given
    ]
    await record_all(session, EVENTS, caller, told)


async def user_erased(session: AsyncSession, caller: Identity, user: UserRow) -> None:
    """Tell that a person is to be forgotten, wherever something is kept of them."""
    kind = UserEventKind.USER_ERASED
    await record(session, EVENTS, caller, kind, of=user.id, payload=standing(user))


def standing(user: UserRow) -> dict[str, object]:
    """Write of a person what is no personal data."""
    return {
        "active": user.active,
        "departmentId": user.department_id,
        "managerId": user.manager_id,
    }


async def role_assigned(
    session: AsyncSession, caller: Identity, user_id: str, role_key: str, at: Held
) -> None:
    """Tell of a role that a person holds from now on."""
    kind = UserEventKind.ROLE_ASSIGNED
    await record(session, EVENTS, caller, kind, of=user_id, payload=held(role_key, at))


async def role_revoked(
    session: AsyncSession, caller: Identity, user_id: str, role_key: str, at: Held
) -> None:
    """Tell of a role that a person no longer holds there."""
    kind = UserEventKind.ROLE_REVOKED
    await record(session, EVENTS, caller, kind, of=user_id, payload=held(role_key, at))


def held(role_key: str, at: Held) -> dict[str, str | None]:
    """Write which role is held where."""
    return {
        "roleKey": role_key,
        "scope": at.scope.value,
        "departmentId": at.department_id,
        "groupId": at.group_id,
    }


async def role_created(session: AsyncSession, caller: Identity, role: RoleRow) -> None:
    """Tell of a role that there is from now on."""
    kind = UserEventKind.ROLE_CREATED
    await record(session, EVENTS, caller, kind, of=role.id, payload=allowed(role))


async def role_changed(session: AsyncSession, caller: Identity, role: RoleRow) -> None:
    """Tell what a role is now."""
    kind = UserEventKind.ROLE_CHANGED
    await record(session, EVENTS, caller, kind, of=role.id, payload=allowed(role))


def allowed(role: RoleRow) -> dict[str, object]:
    """Write all of a role."""
    return {
        "key": role.key,
        "name": role.name,
        "permissions": role.permissions,
        "retired": role.retired_at is not None,
    }


async def department_created(
    session: AsyncSession, caller: Identity, department: DepartmentRow
) -> None:
    """Tell of a department that was added."""
    kind = UserEventKind.DEPARTMENT_CREATED
    await record(
        session, EVENTS, caller, kind, of=department.id, payload=whole(department)
    )


async def department_changed(
    session: AsyncSession, caller: Identity, department: DepartmentRow
) -> None:
    """Tell what a department is now."""
    kind = UserEventKind.DEPARTMENT_CHANGED
    await record(
        session, EVENTS, caller, kind, of=department.id, payload=whole(department)
    )


def whole(department: DepartmentRow) -> dict[str, str | None]:
    """Write all of a department."""
    return {
        "code": department.code,
        "name": department.name,
        "parentId": department.parent_id,
        "headId": department.head_id,
    }
