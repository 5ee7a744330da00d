"""Who may know what about people, and who may change it.

The directory (names, departments, managers, roles) is open to whoever holds
``users:read``; anybody may see and mend their own entry.
"""

from collections.abc import Collection, Iterable
from typing import Final

from kit.filters import EVERYTHING, Predicate, condition
from kit.identity import Identity, Kind

READ_USERS: Final = "users:read"
MANAGE_USERS: Final = "users:manage"
MANAGE_DEPARTMENTS: Final = "departments:manage"
ERASE_USERS: Final = "users:erase"
ASSIGN_ROLES: Final = "roles:assign"
MANAGE_ROLES: Final = "roles:manage"
READ_PERMISSIONS: Final = "permissions:read"
FOLLOW: Final = "events:read"

GOVERNING: Final = frozenset(
    {READ_USERS, MANAGE_USERS, ASSIGN_ROLES, MANAGE_ROLES, READ_PERMISSIONS}
)
"""What administrators always may: with these all others can be given back."""

OWN_FIELDS: Final = frozenset({"locale", "time_zone"})
"""What people may change about themselves."""


def can_read_directory(caller: Identity) -> bool:
    """Say whether the caller may see everybody, and every department and role."""
    return caller.authenticated and caller.may(READ_USERS)


def can_see_user(caller: Identity, user_id: str) -> bool:
    """Say whether the caller may see this person at all.

    >>> can_see_user(Identity("usr_1"), "usr_1"), can_see_user(Identity("usr_1"), "x")
    (True, False)
    """
    return can_read_directory(caller) or is_self(caller, user_id)


def visible(caller: Identity) -> Predicate:
    """Say the same as `can_see_user`, as a condition on the column ``id``."""
    if can_read_directory(caller):
        return EVERYTHING
    # Nobody's id is the empty text, so a caller who is no user sees no one.
    return condition("id", "eq", caller.subject if caller.kind is Kind.USER else "")


def can_read_permissions(caller: Identity, user_id: str) -> bool:
    """Say whether the caller may know what this person is allowed to do."""
    return is_self(caller, user_id) or (
        caller.authenticated and caller.may(READ_PERMISSIONS)
    )


def can_edit_user(caller: Identity, user_id: str, changed: Collection[str]) -> bool:
    """Say whether the caller may change these fields of this person."""
    if caller.authenticated and caller.may(MANAGE_USERS):
        return True
    return is_self(caller, user_id) and OWN_FIELDS.issuperset(changed)


def can_create_users(caller: Identity) -> bool:
    """Say whether the caller may add people."""
    return caller.authenticated and caller.may(MANAGE_USERS)


def can_erase(caller: Identity) -> bool:
    """Say whether the caller may have people forgotten; whom, `can_grant` says."""
    return caller.authenticated and caller.may(ERASE_USERS)


def can_manage_departments(caller: Identity) -> bool:
    """Say whether the caller may add and change departments."""
    return caller.authenticated and caller.may(MANAGE_DEPARTMENTS)


def can_assign_roles(caller: Identity) -> bool:
    """Say whether the caller may give and take roles; which, `can_grant` says."""
    return caller.authenticated and caller.may(ASSIGN_ROLES)


def can_grant(caller: Identity, permissions: Iterable[str]) -> bool:
    """Say whether the caller holds all of these: nobody gives more than they have.

    The same goes for taking a role away and for deactivating whoever holds it.
    """
    return caller.authenticated and caller.may(*permissions)


def can_manage_roles(caller: Identity) -> bool:
    """Say whether the caller may say what roles allow; how far, `can_define`."""
    return caller.authenticated and caller.may(MANAGE_ROLES)


def can_define(
    caller: Identity, permissions: Iterable[str], highest: Iterable[str]
) -> bool:
    """Say whether the caller may have a role allow these.

    Nobody gives or takes more than they have. Who holds all that administrators do,
    ``highest``, may name others too: those of a domain that is new here.

    >>> boss = Identity("usr_1", scopes=frozenset({"a:b", "c:d"}))
    >>> can_define(boss, ["e:f"], ["a:b"]), can_define(boss, ["e:f"], ["a:b", "x:y"])
    (True, False)
    """
    return can_grant(caller, permissions) or can_grant(caller, highest)


def is_self(caller: Identity, user_id: str) -> bool:
    """Say whether the caller is this very person."""
    return caller.kind is Kind.USER and caller.subject == user_id


def can_follow(caller: Identity) -> bool:
    """Say whether the caller may read all that happens here, whoever may see it."""
    return caller.authenticated and caller.may(FOLLOW)
