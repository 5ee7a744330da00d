"""Who is asking, and what their token allows."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

SCOPED: Final = "@scoped"
"""Among a token's roles: the person holds others in a department or a group."""


class Kind(Enum):
    """What sort of caller a token was issued to."""

    ANONYMOUS = "anonymous"
    USER = "user"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller, as a verified token describes them.

    ``subject`` is the global id of a user or of a service account, ``scopes`` the
    permissions the token carries, such as ``tickets:read``. Groups and departments
    are not here: they change while a token lives, and each domain asks its own
    data for them.
    """

    subject: str
    kind: Kind = Kind.USER
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    session_id: str | None = None
    token_id: str | None = None
    issued_at: int = 0
    expires_at: int = 0

    @property
    def authenticated(self) -> bool:
        """Say whether anybody at all is asking.

        >>> ANONYMOUS.authenticated
        False
        """
        return self.kind is not Kind.ANONYMOUS

    def may(self, *scopes: str) -> bool:
        """Say whether the token carries all of these scopes.

        >>> Identity("usr_1", scopes=frozenset({"tickets:read"})).may("tickets:read")
        True
        """
        return self.scopes.issuperset(scopes)

    @property
    def holds_scoped_roles(self) -> bool:
        """Say whether they hold a role in some department or group, too.

        >>> Identity("usr_1", roles=frozenset({"agent", SCOPED})).holds_scoped_roles
        True
        """
        return SCOPED in self.roles


ANONYMOUS = Identity(subject="", kind=Kind.ANONYMOUS)
