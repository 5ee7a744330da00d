"""Where a caller stands: whose tickets they see and work on besides their own.

Groups, departments and the roles held in them change while a token lives, so none of
them is in it. `subgraphs.tickets.service.standings` learns them; the rules are in
`subgraphs.tickets.policy`.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Any, Final

from kit.identity import Identity

NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Ids of the groups and departments whose tickets somebody sees, and works on.

    Who works on tickets of a place sees them. ``known`` is false where nobody could
    be asked, so that there may be more.
    """

    sees_groups: frozenset[str] = NONE
    works_groups: frozenset[str] = NONE
    sees_departments: frozenset[str] = NONE
    works_departments: frozenset[str] = NONE
    known: bool = True


NOWHERE: Final = Standing()
UNKNOWN: Final = Standing(known=False)


@dataclass(frozen=True, slots=True)
class Viewer(Identity):
    """A caller with where they stand."""

    standing: Standing = field(default=NOWHERE)

    @classmethod
    def of(cls, caller: Identity, standing: Standing) -> "Viewer":
        """Put a caller where they stand."""
        told: dict[str, Any] = {
            each.name: getattr(caller, each.name) for each in fields(Identity)
        }
        return cls(**told, standing=standing)


@dataclass(frozen=True, slots=True)
class Held:
    """A role held in a place: its permissions, and the places it covers."""

    permissions: Collection[str]
    groups: Collection[str] = ()
    departments: Collection[str] = ()


def standing_of(caller: Identity) -> Standing:
    """Say where a caller stands, as far as it was learned."""
    return caller.standing if isinstance(caller, Viewer) else NOWHERE
