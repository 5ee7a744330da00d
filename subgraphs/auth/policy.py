"""Who may see sessions, set up accounts, and give programs rights."""

from collections.abc import Collection, Iterable
from typing import Final

from kit.identity import Identity, Kind

MANAGE_USERS: Final = "users:manage"
MANAGE_SESSIONS: Final = "sessions:manage"
MANAGE_SERVICE_ACCOUNTS: Final = "service_accounts:manage"

GRANTABLE: Final = frozenset(
    {
        "users:read",
        "users:manage",
        "users:erase",
        "departments:manage",
        "groups:manage",
        "roles:assign",
        "roles:manage",
        "permissions:read",
        "sessions:manage",
        "service_accounts:manage",
        "tickets:read",
        "tickets:write",
        "tickets:work",
        "tickets:read_all",
        "tickets:read_group",
        "tickets:read_department",
        "tickets:triage",
        "tickets:import",
        "events:read",
        "tickets:manage",
    }
)
"""Every scope a service account may carry; a word that is not here gives no right."""


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
    """Name the scopes the caller may not give: unknown, or not their own.

    >>> admin = Identity("usr_1", scopes=frozenset({"tickets:read", "made:up"}))
    >>> not_grantable(admin, ["tickets:read", "users:read", "made:up"])
    ['users:read', 'made:up']
    """
    return [
        scope
        for scope in dict.fromkeys(scopes)
        if scope not in GRANTABLE or not caller.may(scope)
    ]


def _is_person(caller: Identity) -> bool:
    return caller.kind is Kind.USER


def _is_self(caller: Identity, user_id: str) -> bool:
    return _is_person(caller) and caller.subject == user_id
