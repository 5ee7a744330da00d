"""Who may read, write, change and take back what is said about a ticket.

What somebody may do with the ticket itself, tickets says: it comes here as their
`Standing`. Who may not see a ticket has none, and sees no comment of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from kit.filters import Predicate, all_of, condition
from kit.identity import Identity, Kind
from subgraphs.comments.models import Visibility

READ: Final = "tickets:read"
FOLLOW: Final = "events:read"
MODERATE: Final = "tickets:manage"
IMPORT: Final = "tickets:import"
WORK: Final = "tickets:work"
READ_ALL: Final = "tickets:read_all"
READ_GROUP: Final = "tickets:read_group"
READ_DEPARTMENT: Final = "tickets:read_department"
READS: Final = frozenset({READ_ALL, READ_GROUP, READ_DEPARTMENT})

EDIT_WINDOW: Final = timedelta(minutes=15)
"""How long authors may change or take back what they wrote."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody who may see a ticket may do with it, as tickets says.

    ``replies`` says that they may reply for all who see it, ``works`` that they work
    on it, and so read and write internal notes.
    """

    replies: bool
    works: bool


class Said(Protocol):
    """What of a comment the rules look at, on a row as on a graph type."""

    @property
    def author_id(self) -> Any:
        """Who wrote it."""
        ...

    @property
    def visibility(self) -> Any:
        """Who reads it."""
        ...

    @property
    def written_at(self) -> Any:
        """When it was written down here."""
        ...

    @property
    def deleted_at(self) -> Any:
        """When it was taken back, if it was."""
        ...


def readable(standing: Standing | None) -> tuple[Visibility, ...]:
    """Say which comments of a ticket somebody reads.

    >>> [each.name for each in readable(Standing(replies=True, works=False))]
    ['PUBLIC']
    """
    if standing is None:
        return ()
    return (*Visibility,) if standing.works else (Visibility.PUBLIC,)


def visible(ticket_id: str, standing: Standing | None) -> Predicate:
    """Say which comments of a ticket somebody reads, as a condition on their rows."""
    words = [each.value for each in readable(standing)]
    return all_of(
        condition("ticket_id", "eq", ticket_id), condition("visibility", "in", words)
    )


def can_see(standing: Standing | None, comment: Said) -> bool:
    """Say whether somebody reads this comment of the ticket that they stand so to."""
    return Visibility(comment.visibility) in readable(standing)


def can_add(standing: Standing, visibility: Visibility) -> bool:
    """Say whether somebody may write a comment that these read."""
    return standing.works if visibility is Visibility.INTERNAL else standing.replies


def can_edit(caller: Identity, comment: Said, now: datetime) -> bool:
    """Say whether the caller may change what it says: its author, soon after."""
    return is_author(caller, comment) and is_fresh(comment, now)


def can_delete(caller: Identity, comment: Said, now: datetime) -> bool:
    """Say whether the caller may take it back: as its author, or for order."""
    if comment.deleted_at is not None:
        return False
    return can_edit(caller, comment, now) or can_moderate(caller)


def can_moderate(caller: Identity) -> bool:
    """Say whether the caller may take back what others said."""
    return caller.authenticated and caller.may(MODERATE)


def can_follow(caller: Identity) -> bool:
    """Say whether the caller may read all that happens here, whoever may see it."""
    return caller.authenticated and caller.may(FOLLOW)


def can_retell(caller: Identity) -> bool:
    """Say whether the caller may give instants and authors of the past."""
    return caller.authenticated and caller.may(IMPORT)


def can_name_source(caller: Identity) -> bool:
    """Say whether the caller may say what a comment came through: no person may."""
    return caller.kind is Kind.SERVICE or can_retell(caller)


def is_author(caller: Identity, comment: Said) -> bool:
    """Say whether the caller wrote this comment."""
    return caller.authenticated and caller.subject == comment.author_id


def is_fresh(comment: Said, now: datetime) -> bool:
    """Say whether a comment is young enough to be changed, and there at all."""
    return comment.deleted_at is None and now - comment.written_at < EDIT_WINDOW
