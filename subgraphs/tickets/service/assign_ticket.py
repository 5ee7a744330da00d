"""Giving a ticket to a group and a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import LONGEST_NOTES, EventKind, TicketRow
from subgraphs.tickets.repository.history import Event
from subgraphs.tickets.service import history, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.assignment import Plan, retold
from subgraphs.tickets.service.choose import choose
from subgraphs.tickets.service.lock import take

LEFT_BEHIND = "Whoever had it is not in the group that it went to."


@dataclass(frozen=True, slots=True)
class Assigned:
    """What came of it; ``event`` is the last one, ``reason`` why the policy chose."""

    ticket: TicketRow
    event: Event | None = None
    reason: str | None = None


async def assign_ticket(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    given: Mapping[str, str | None],
    *,
    note: str | None = None,
    plan: Plan | None = None,
) -> Assigned:
    """Give a ticket to the group and the person given, None taking it away.

    A change of the group counts as a reassignment, from none and to none as well; a
    change of the assignee alone does not. Whoever has the ticket loses it with the
    group, unless they are in the new one. ``plan`` is what was checked before; without
    one, nothing is.

    Raises:
        RejectedError: what `take` says, STALE where another group got the ticket
            meanwhile, ASSIGNEE_UNAVAILABLE, or a note that cannot be kept.

    """
    plan = plan or retold()
    ticket = await take(session, act, ticket_id, expected_version, policy.can_work)
    note = texts.prose(note, "note", LONGEST_NOTES)
    if plan.refusal is not None:
        raise plan.refusal
    if plan.bound and ticket.group_id != plan.group_id:
        raise RejectedError(
            Code.STALE,
            "Another group got the ticket meanwhile.",
            ("input", "id"),
            current=ticket.id,
        )
    wanted, said, reason = dict(given), note, None
    event = move_to_group(session, act, ticket, wanted, note)
    if plan.roster is not None:
        choice = await choose(session, ticket, plan.roster)
        wanted["assignee_id"], reason = choice.user_id, choice.reason
        said = "\n".join(filter(None, (note, reason)))
    elif event is not None and must_let_go(ticket, wanted, plan):
        wanted["assignee_id"] = None
        said = "\n".join(filter(None, (note, LEFT_BEHIND)))
    event = give_to(session, act, ticket, wanted, said) or event
    if event is not None:
        history.touch(ticket, act)
    return Assigned(ticket, event, reason)


def must_let_go(ticket: TicketRow, given: Mapping[str, str | None], plan: Plan) -> bool:
    """Say whether whoever has a ticket that moves is not in its new group."""
    if "assignee_id" in given or ticket.assignee_id is None or plan.stays is None:
        return False
    return ticket.group_id is not None and ticket.assignee_id not in plan.stays


def move_to_group(
    session: AsyncSession,
    act: Act,
    ticket: TicketRow,
    given: Mapping[str, str | None],
    note: str | None,
) -> Event | None:
    """Give a ticket that is held to a group, and record that if it is another one."""
    if "group_id" not in given or given["group_id"] == ticket.group_id:
        return None
    before, ticket.group_id = ticket.group_id, given["group_id"]
    ticket.reassignment_count += 1
    return history.record(
        session,
        ticket,
        act,
        EventKind.GROUP_CHANGED,
        field="groupId",
        before=before,
        after=ticket.group_id,
        note=note,
    )


def give_to(
    session: AsyncSession,
    act: Act,
    ticket: TicketRow,
    given: Mapping[str, str | None],
    note: str | None,
) -> Event | None:
    """Give a ticket that is held to a person, and record that if it is another one."""
    if "assignee_id" not in given or given["assignee_id"] == ticket.assignee_id:
        return None
    before, ticket.assignee_id = ticket.assignee_id, given["assignee_id"]
    return history.record(
        session,
        ticket,
        act,
        EventKind.ASSIGNEE_CHANGED,
        field="assigneeId",
        before=before,
        after=ticket.assignee_id,
        note=note,
    )
