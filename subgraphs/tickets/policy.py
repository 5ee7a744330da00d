"""Who may see and do what with a ticket: default deny, one set of rules.

`visible` says it as a condition in SQL and `can_see` of one ticket at hand; both are
made of `OWN`, the ticket's watchers and the same scopes.
"""

from typing import Any, Final, Protocol

from kit.filters import EVERYTHING, Predicate, any_of, condition
from kit.identity import Identity, Kind
from subgraphs.tickets.models import ENDED, StatusCategory

READ: Final = "tickets:read"
READ_ALL: Final = "tickets:read_all"
WRITE: Final = "tickets:write"
WORK: Final = "tickets:work"
MANAGE: Final = "tickets:manage"
IMPORT: Final = "tickets:import"

OWN: Final = ("requester_id", "opened_by_id")
"""Whose ticket it is: theirs who asked, and theirs who opened it for somebody."""

NOTHING: Final = any_of()
"""The condition that no row meets."""


class Owned(Protocol):
    """What of a ticket the rules look at: ids, on a row as on a graph type."""

    @property
    def requester_id(self) -> Any:
        """Who asked."""
        ...

    @property
    def opened_by_id(self) -> Any:
        """Who opened it; nobody, where an integration did."""
        ...

    @property
    def watcher_ids(self) -> Any:
        """Who watches it."""
        ...


def visible(caller: Identity) -> Predicate:
    """Say which tickets the caller may see, as a condition on their rows."""
    if not caller.authenticated or not caller.may(READ):
        return NOTHING
    if caller.may(READ_ALL):
        return EVERYTHING
    return any_of(
        *(condition(column, "eq", caller.subject) for column in OWN),
        condition("watcher", "eq", caller.subject),
    )


def can_see(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may see this ticket."""
    if not caller.authenticated or not caller.may(READ):
        return False
    return caller.may(READ_ALL) or is_own(caller, ticket) or watches(caller, ticket)


def is_own(caller: Identity, ticket: Owned) -> bool:
    """Say whether the ticket is the caller's own."""
    return any(getattr(ticket, column) == caller.subject for column in OWN)


def watches(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller watches the ticket: that shows it, and no more."""
    return caller.subject in ticket.watcher_ids


def can_open(caller: Identity) -> bool:
    """Say whether the caller may open tickets."""
    return caller.authenticated and caller.may(WRITE)


def can_open_for(caller: Identity, requester_id: str) -> bool:
    """Say whether the caller may open a ticket in this person's name.

    Everybody in their own; who works on tickets, and an integration, in anybody's.
    """
    if not can_open(caller):
        return False
    mine = requester_id == caller.subject
    return mine or caller.kind is Kind.SERVICE or caller.may(WORK)


def can_edit(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may change the ticket's texts and tags."""
    return can_work(caller, ticket) or (
        can_see(caller, ticket) and caller.may(WRITE) and is_own(caller, ticket)
    )


def can_work(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may assign, classify and move the ticket."""
    return can_see(caller, ticket) and caller.may(WORK)


def can_move(
    caller: Identity, ticket: Owned, source: StatusCategory, target: StatusCategory
) -> bool:
    """Say whether the caller may move the ticket from one category to another.

    Who works on it may; others give up their own, or say that it is not solved.
    """
    if can_work(caller, ticket):
        return True
    reopens = source is StatusCategory.RESOLVED and target not in ENDED
    given_up = target is StatusCategory.CANCELLED
    return can_edit(caller, ticket) and (given_up or reopens)


def can_comment(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may reply on the ticket so that all who see it do."""
    return can_see(caller, ticket) and bool(caller.scopes & {WRITE, WORK})


def can_comment_internally(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may read and write the notes of those who work on it."""
    return can_work(caller, ticket)


def can_retell(caller: Identity) -> bool:
    """Say whether the caller may give instants and actors of the past."""
    return caller.authenticated and caller.may(IMPORT)


def can_configure(caller: Identity) -> bool:
    """Say whether the caller may make categories and services."""
    return caller.authenticated and bool(caller.scopes & {MANAGE, IMPORT})


def can_read_settings(caller: Identity) -> bool:
    """Say whether the caller may list statuses, categories and services."""
    return caller.authenticated and caller.may(READ)
