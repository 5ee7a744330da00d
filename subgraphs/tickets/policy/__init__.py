"""Who may see and do what with a ticket: default deny, one set of rules.

`visible` says it as a condition in SQL and `can_see` of one ticket at hand; both are
made of `OWN`, the ticket's watchers, the caller's scopes and where they stand
(`subgraphs.tickets.policy.standing`).
"""

from collections.abc import Collection
from typing import Any, Final, Protocol

from kit.filters import EVERYTHING, Predicate, all_of, any_of, condition
from kit.identity import Identity, Kind
from subgraphs.tickets.models import ENDED, StatusCategory
from subgraphs.tickets.policy.standing import Held, Standing, standing_of

READ: Final = "tickets:read"
READ_ALL: Final = "tickets:read_all"
READ_GROUP: Final = "tickets:read_group"
READ_DEPARTMENT: Final = "tickets:read_department"
TRIAGE: Final = "tickets:triage"
WRITE: Final = "tickets:write"
WORK: Final = "tickets:work"
MANAGE: Final = "tickets:manage"
IMPORT: Final = "tickets:import"
FOLLOW: Final = "events:read"

OWN: Final = ("requester_id", "opened_by_id")
"""Whose ticket it is: theirs who asked, and theirs who opened it for somebody."""

LOOKED_AT: Final = (
    *OWN,
    "watcher_ids",
    "assignee_id",
    "group_id",
    "requester_department_id",
)
"""What of a ticket the rules look at."""

FEW: Final = 16
"""Of more groups or departments than these, tickets are not looked for one by one."""

READS: Final = frozenset({READ_ALL, READ_GROUP, READ_DEPARTMENT})
"""In a role that is held in a place, each of these is sight of the tickets there."""

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

    @property
    def assignee_id(self) -> Any:
        """Who works on it."""
        ...

    @property
    def group_id(self) -> Any:
        """Which group has it."""
        ...

    @property
    def requester_department_id(self) -> Any:
        """Where its requester was when it was opened."""
        ...


def must_be_asked(caller: Identity) -> bool:
    """Say whether where they stand can make a difference to what they see."""
    if caller.kind is not Kind.USER or not caller.may(READ) or caller.may(READ_ALL):
        return False
    some = caller.may(READ_GROUP) or caller.may(READ_DEPARTMENT)
    return some or caller.holds_scoped_roles


def stand(
    caller: Identity,
    *,
    groups: Collection[str],
    headed: Collection[str],
    held: Collection[Held],
) -> Standing:
    """Say where somebody stands who is in these groups, and heads these departments.

    ``headed`` has the departments inside as well, and so have the places of the roles
    ``held`` in one.
    """
    members = frozenset(groups) if caller.may(READ_GROUP) else frozenset[str]()
    sees_groups, works_groups = set(members), set(members)
    if not caller.may(WORK):
        works_groups.clear()
    sees_departments = set(headed if caller.may(READ_DEPARTMENT) else ())
    works_departments = set[str]()
    for each in held:
        if not READS.intersection(each.permissions):
            continue
        sees_groups.update(each.groups)
        sees_departments.update(each.departments)
        if WORK in each.permissions:
            works_groups.update(each.groups)
            works_departments.update(each.departments)
    return Standing(
        frozenset(sees_groups),
        frozenset(works_groups),
        frozenset(sees_departments),
        frozenset(works_departments),
    )


def visible(caller: Identity) -> Predicate:
    """Say which tickets the caller may see, as a condition on their rows."""
    if not caller.authenticated or not caller.may(READ):
        return NOTHING
    if caller.may(READ_ALL):
        return EVERYTHING
    standing = standing_of(caller)
    ways = [condition(column, "eq", caller.subject) for column in OWN]
    if standing.sees_groups:
        ways.append(_among("group_id", standing.sees_groups))
    if standing.sees_departments:
        ways.append(_among("requester_department_id", standing.sees_departments))
    ways.append(condition("watcher", "eq", caller.subject))
    nobodys = condition("group_id", "null")
    if caller.may(TRIAGE):
        ways.append(nobodys)
    if caller.may(WORK):
        ways.append(all_of(condition("assignee_id", "eq", caller.subject), nobodys))
    return any_of(*ways)


