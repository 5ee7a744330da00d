"""What a ticket has by its type alone: incident, request, problem or change."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.scalars import write_instant
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NOTES,
    ApprovalState,
    CatalogItemRow,
    ChangeKind,
    TicketRow,
    TicketType,
    Via,
)
from subgraphs.tickets.repository import catalog
from subgraphs.tickets.service import custom_fields, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.custom_fields import Entry, Place

PATH: Final = ("input", "details")
NAMES: Final = {
    TicketType.INCIDENT: "incident",
    TicketType.SERVICE_REQUEST: "serviceRequest",
    TicketType.PROBLEM: "problem",
    TicketType.CHANGE: "change",
}
FARTHEST: Final = timedelta(days=3_660)
"""Nobody plans a change further ahead."""

LATELY: Final = timedelta(days=1)
"""So long ago a change may begin that is only now written down."""

Details = dict[str, Any]
"""As they are kept: by the graph's names, ids and instants as texts."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a caller says of the details of each type, by the graph's names."""

    by_type: Mapping[TicketType, Mapping[str, Any]] = field(
        default_factory=dict[TicketType, Mapping[str, Any]]
    )
    users: Collection[str] = ()
    """Of those that the form's answers name, who is known to exist."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose details they are: a ticket that is there, or one to be."""

    type: TicketType
    before: Details
    ticket_id: str | None = None
    complete: bool = True
    """Every required answer of a form is asked for."""


async def checked(
    session: AsyncSession, act: Act, subject: Subject, given: Given
) -> Details:
    """Put what is given over the details that there are; None clears a field.

    Raises:
        RejectedError: INVALID for another type's details or for what cannot be,
            NOT_FOUND for what is not there or not to be seen, REQUIRED, TOO_LONG.

    """
    for kind in given.by_type:
        if kind is not subject.type:
            raise RejectedError(
                Code.INVALID,
                f"The ticket is of the type {subject.type.value}.",
                (*PATH, NAMES[kind]),
            )
    found = {**subject.before, **kept(subject.type, given)}
    if subject.type is TicketType.INCIDENT:
        await check_links(session, act, subject, given)
    if subject.type is TicketType.SERVICE_REQUEST:
        await check_form(session, act, subject, given, found)
    if subject.type is TicketType.CHANGE:
        check_plan(act, found, given.by_type.get(subject.type, {}))
    return {name: value for name, value in found.items() if value is not None}


def kept(kind: TicketType, given: Given) -> Details:
    """Write what is given as it is kept, where it stands for itself."""
    return {
        name: None if value is None else PLAIN[kind, name](value, path_to(kind, name))
        for name, value in given.by_type.get(kind, {}).items()
        if (kind, name) in PLAIN
    }


def path_to(kind: TicketType, *names: str) -> tuple[str, ...]:
    """Say where in the input a field of a type's details stands."""
    return (*PATH, NAMES[kind], *names)


def prose(value: Any, path: Sequence[str]) -> str | None:
    """Check a text of several lines."""
    try:
        return texts.prose(value, path[-1], LONGEST_NOTES)
    except RejectedError as rejected:
        raise RejectedError(rejected.code, rejected.message, path) from None


def as_is(value: Any, _: Sequence[str]) -> Any:
    """Keep what GraphQL has checked already."""
    return value


def word(value: Any, _: Sequence[str]) -> str:
    """Keep an enum's word."""
    return value.value if isinstance(value, Enum) else str(value)


def instant(value: Any, _: Sequence[str]) -> str:
    """Keep an instant as the graph writes it."""
    return write_instant(value)


PLAIN: Final[Mapping[tuple[TicketType, str], Callable[[Any, Sequence[str]], Any]]] = {
    (TicketType.INCIDENT, "major"): as_is,
    (TicketType.INCIDENT, "causedByChange"): as_is,
    (TicketType.INCIDENT, "knownError"): as_is,
    (TicketType.SERVICE_REQUEST, "catalogItem"): as_is,
    (TicketType.PROBLEM, "rootCause"): prose,
    (TicketType.PROBLEM, "workaround"): prose,
    (TicketType.PROBLEM, "isKnownError"): as_is,
    (TicketType.CHANGE, "kind"): word,
    (TicketType.CHANGE, "risk"): word,
    (TicketType.CHANGE, "plannedStartAt"): instant,
    (TicketType.CHANGE, "plannedEndAt"): instant,
    (TicketType.CHANGE, "backoutPlan"): prose,
}
"""How each field is kept; what else must hold of it is asked afterwards."""

