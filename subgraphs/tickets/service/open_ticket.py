"""Opening a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.identity import Identity
from kit.ids import is_id, new_id
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    Channel,
    EventKind,
    Impact,
    TicketRow,
    TicketType,
    Urgency,
    Via,
    WatchReason,
)
from subgraphs.tickets.repository import catalog, writes
from subgraphs.tickets.service import custom_fields, details, history, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.assign_ticket import Assigned, give_to
from subgraphs.tickets.service.assignment import Plan
from subgraphs.tickets.service.choose import choose
from subgraphs.tickets.service.custom_fields import Entry, Place
from subgraphs.tickets.service.details import Given, Subject
from subgraphs.tickets.service.people import People, Person
from subgraphs.tickets.service.settings import check_category, check_service
from subgraphs.tickets.service.watch import add_watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """What somebody asks for."""

    type: TicketType
    title: str
    description: str | None = None
    requester_id: str | None = None
    channel: Channel = Channel.API
    impact: Impact = Impact.MEDIUM
    urgency: Urgency = Urgency.MEDIUM
    category_id: str | None = None
    service_id: str | None = None
    group_id: str | None = None
    assignee_id: str | None = None
    tags: list[str] = field(default_factory=list[str])
    details: Given = field(default_factory=Given)
    custom_fields: Sequence[Entry] = ()
    watcher_ids: Sequence[str] = ()


async def find_requester(caller: Identity, people: People, wanted: NewTicket) -> Person:
    """Find whom a ticket is for: who is named, or else the caller.

    Raises:
        RejectedError: FORBIDDEN, REQUIRED (an integration must name somebody), or
            what `People.requester` says.

    """
    if not policy.can_open(caller):
        raise RejectedError(Code.FORBIDDEN, "You may not open tickets.")
    requester_id = wanted.requester_id
    if requester_id is None:
        if not is_id(caller.subject, "usr"):
            raise RejectedError(
                Code.REQUIRED,
                "An integration says whom the ticket is for.",
                ("input", "requesterId"),
            )
        requester_id = caller.subject
    if not policy.can_open_for(caller, requester_id):
        raise RejectedError(
            Code.FORBIDDEN,
            "You may open tickets for yourself only.",
            ("input", "requesterId"),
        )
    return await people.requester(requester_id)


def check_assigner(caller: Identity, wanted: NewTicket) -> None:
    """Refuse who may not say who is to work on a new ticket.

    Raises:
        RejectedError: FORBIDDEN.

    """
    for name, given in (
        ("groupId", wanted.group_id),
        ("assigneeId", wanted.assignee_id),
    ):
        if given is not None and not policy.works_anywhere(caller):
            raise RejectedError(
                Code.FORBIDDEN, "You may not assign tickets.", ("input", name)
            )


async def open_ticket(
    session: AsyncSession,
    act: Act,
    wanted: NewTicket,
    requester: Person,
    plan: Plan | None = None,
) -> Assigned:
    """Open a ticket; its priority is the matrix's.

    Where its group chooses by itself, somebody gets it at once; where it can be
    nobody, the ticket is opened all the same, and a warning says why.

    Raises:
        RejectedError: what the plan says, a text that cannot be kept, an unknown
            category or service.

    """
    if plan is not None and plan.refusal is not None:
        raise plan.refusal
    checked_texts = {
        "title": texts.line(wanted.title, "title", LONGEST_TITLE),
        "description": texts.prose(
            wanted.description, "description", LONGEST_DESCRIPTION
        ),
        "tags": texts.tags_of(wanted.tags),
    }
    category_id = await check_category(session, wanted.category_id)
    checked_details = await details_for(session, act, wanted)
    item = await details.item_of(session, checked_details)
    begins = await writes.beginning_of(
        session, wanted.type, wanted.impact, wanted.urgency
    )
    ticket = TicketRow(
        id=new_id("tkt"),
        number=begins.number,
        type=wanted.type,
        **checked_texts,
        channel=wanted.channel,
        status_id=begins.status_id,
        status_category=begins.category,
        priority=begins.priority,
        impact=wanted.impact,
        urgency=wanted.urgency,
        requester_id=requester.id,
        requester_department_id=requester.department_id,
        opened_by_id=act.person_id,
        group_id=wanted.group_id or await group_for(session, category_id),
        assignee_id=wanted.assignee_id,
        category_id=category_id,
        service_id=await check_service(session, wanted.service_id)
        or (item and item.service_id),
        details=checked_details or None,
        custom_fields=await fields_for(session, act, wanted, category_id),
        approval_state=details.consent_for(item),
        watcher_ids=[],
        opened_at=act.at,
        updated_at=act.at,
        history_length=0,
    )
    session.add(ticket)
    history.record(
        session,
        ticket,
        act,
        EventKind.CREATED,
        after=first_state(ticket, begins.status_key),
    )
    if wanted.watcher_ids:
        await session.flush()  # nobody watches what is not there
    for user_id in dict.fromkeys(wanted.watcher_ids):
        mine = user_id == act.actor_id
        reason = WatchReason.MANUAL if mine else WatchReason.CC
        add_watcher(session, ticket, act, user_id, reason)
    # Its category may give it to another group than was asked a moment ago.
    if plan is None or plan.roster is None or plan.group_id != ticket.group_id:
        return Assigned(ticket)
    await session.flush()
    return await give_to_somebody(session, act, ticket, plan)


async def give_to_somebody(
    session: AsyncSession, act: Act, ticket: TicketRow, plan: Plan
) -> Assigned:
    """Let the group of a new ticket choose; that it can be nobody is a warning."""
    try:
        choice = plan.roster and await choose(session, ticket, plan.roster)
    except RejectedError as rejected:
        plan.warnings = [rejected.message]
        return Assigned(ticket)
    if choice is None:
        return Assigned(ticket)
    given = {"assignee_id": choice.user_id}
    event = give_to(session, act, ticket, given, choice.reason)
    return Assigned(ticket, event, choice.reason)


async def details_for(
    session: AsyncSession, act: Act, wanted: NewTicket
) -> dict[str, Any]:
    """Check what a new ticket is to have by its type.

    Raises:
        RejectedError: what `details.refuse_strangers` and `details.checked` say.

    """
    details.refuse_strangers(act, wanted.details)
    return await details.checked(session, act, Subject(wanted.type, {}), wanted.details)


async def fields_for(
    session: AsyncSession, act: Act, wanted: NewTicket, category_id: str | None
) -> dict[str, Any]:
    """Check what its custom fields hold; an import may leave out what it has not.

    Raises:
        RejectedError: what `custom_fields.filled` says.

    """
    return custom_fields.filled(
        await catalog.fields_for(session, wanted.type, category_id),
        wanted.custom_fields,
        {},
        Place(("input", "customFields"), wanted.details.users),
        complete=act.via is not Via.IMPORT,
    )


async def group_for(session: AsyncSession, category_id: str | None) -> str | None:
    """Find the group that a category gives its tickets to, if it does."""
    return category_id and await catalog.default_group(session, category_id)


def first_state(ticket: TicketRow, status: str) -> dict[str, Any]:
    """Say what a ticket began as, so that its history alone can tell its life."""
    return {
        "status": status,
        "impact": ticket.impact.value,
        "urgency": ticket.urgency.value,
        "priority": ticket.priority.value,
        "groupId": ticket.group_id,
        "assigneeId": ticket.assignee_id,
        "categoryId": ticket.category_id,
        "serviceId": ticket.service_id,
        **({"details": ticket.details} if ticket.details else {}),
        **({"customFields": ticket.custom_fields} if ticket.custom_fields else {}),
    }