def _among(column: str, ids: frozenset[str]) -> Predicate:
    """Compare with ids of ours, however many: `condition` bounds what callers send.

    A list of few is gone through one by one where tickets are read way by way; what
    is inside another condition is not, and of many that is the better way.
    """
    few = Predicate(("in", column), (sorted(ids),))
    return few if len(ids) <= FEW else Predicate(("and", few.shape), few.values)


def can_see(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may see this ticket."""
    if not caller.authenticated or not caller.may(READ):
        return False
    standing = standing_of(caller)
    return (
        caller.may(READ_ALL)
        or is_own(caller, ticket)
        or watches(caller, ticket)
        or ticket.group_id in standing.sees_groups
        or ticket.requester_department_id in standing.sees_departments
        or is_free(caller, ticket)
    )


def is_own(caller: Identity, ticket: Owned) -> bool:
    """Say whether the ticket is the caller's own."""
    return any(getattr(ticket, column) == caller.subject for column in OWN)


def watches(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller watches the ticket: that shows it, and no more."""
    return caller.subject in ticket.watcher_ids


def is_free(caller: Identity, ticket: Owned) -> bool:
    """Say whether no group has the ticket, and the caller is to see to it."""
    if ticket.group_id is not None:
        return False
    return caller.may(TRIAGE) or (
        caller.may(WORK) and ticket.assignee_id == caller.subject
    )


def works_anywhere(caller: Identity) -> bool:
    """Say whether the caller works on anybody's tickets at all."""
    standing = standing_of(caller)
    places = standing.works_groups or standing.works_departments
    return caller.authenticated and (caller.may(WORK) or bool(places))


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
    return mine or caller.kind is Kind.SERVICE or works_anywhere(caller)


def can_edit(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may change the ticket's texts and tags."""
    return can_work(caller, ticket) or (
        can_see(caller, ticket) and caller.may(WRITE) and is_own(caller, ticket)
    )


def can_work(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may assign, classify and move the ticket.

    To see it as the head of a department is not enough: who works on tickets works on
    their own, their groups' and those that no group has.
    """
    if not can_see(caller, ticket):
        return False
    standing = standing_of(caller)
    if (
        ticket.group_id in standing.works_groups
        or ticket.requester_department_id in standing.works_departments
    ):
        return True
    everywhere = caller.may(READ_ALL) or is_own(caller, ticket)
    return caller.may(WORK) and (everywhere or is_free(caller, ticket))


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
    writes = can_see(caller, ticket) and caller.may(WRITE)
    return writes or can_work(caller, ticket)


def can_comment_internally(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may read and write the notes of those who work on it."""
    return can_work(caller, ticket)


def can_retell(caller: Identity) -> bool:
    """Say whether the caller may give instants and actors of the past."""
    return caller.authenticated and caller.may(IMPORT)


def can_manage(caller: Identity) -> bool:
    """Say whether the caller may set up workflow, priorities, fields and the rest."""
    return caller.authenticated and caller.may(MANAGE)


def can_record_approval(caller: Identity, ticket: Owned) -> bool:
    """Say whether the caller may note a consent: never to what they ask for."""
    return can_manage(caller) and can_see(caller, ticket) and not is_own(caller, ticket)


def can_configure(caller: Identity) -> bool:
    """Say whether the caller may make categories and services."""
    return caller.authenticated and bool(caller.scopes & {MANAGE, IMPORT})


def can_promise(caller: Identity) -> bool:
    """Say whether the caller may set calendars and service levels."""
    return caller.authenticated and caller.may(MANAGE)


def can_read_settings(caller: Identity) -> bool:
    """Say whether the caller may list statuses, categories and services."""
    return caller.authenticated and caller.may(READ)


def can_follow(caller: Identity) -> bool:
    """Say whether the caller may read all that happens, whoever may see it."""
    return caller.authenticated and caller.may(FOLLOW)
