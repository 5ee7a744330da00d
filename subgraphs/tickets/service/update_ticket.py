"""Changing what a ticket says and how it is classified."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_DESCRIPTION,
    LONGEST_NOTES,
    LONGEST_TITLE,
    EventKind,
    Impact,
    Priority,
    TicketRow,
    Urgency,
)
from subgraphs.tickets.repository import catalog, writes
from subgraphs.tickets.repository.history import Event
from subgraphs.tickets.service import custom_fields, history, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.custom_fields import Filling, Place
from subgraphs.tickets.service.lock import Rule, take
from subgraphs.tickets.service.settings import check_category, check_service

TEXTS: Final = frozenset({"title", "description", "tags"})
"""What a requester may change of their own tickets; the rest takes tickets:work."""

NAMES: Final = {
    "title": "title",
    "description": "description",
    "tags": "tags",
    "impact": "impact",
    "urgency": "urgency",
    "priority": "priority",
    "priority_overridden": "priorityOverridden",
    "category_id": "categoryId",
    "service_id": "serviceId",
}
"""Columns whose changes are events of their own, by their names in the history."""


async def update_ticket(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    given: Mapping[str, Any],
) -> tuple[TicketRow, Event | None]:
    """Change the fields given, None clearing one; each change is an event.

    ``given`` has the columns' names, ``priority_override`` and its reason. With
    nothing new nothing happens: no event, the version stays.

    Raises:
        RejectedError: what `take` says, or a value that cannot be.

    """
    ticket = await take(session, act, ticket_id, expected_version, rule_for(given))
    reason = reason_of(given)
    wanted = await checked(session, ticket, given)
    await reconsider_priority(session, ticket, wanted, given)
    event = None
    for column, name in NAMES.items():
        before, after = getattr(ticket, column), wanted.get(column, ...)
        if after is ... or after == before:
            continue
        setattr(ticket, column, after)
        event = history.record(
            session,
            ticket,
            act,
            EventKind.FIELD_CHANGED,
            field=name,
            before=written(before),
            after=written(after),
            note=reason if name.startswith("priority") else None,
        )
    filling: Filling | None = given.get("custom_fields")
    if filling is not None:
        event = await fill(session, ticket, act, filling) or event
    if event is not None:
        history.touch(ticket, act)
    return ticket, event


async def fill(
    session: AsyncSession, ticket: TicketRow, act: Act, filling: Filling
) -> Event | None:
    """Change custom fields; each that changes is an event.

    Raises:
        RejectedError: what `custom_fields.filled` says.

    """
    before = ticket.custom_fields
    after = custom_fields.filled(
        await catalog.fields_for(session, ticket.type, ticket.category_id),
        filling.entries,
        before,
        Place(("input", "customFields"), filling.users),
        complete=False,
    )
    event = None
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) == after.get(key):
            continue
        event = history.record(
            session,
            ticket,
            act,
            EventKind.FIELD_CHANGED,
            field=f"customFields.{key}",
            before=before.get(key),
            after=after.get(key),
        )
    ticket.custom_fields = after
    return event


def reason_of(given: Mapping[str, Any]) -> str | None:
    """Check why a priority is overridden, or given back to the matrix.

    Raises:
        RejectedError: REQUIRED for an override without a reason, INVALID for a reason
            without one, or a text that cannot be kept.

    """
    name = "priorityOverrideReason"
    reason = texts.prose(given.get("priority_override_reason"), name, LONGEST_NOTES)
    if reason is None and given.get("priority_override") is not None:
        raise RejectedError(
            Code.REQUIRED, "An override takes a reason.", ("input", name)
        )
    if reason is not None and "priority_override" not in given:
        raise RejectedError(
            Code.INVALID, "Only an override has a reason.", ("input", name)
        )
    return reason


def rule_for(given: Mapping[str, Any]) -> Rule:
    """Say who may make these changes."""
    return policy.can_edit if TEXTS.issuperset(given) else policy.can_work


async def checked(
    session: AsyncSession, ticket: TicketRow, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Check the fields given, and put what a cleared one falls back to.

    Raises:
        RejectedError: a text that cannot be kept, an unknown category or service.

    """
    wanted = dict(given)
    if "title" in given:
        wanted["title"] = texts.line(given["title"], "title", LONGEST_TITLE)
    if "description" in given:
        wanted["description"] = texts.prose(
            given["description"], "description", LONGEST_DESCRIPTION
        )
    if "tags" in given:
        wanted["tags"] = texts.tags_of(given["tags"])
    if "impact" in given:
        wanted["impact"] = given["impact"] or Impact.MEDIUM
    if "urgency" in given:
        wanted["urgency"] = given["urgency"] or Urgency.MEDIUM
    if given.get("category_id") != ticket.category_id:
        await check_category(session, given.get("category_id"))
    if given.get("service_id") != ticket.service_id:
        await check_service(session, given.get("service_id"))
    return wanted


async def reconsider_priority(
    session: AsyncSession,
    ticket: TicketRow,
    wanted: dict[str, Any],
    given: Mapping[str, Any],
) -> None:
    """Add the priority that follows: an override's, or else the matrix's."""
    wanted.pop("priority_override_reason", None)
    override: Priority | None = wanted.pop("priority_override", None)
    if override is not None:
        wanted["priority"], wanted["priority_overridden"] = override, True
        return
    released = "priority_override" in given
    moved = "impact" in given or "urgency" in given
    if released or (moved and not ticket.priority_overridden):
        wanted["priority"] = await writes.priority_for(
            session,
            wanted.get("impact", ticket.impact),
            wanted.get("urgency", ticket.urgency),
        )
        wanted["priority_overridden"] = False


def written(value: Any) -> Any:
    """Write a column's value as the history's JSON has it."""
    return value.value if isinstance(value, Enum) else value
