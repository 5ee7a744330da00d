"""Giving a ticket to a group and a person."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets import policy
from subgraphs.tickets.models import LONGEST_NOTES, EventKind, EventRow, TicketRow
from subgraphs.tickets.service import history, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.lock import take
from subgraphs.tickets.service.people import People


async def check_assignment(people: People, given: Mapping[str, str | None]) -> None:
    """Check a group's and an assignee's id before anything is opened.

    Raises:
        RejectedError: INVALID for the group, or what `People.assignee` says.

    """
    texts.foreign_id(given.get("group_id"), "grp", "groupId", "group")
    assignee = given.get("assignee_id")
    if assignee is not None:
        await people.assignee(assignee)


async def assign_ticket(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    given: Mapping[str, str | None],
    *,
    note: str | None = None,
) -> tuple[TicketRow, EventRow | None]:
    """Give a ticket to the group and the person given, None taking it away.

    A change of the group counts as a reassignment, from none and to none as well; a
    change of the assignee alone does not.

    Raises:
        RejectedError: what `take` says, or a note that cannot be kept.

    """
    ticket = await take(session, act, ticket_id, expected_version, policy.can_work)
    note = texts.prose(note, "note", LONGEST_NOTES)
    event = None
    if "group_id" in given and given["group_id"] != ticket.group_id:
        before, ticket.group_id = ticket.group_id, given["group_id"]
        ticket.reassignment_count += 1
        event = history.record(
            session,
            ticket,
            act,
            EventKind.GROUP_CHANGED,
            field="groupId",
            before=before,
            after=ticket.group_id,
            note=note,
        )
    if "assignee_id" in given and given["assignee_id"] != ticket.assignee_id:
        before, ticket.assignee_id = ticket.assignee_id, given["assignee_id"]
        event = history.record(
            session,
            ticket,
            act,
            EventKind.ASSIGNEE_CHANGED,
            field="assigneeId",
            before=before,
            after=ticket.assignee_id,
            note=note,
        )
    if event is not None:
        history.touch(ticket, act)
    return ticket, event
