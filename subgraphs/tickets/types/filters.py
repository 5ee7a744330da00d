"""Filters and orders: what a caller writes → predicates and orders."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Any, Final

import strawberry
from strawberry import UNSET

from kit.comparators import (
    DateTimeComparator,
    IdComparator,
    IntComparator,
    SortDirection,
    StringComparator,
    compare,
)
from kit.errors import InvalidInputError
from kit.filters import (
    EVERYTHING,
    Predicate,
    all_of,
    any_of,
    condition,
    negate,
    refuse_depth,
)
from kit.pagination import Order
from subgraphs.tickets.models import (
    Channel,
    EventKind,
    HoldReason,
    Impact,
    Priority,
    SlaState,
    StatusCategory,
    TicketType,
    Urgency,
)
from subgraphs.tickets.models.clocked import NEVER
from subgraphs.tickets.repository.columns import NEWEST_FIRST
from subgraphs.tickets.repository.search import BEST_FIRST, RELEVANCE
from subgraphs.tickets.repository.search_input import Search
from subgraphs.tickets.types.custom_field_filter import (
    CustomFieldFilter,
    custom_field_predicate,
)
from subgraphs.tickets.types.enums import TicketOrderField

MOST_ORDERS: Final = 4


def _by(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(
    description="Which tickets. All conditions given must hold; those left out do not "
    "count."
)
class TicketFilter:
    and_: list["TicketFilter"] | None = strawberry.field(
        name="and", default=UNSET, description="All of these hold."
    )
    or_: list["TicketFilter"] | None = strawberry.field(
        name="or", default=UNSET, description="One of these holds at least."
    )
    not_: "TicketFilter | None" = strawberry.field(
        name="not", default=UNSET, description="This does not hold."
    )
    id: IdComparator | None = _by("By id.")
    number: StringComparator | None = _by("By number.")
    type: list[TicketType] | None = _by("Of one of these types.")
    title: StringComparator | None = _by("By title.")
    status_category: list[StatusCategory] | None = _by("In one of these categories.")
    status: IdComparator | None = _by("By the id of the status.")
    hold_reason: list[HoldReason] | None = _by("On hold for one of these reasons.")
    priority: list[Priority] | None = _by("Of one of these priorities.")
    impact: list[Impact] | None = _by("Of one of these impacts.")
    urgency: list[Urgency] | None = _by("Of one of these urgencies.")
    requester: IdComparator | None = _by("By whom it is for.")
    requester_department: IdComparator | None = _by(
        "By the requester's department when it was opened."
    )
    opened_by: IdComparator | None = _by("By who opened it.")
    assignee: IdComparator | None = _by("By who works on it.")
    group: IdComparator | None = _by("By the group that has it.")
    watcher: IdComparator | None = _by("By who watches it: one of them does.")
    category: IdComparator | None = _by("By category.")
    service: IdComparator | None = _by("By service.")
    tag: StringComparator | None = _by("By its tags: one of them meets the condition.")
    channel: list[Channel] | None = _by("Came in by one of these.")
    sla_state: list[SlaState] | None = _by("The worst of its clocks is so.")
    sla_due_at: DateTimeComparator | None = _by(
        "By when the first of its clocks is due, or was and has not stopped."
    )
    first_responded_at: DateTimeComparator | None = _by("By when it was answered.")
    opened_at: DateTimeComparator | None = _by("By when it was opened.")
    updated_at: DateTimeComparator | None = _by("By when it last changed.")
    resolved_at: DateTimeComparator | None = _by("By when it was resolved.")
    closed_at: DateTimeComparator | None = _by("By when it was closed.")
    reassignment_count: IntComparator | None = _by("By how often its group changed.")
    reopen_count: IntComparator | None = _by("By how often it was reopened.")
    custom_field: list[CustomFieldFilter] | None = _by(
        "By custom fields: all of these hold."
    )


@strawberry.input(description="What a list of tickets is sorted by.")
class TicketOrder:
    field: TicketOrderField = strawberry.field(description="By what.")
    direction: SortDirection = strawberry.field(
        default=SortDirection.ASC, description="Which end comes first."
    )


@strawberry.input(description="Which events. All conditions given must hold.")
class TicketEventFilter:
    kinds: list[EventKind] | None = _by("Of one of these kinds.")
    at: DateTimeComparator | None = _by("By when it happened.")
    actor: IdComparator | None = _by("By who did it.")


_COLUMNS: Final = {
    "id": "id",
    "number": "number",
    "type": "type",
    "title": "title",
    "status_category": "status_category",
    "status": "status_id",
    "hold_reason": "hold_reason",
    "priority": "priority_rank",
    "impact": "impact",
    "urgency": "urgency",
    "requester": "requester_id",
    "requester_department": "requester_department_id",
    "opened_by": "opened_by_id",
    "assignee": "assignee_id",
    "group": "group_id",
    "category": "category_id",
    "service": "service_id",
    "channel": "channel",
    "sla_state": "sla_state",
    "first_responded_at": "first_responded_at",
    "opened_at": "opened_at",
    "updated_at": "updated_at",
    "resolved_at": "resolved_at",
    "closed_at": "closed_at",
    "reassignment_count": "reassignment_count",
    "reopen_count": "reopen_count",
}
RANK: Final = {each: rank for rank, each in enumerate(Priority, 1)}
"""Priorities as `TicketRow.priority_rank` has them: that is what has indexes."""

UNDUE: Final = datetime.fromisoformat(NEVER)

_EVENT_COLUMNS: Final = {"kinds": "kind", "at": "at", "actor": "actor_id"}


def ticket_predicate(wanted: TicketFilter | None) -> Predicate:
    """Turn a filter into a predicate on tickets.

    Raises:
        InvalidInputError: nested too deep, too many values, or null for a condition.

    """
    if wanted is None:
        return EVERYTHING
    return refuse_depth(all_of(*_conditions(wanted)))


def event_predicate(wanted: TicketEventFilter | None) -> Predicate:
    """Turn a filter into a predicate on events.

    Raises:
        InvalidInputError: too many values, or null for a condition.

    """
    if wanted is None:
        return EVERYTHING
    return all_of(*_plain(wanted, _EVENT_COLUMNS))


def _conditions(wanted: TicketFilter) -> Iterator[Predicate]:
    yield from _plain(wanted, _COLUMNS)
    if wanted.sla_due_at is not UNSET:
        yield _due(wanted.sla_due_at)
    if wanted.tag is not UNSET:
        yield _one_of(wanted.tag, "tag", "untagged")
    if wanted.watcher is not UNSET:
        yield _one_of(wanted.watcher, "watcher", "unwatched")
    for each in wanted.custom_field or ():
        yield custom_field_predicate(each)
    if wanted.and_:
        yield all_of(*(all_of(*_conditions(part)) for part in wanted.and_))
    if wanted.or_ is not UNSET and wanted.or_ is not None:
        yield any_of(*(all_of(*_conditions(part)) for part in wanted.or_))
    if wanted.not_:
        yield negate(all_of(*_conditions(wanted.not_)))


def _plain(wanted: object, columns: dict[str, str]) -> Iterator[Predicate]:
    for name, column in columns.items():
        given = getattr(wanted, name)
        if given is UNSET:
            continue
        if given is None:
            raise null(name)
        if isinstance(given, list):
            yield condition(column, "in", [_word(each) for each in given])
        else:
            yield compare(column, given, name)


def _word(value: object) -> object:
    if isinstance(value, Priority):
        return RANK[value]
    return value.value if isinstance(value, Enum) else value


def _due(wanted: DateTimeComparator | None) -> Predicate:
    """Compare when a clock is due, by the column that has an index and is never null.

    By that one alone: PostgreSQL would take two conditions that mean the same for
    independent, and expect hardly any ticket to meet both.
    """
    if wanted is None:
        raise null("sla_due_at")
    is_there = compare("sla_due_at", DateTimeComparator(is_null=wanted.is_null))
    when = compare("sla_due_order", replace(wanted, is_null=UNSET), "sla_due_at")
    if when == EVERYTHING:
        return is_there
    return all_of(is_there, when, condition("sla_due_order", "lt", UNDUE))


def null(name: str) -> InvalidInputError:
    """Refuse a condition that is null."""
    return InvalidInputError(
        f"The filter's '{name}' is null; leave it out, or use 'isNull'."
    )


def _one_of(
    wanted: StringComparator | IdComparator | None, name: str, none: str
) -> Predicate:
    """Compare the members of a list; to have none is a condition of its own."""
    if wanted is None:
        raise null(name)
    if not isinstance(wanted.is_null, bool):
        return compare(name, wanted)
    empty = condition(none, "eq", wanted.is_null)
    return all_of(empty, compare(name, replace(wanted, is_null=UNSET)))


def order_of(wanted: list[TicketOrder] | None, search: Search | None = None) -> Order:
    """Turn the order a caller wants into a total one.

    By default the newest come first, and of a search's hits the best.

    >>> order_of([TicketOrder(field=TicketOrderField.PRIORITY)]).by
    (('priority_rank', False), ('id', False))

    Raises:
        InvalidInputError: a field twice, more than four, or relevance without a
            search.

    """
    if not wanted:
        return NEWEST_FIRST if search is None else search.order(BEST_FIRST)
    by = [(each.field.value, each.direction is SortDirection.DESC) for each in wanted]
    if len(by) > MOST_ORDERS or len({column for column, _ in by}) < len(by):
        raise InvalidInputError(
            f"'orderBy' takes at most {MOST_ORDERS} fields, each once."
        )
    total = (*by, ("id", by[-1][1]))
    if search is not None:
        return search.order(total)
    if any(column == RELEVANCE for column, _ in by):
        raise InvalidInputError("Only what is searched for has a RELEVANCE.")
    return Order("tickets", total)
