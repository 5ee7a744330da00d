"""Who may know what about groups, and who may change them."""

from typing import Final

from kit.filters import EVERYTHING, Predicate, condition
from kit.identity import Identity, Kind
from kit.ids import is_id

READ_USERS: Final = "users:read"
MANAGE_GROUPS: Final = "groups:manage"
FOLLOW: Final = "events:read"


def can_read_groups(caller: Identity) -> bool:
    """Say whether the caller may see every group and its members.

    Groups are part of the directory, so they are open to whoever may read that.
    """
    return caller.authenticated and caller.may(READ_USERS)


def visible(caller: Identity) -> Predicate:
    """Say the same as `can_read_groups`, as a condition on groups."""
    # Nobody's id is the empty text.
    return EVERYTHING if can_read_groups(caller) else condition("id", "eq", "")


def can_manage_groups(caller: Identity) -> bool:
    """Say whether the caller may add and change groups, and say who is in them."""
    return caller.authenticated and caller.may(MANAGE_GROUPS)


def can_see_user(caller: Identity, user_id: str) -> bool:
    """Say whether the caller may know of this person's groups, and if they are there.

    >>> can_see_user(Identity("usr_1"), "usr_1"), can_see_user(Identity("usr_1"), "x")
    (True, False)
    """
    own = caller.kind is Kind.USER and caller.subject == user_id
    return own or can_read_groups(caller)


def can_set_availability(caller: Identity, user_id: str) -> bool:
    """Say whether the caller may say of this person that they are away.

    People say it of themselves, and who manages groups of everybody.
    """
    own = caller.kind is Kind.USER and caller.subject == user_id
    return own or (is_id(user_id, "usr") and can_manage_groups(caller))


def can_follow(caller: Identity) -> bool:
    """Say whether the caller may read all that happens here, whoever may see it."""
    return caller.authenticated and caller.may(FOLLOW)