LINKED: Final = {
    "causedByChange": TicketType.CHANGE,
    "knownError": TicketType.PROBLEM,
}
"""Fields of an incident that name another ticket, and of which type it is."""


async def check_links(
    session: AsyncSession, act: Act, subject: Subject, given: Given
) -> None:
    """Check that the tickets named are there, to be seen, and of the right type.

    Raises:
        RejectedError: NOT_FOUND or INVALID.

    """
    wanted = given.by_type.get(subject.type, {})
    for name, kind in LINKED.items():
        if wanted.get(name) is None:
            continue
        path = path_to(subject.type, name)
        other = await session.get(TicketRow, wanted[name])
        if other is None or not policy.can_see(act.caller, other):
            raise RejectedError(Code.NOT_FOUND, "There is no such ticket.", path)
        if other.type is not kind or other.id == subject.ticket_id:
            raise RejectedError(
                Code.INVALID, f"It is another ticket, of the type {kind.value}.", path
            )


async def check_form(
    session: AsyncSession, act: Act, subject: Subject, given: Given, found: Details
) -> None:
    """Check the catalogue item and the answers to its form.

    Raises:
        RejectedError: NOT_FOUND, INVALID for an item out of use or answers without
            one, or what `custom_fields.filled` says.

    """
    wanted = given.by_type.get(subject.type, {})
    path = (*PATH, NAMES[subject.type])
    answers: list[Entry] = wanted.get("formAnswers") or []
    key, before = found.get("catalogItem"), subject.before.get("catalogItem")
    if key is None:
        if answers:
            raise RejectedError(
                Code.INVALID,
                "Only a catalogue item has a form.",
                (*path, "formAnswers"),
            )
        found.pop("formAnswers", None)
        return
    anew = key != before
    if not anew and not answers:
        return
    item = await catalog.item_by_id(session, key)
    if item is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such item.", (*path, "catalogItem")
        )
    if anew and item.retired_at is not None:
        raise RejectedError(
            Code.INVALID, "The item is out of use.", (*path, "catalogItem")
        )
    form = [
        each
        for each in await catalog.form_of(session, item.id)
        if each.retired_at is None
    ]
    found["formAnswers"] = custom_fields.filled(
        form,
        answers,
        {} if anew else subject.before.get("formAnswers", {}),
        Place((*path, "formAnswers"), given.users),
        complete=subject.complete and anew and act.via is not Via.IMPORT,
    )


def check_plan(act: Act, found: Details, wanted: Mapping[str, Any]) -> None:
    """Check that a change ends after it begins, and is planned for a day to come.

    An emergency is made at once and written down afterwards; an import retells.

    Raises:
        RejectedError: INVALID.

    """
    path = (*PATH, NAMES[TicketType.CHANGE])
    written_later = found.get("kind") == ChangeKind.EMERGENCY.value
    for name in ("plannedStartAt", "plannedEndAt"):
        planned = wanted.get(name)
        if planned is None:
            continue
        if planned > act.noted_at + FARTHEST:
            raise RejectedError(
                Code.INVALID, "Nobody plans so far ahead.", (*path, name)
            )
        past = planned < act.noted_at - LATELY
        if past and not written_later and act.via is not Via.IMPORT:
            raise RejectedError(Code.INVALID, "It lies in the past.", (*path, name))
    start, end = found.get("plannedStartAt"), found.get("plannedEndAt")
    if start is None or end is None:
        return
    if datetime.fromisoformat(end) < datetime.fromisoformat(start):
        name = "plannedEndAt" if "plannedEndAt" in wanted else "plannedStartAt"
        raise RejectedError(
            Code.INVALID, "It would end before it begins.", (*path, name)
        )


async def item_of(session: AsyncSession, details: Details) -> CatalogItemRow | None:
    """Read the catalogue item that was asked for, if one was."""
    key = details.get("catalogItem")
    return None if key is None else await catalog.item_by_id(session, key)


def consent_for(item: CatalogItemRow | None) -> ApprovalState | None:
    """Say whose consent an item waits for: nobody's, or somebody's."""
    return ApprovalState.PENDING if item and item.approval_required else None


def refuse_strangers(act: Act, given: Given) -> None:
    """Refuse details that take work on tickets: all but a request's.

    Raises:
        RejectedError: FORBIDDEN.

    """
    internal = [
        kind for kind in given.by_type if kind is not TicketType.SERVICE_REQUEST
    ]
    if internal and not policy.works_anywhere(act.caller):
        raise RejectedError(
            Code.FORBIDDEN,
            "You do not work on tickets.",
            (*PATH, NAMES[internal[0]]),
        )
