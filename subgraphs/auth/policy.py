"""Who may see sessions, set up accounts, and give programs rights."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from kit.identity import Identity, Kind

MANAGE_USERS: Final = "users:manage"
MANAGE_SESSIONS: Final = "sessions:manage"
MANAGE_SERVICE_ACCOUNTS: Final = "service_accounts:manage"

LONGEST_SCOPE: Final = 80
_SCOPE: Final = re.compile(r"[a-z][a-z0-9_]*:[a-z][a-z0-9_]*")
"""What a permission looks like, whichever domain's it is."""


def can_see_sessions(caller: Identity, user_id: str) -> bool:
    """Say whether the caller may see where this user is signed in.

    >>> can_see_sessions(Identity("usr_1"), "usr_1")
    True
    >>> can_see_sessions(Identity("usr_1"), "usr_2")
    False
    """
    return _is_self(caller, user_id) or (
        caller.authenticated and caller.may(MANAGE_SESSIONS)
    )


def can_end_sessions(caller: Identity, user_id: str) -> bool:
    """Say whether the caller may sign this user out."""
    return can_see_sessions(caller, user_id)


def can_set_up_accounts(caller: Identity) -> bool:
    """Say whether the caller may make accounts; for whom, `can_act_for` says."""
    return caller.authenticated and caller.may(MANAGE_USERS)


def can_act_for(caller: Identity, scopes: Iterable[str]) -> bool:
    """Say whether somebody of these scopes has none that the caller has not.

    Whoever sets a password can sign in with it: setting that of somebody more
    powerful would be a way up.

    >>> can_act_for(Identity("usr_1", scopes=frozenset({"a"})), ["a", "b"])
    False
    """
    return caller.authenticated and caller.may(*scopes)


def can_change_own_password(caller: Identity) -> bool:
    """Say whether the caller has a password at all: a person, signed in."""
    return _is_person(caller) and caller.session_id is not None


def can_manage_service_accounts(caller: Identity) -> bool:
    """Say whether the caller may list, make and disable service accounts."""
    return caller.authenticated and caller.may(MANAGE_SERVICE_ACCOUNTS)


def can_see_service_account(caller: Identity, account_id: str) -> bool:
    """Say whether the caller may see a service account: a manager, or itself."""
    return can_manage_service_accounts(caller) or (
        caller.kind is Kind.SERVICE and caller.subject == account_id
    )


def not_grantable(caller: Identity, scopes: Collection[str]) -> list[str]:
    """Name the scopes the caller may not give: not their own, or no permissions.

    Nobody holds what no domain has: whoever puts a permission into a role must have
    it, or be an administrator who says so. So what the caller holds is real, and a
    domain that comes later brings its permissions without being listed here.

    >>> admin = Identity("usr_1", scopes=frozenset({"assets:read", "odd"}))
    >>> not_grantable(admin, ["assets:read", "users:read", "odd"])
    ['users:read', 'odd']
    """
    return [
        scope
        for scope in dict.fromkeys(scopes)
        if not caller.may(scope) or not is_permission(scope)
    ]


def is_permission(word: str) -> bool:
    """Say whether a word can be a permission: ``domain:action`` in small letters.

    >>> is_permission("assets:read"), is_permission("assets:read users:read")
    (True, False)
    """
    return len(word) <= LONGEST_SCOPE and _SCOPE.fullmatch(word) is not None


def _is_person(caller: Identity) -> bool:
    return caller.kind is Kind.USER


def _is_self(caller: Identity, user_id: str) -> bool:
    return _is_person(caller) and caller.subject == user_id
